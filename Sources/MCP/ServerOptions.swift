public import JSONRPC

/// Limits and times of a server; the defaults are for use, others for tests.
public struct ServerOptions: Sendable {
  /// The longest line in bytes that is read.
  public var lineLimit = 8 << 20
  /// The deepest nesting of arrays and objects in a message.
  public var nestingLimit = 128
  /// The longest text of one result in bytes; what exceeds it is cut, and the text says so.
  public var textLimit = 256 << 10
  /// How many bytes of answers may wait for the client before no further requests are read.
  public var crowdedSize = 4 << 20
  /// How many calls may be open before no further requests are read.
  public var openCallLimit = 1024
  /// How many questions to the person may be open.
  public var openQuestionLimit = 32
  /// How long a person may take to answer, in milliseconds.
  public var questionPatience: UInt64 = 300_000
  /// How long a client may keep a list, in milliseconds.
  public var listLifetime: Int64 = 300_000
  /// How long a call may take, in milliseconds; TypeScript clients give up at 60 s.
  public var callDeadline: UInt64 = 60_000
  /// The text of the result of a call that took longer.
  public var overdueText = "The call was stopped because it took too long. What it had not saved by then was not done."
  /// The text of the result of a call that was still running when the server had to end.
  public var endingText = "The call was stopped because the server ends. What it had not saved by then was not done."
  /// The shortest time between two progress messages of one call, in milliseconds.
  public var progressInterval: UInt64 = 100
  /// How long open calls may go on after the end of input, in milliseconds.
  public var drainTime: UInt64 = 1_000
  /// How long open calls may go on after a signal, in milliseconds; some clients send a second one 100 ms later.
  public var signalDrainTime: UInt64 = 50
  /// The longest way from a signal to the end, and how long a client may take no answers after the end of input.
  public var endingLimit: UInt64 = 1_500
  /// Sees every line in both directions; nil for nobody.
  public var tap: (any Tap)?

  /// The defaults.
  public init() {}
}
