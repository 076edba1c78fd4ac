internal import JSON
public import JSONRPC
public import Platform

/// Work that goes on after its call was answered, under an id that the client asks for later (tasks extension).
public protocol TaskHost: Sendable {
  /// Tells how a task stands; refuses an id that is unknown.
  func task(_ id: String, reply: Reply<TaskSnapshot>)

  /// Takes answers to what a task has asked; unknown keys and late answers change nothing.
  func update(_ id: String, _ answers: Answers, reply: Reply<Void>)

  /// Sees to it that a task ends soon, if it has not; returns before it does.
  func cancel(_ id: String, reply: Reply<Void>)
}

/// How a task stands.
public struct TaskSnapshot: Sendable {
  /// The five states of a task.
  public enum Status: String, Sendable {
    /// It goes on.
    case working
    /// It waits for answers.
    case inputRequired = "input_required"
    /// It has a result, which may tell of an error.
    case completed
    /// It ended with an error of the protocol.
    case failed
    /// It was ended at the client's wish.
    case cancelled
  }

  /// What came of it.
  public enum Outcome: Sendable {
    /// A tool's result: one JSON object, made by a writer that neutralises texts.
    case payload([UInt8], isError: Bool)
    /// An error of the protocol.
    case error(RPCError)
  }

  /// Unguessable.
  public let id: String
  /// The state.
  public let status: Status
  /// What goes on, for people; nil when there is nothing to say.
  public let message: String?
  /// When the task was made.
  public let created: Timestamp
  /// When anything about it has changed last.
  public let updated: Timestamp
  /// For how many milliseconds it is kept.
  public let lifetime: Int64
  /// After how many milliseconds it is worth asking again.
  public let pollInterval: Int64
  /// What came of it; nil while it goes on, and when it was cancelled.
  public let outcome: Outcome?
  /// What it waits for.
  public let questions: [Question]

  /// Describes a task.
  public init(
    id: String, status: Status, message: String? = nil, created: Timestamp, updated: Timestamp, lifetime: Int64,
    pollInterval: Int64, outcome: Outcome? = nil, questions: [Question] = []
  ) {
    self.id = id
    self.status = status
    self.message = message
    self.created = created
    self.updated = updated
    self.lifetime = lifetime
    self.pollInterval = pollInterval
    self.outcome = outcome
    self.questions = questions
  }
}

extension TaskSnapshot {
  /// The extension's name among capabilities.
  static let extensionName = "io.modelcontextprotocol/tasks"

  /// The error for clients that have not declared the extension.
  public static let missingExtension = RPCError(
    .missingClientCapability, "This needs tasks, and the client has not declared that it knows them.",
    data: ["requiredCapabilities": ["extensions": .object([extensionName: [:]])]])

  /// Writes the members of the task, all on one level.
  func write(to writer: inout JSONWriter, textLimit: Int) {
    writer.key("taskId")
    writer.string(id)
    writer.key("status")
    writer.string(status.rawValue)
    if let message {
      writer.key("statusMessage")
      writer.string(message.abbreviated(to: 200))
    }
    writer.key("createdAt")
    writer.string(created.iso8601)
    writer.key("lastUpdatedAt")
    writer.string(updated.iso8601)
    writer.key("ttlMs")
    writer.integer(lifetime)
    writer.key("pollIntervalMs")
    writer.integer(pollInterval)
    if !questions.isEmpty {
      writer.key("inputRequests")
      writer.beginObject()
      for question in questions {
        writer.key(question.key)
        writer.append("{")
        question.write(to: &writer, revision: .july2026)
        writer.append("}")
      }
      writer.endObject()
    }
    switch outcome {
    case .payload(let payload, let isError)?: Self.write(payload, isError, textLimit, to: &writer)
    case .error(let error)?:
      writer.key("error")
      error.permitted(in: .july2026).write(to: &writer)
    case nil: break
    }
  }

  /// A result within a task says that it is complete as one outside does, as its schema requires.
  private static func write(_ payload: [UInt8], _ isError: Bool, _ limit: Int, to writer: inout JSONWriter) {
    writer.append(",\"result\":{\"resultType\":\"complete\",\"content\":[")
    payload.withUnsafeBytes { writer.textBlock(escaping: $0, limit: limit) }
    writer.append("]")
    if isError {
      writer.append(",\"isError\":true")
    } else {
      writer.append(",\"structuredContent\":")
      writer.append(payload)
    }
    writer.append("}")
  }
}

extension ToolReply {
  /// Answers that the work goes on as a task, which must be stored by now; the client must know tasks
  /// (``ClientCapabilities/knowsTasks``).
  public func become(_ task: TaskSnapshot) {
    answer(type: "task") { task.write(to: &$0, textLimit: 0) }
  }
}
