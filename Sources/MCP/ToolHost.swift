public import JSON

/// What the tools are and what they do.
public protocol ToolHost: Sendable {
  /// Writes the tools as one JSON array, the same bytes every time.
  func writeToolList(_ form: ToolListForm, into writer: inout JSONWriter)

  /// Whether there is a tool of that name that may be called.
  func hasTool(_ name: String) -> Bool

  /// Does the call, or sees to it that it is done.
  ///
  /// Runs on the thread that reads requests and must return soon: either with the reply answered, or with the reply
  /// kept, to be answered from any thread. A reply that is dropped without an answer answers with an internal error.
  /// A call that has asked its client comes again with the answers, once, and on another thread if there are none.
  func call(_ request: ToolRequest, reply: ToolReply)

  /// All requests that arrived together have been handed over: what was gathered from them can be done now.
  ///
  /// Runs on the same thread; replies that are answered before it returns leave in one write.
  func endOfBatch()
}

extension ToolHost {
  /// Nothing was gathered.
  public func endOfBatch() {}
}

/// Which members a client knows in the definition of a tool.
public enum ToolListForm: Sendable, Hashable, CaseIterable {
  /// With `outputSchema`: from 2025-06-18 on.
  case full
  /// Without `outputSchema`: before.
  case withoutOutputSchemas
}

/// A call of a tool that exists.
public struct ToolRequest: Sendable {
  /// Which tool.
  public let name: String
  /// With what; not validated.
  public let arguments: JSONObject
  /// What became of a question that this call has asked before; nil when it has not.
  public let answers: Answers?
  private let caller: Caller

  /// What the client speaks.
  public var revision: Revision { caller.revision }

  /// What the client can do; read anew each time.
  public var capabilities: ClientCapabilities {
    caller.isReady ? ClientCapabilities(caller.capabilities, revision: caller.revision) : .none
  }

  /// What the client calls itself; unchecked, so for records only; read anew each time.
  public var client: ClientInfo { ClientInfo(caller.info) }

  init(name: String, arguments: JSONObject, caller: Caller, answers: Answers?) {
    self.name = name
    self.arguments = arguments
    self.caller = caller
    self.answers = answers
  }

  /// The same call, with what became of its question.
  func answered(_ answers: Answers) -> ToolRequest {
    ToolRequest(name: name, arguments: arguments, caller: caller, answers: answers)
  }
}
