internal import Platform

// Started by bound-mcp, with which it speaks over its standard input and output.
if let (input, output) = try? Descriptor.takeStandardStreams() {
  let transfers = Transfers(output: output)
  transfers.greet()
  Thread.start("requests") {
    transfers.takeRequests(from: input)
    // Nobody is left who wants an answer.
    Environment.exit(0)
  }
  transfers.run()
}
Environment.exit(1)
