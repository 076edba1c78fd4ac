internal import Platform

/// A program that sends mail as `sendmail` does: Sendmail's own, Postfix's, Exim's, msmtp and others.
///
/// It reads the recipients from the header and takes Bcc out (`-t`), and a line with a single dot does not end the
/// message (`-i`).
struct Sendmail: Sendable {
  let path: String
  var timeLimit = 60_000

  /// Hands a message over; nil when the program has taken it, else why it has not.
  func send(_ message: [UInt8], from sender: Mailbox, cancellation: Cancellation? = nil) -> String? {
    let run = ProgramRun(
      path, arguments: ["-t", "-i", "-f", sender.address], environment: ProgramCommand(path).environment,
      // The lines of a local program end with a line feed alone; it makes CRLF of that for the network.
      input: message.filter { $0 != 13 }, timeLimit: timeLimit, cancellation: cancellation)
    let ending: ProgramRun.Ending
    do {
      ending = try run.run()
    } catch {
      return
        "The program \(path) can't be started: \(error). Nothing was sent. Set --sendmail or BOUND_MCP_SENDMAIL to "
        + "a sendmail-compatible program, then queue a new action."
    }
    guard ending.cause == .exit else {
      let why = ending.cause == .cancellation ? "was ended: it was cancelled" : "took too long and was ended"
      return "The program \(path) \(why). Whether the message was sent is unknown: look into its queue before you "
        + "queue the action again."
    }
    if ending.status == 0 { return nil }
    let said = ProviderText.excerpt(
      String(decoding: ending.errors.isEmpty ? ending.output : ending.errors, as: UTF8.self))
    let what = "The program \(path) ended with status \(ending.status)" + (said.isEmpty ? "." : ": \"\(said)\".")
    // EX_TEMPFAIL: some keep the message and try later.
    return ending.status == 75
      ? "\(what) Whether it tries again later is unknown: look into its queue before you queue the action again."
      : "\(what) It did not take the message. Mend what it reports, then queue a new action."
  }
}
