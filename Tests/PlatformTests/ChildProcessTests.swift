import Platform
import Testing

@Suite struct ChildProcessTests {
  @Test("what is written to a child comes back through it")
  func echo() throws {
    let child = try ChildProcess.start("/bin/cat", arguments: [])
    let text = Array("hello\n".utf8)
    try text.withUnsafeBytes { try child.input.writeAll($0) }
    child.input.close()
    var received = [UInt8](repeating: 0, count: 64)
    let count = try received.withUnsafeMutableBytes { try child.output.read(into: $0) }
    #expect(Array(received[..<count]) == text)
    #expect(child.waitForExit() == 0)
    child.output.close()
  }

  @Test("the exit status and the environment given to a child are its own")
  func status() throws {
    let child = try ChildProcess.start("/bin/sh", arguments: ["-c", "exit $CODE"], environment: ["CODE=7"])
    #expect(child.waitForExit() == 7)
    child.input.close()
    child.output.close()
  }

  @Test("a child that is told to end ends by that signal")
  func terminate() throws {
    let child = try ChildProcess.start("/bin/cat", arguments: [])
    child.terminate()
    #expect(child.waitForExit() == 128 + 15)
    child.input.close()
    child.output.close()
  }

  @Test("a program that is not there is an error")
  func missing() {
    #expect(throws: SystemError.self) { try ChildProcess.start("/no/such/program", arguments: []) }
  }
}
