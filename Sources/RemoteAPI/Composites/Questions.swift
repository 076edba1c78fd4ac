internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service

/// Calls of the catalogue's operations that together answer one composed call, asked at once where none needs another.
final class Questions: Sendable {
  /// One of them.
  struct Question: Sendable {
    let tool: String
    let arguments: JSONObject

    init(_ tool: String, _ arguments: JSONObject) {
      self.tool = tool
      self.arguments = arguments
    }
  }

  /// The payload, or why there is none.
  typealias Reply = Result<JSONObject, ServiceError>

  private let pathbound: any Backend
  private let owlbound: any Backend
  private let call: Call
  private let pool: WorkerPool
  private let credits = Monitor<Int?>(nil)

  /// Questions on behalf of a call.
  init(pathbound: any Backend, owlbound: any Backend, for call: Call, pool: WorkerPool) {
    self.pathbound = pathbound
    self.owlbound = owlbound
    self.call = call
    self.pool = pool
  }

  /// What the answers so far have cost; nil when nothing said so.
  var creditsUsed: Int? { credits.withLock { $0 } }

  /// The composed call's arguments.
  var arguments: JSONObject { call.arguments }

  /// Asks all at once, the first on the calling thread; the replies come in the order of the questions.
  func ask(_ questions: [Question]) -> [Reply] {
    guard let first = questions.first else { return [] }
    let replies = Monitor([Reply?](repeating: nil, count: questions.count))
    for (position, question) in questions.enumerated().dropFirst() {
      pool.run { [self] in
        let reply = answer(question)
        replies.withLock { $0[position] = reply }
        replies.notify()
      }
    }
    let reply = answer(first)
    replies.withLock { $0[0] = reply }
    return replies.wait { replies in replies.contains { $0 == nil } ? nil : replies.compactMap { $0 } } ?? []
  }

  private func answer(_ question: Question) -> Reply {
    Result { () throws(ServiceError) in
      guard let operation = Catalogue.operation(named: question.tool) else {
        throw ServiceError(.internal, "The catalogue has no \(question.tool).")
      }
      if call.control?.isCancelled == true { throw ServiceError(.cancelled, "The call was withdrawn.") }
      let arguments: JSONObject
      do throws(ValidationFailure) {
        arguments = try operation.validator.validate(question.arguments)
      } catch {
        throw ServiceError(error)
      }
      let backend = operation.platform == .owlbound ? owlbound : pathbound
      var payload = JSONWriter(capacity: 4096)
      let receipt = try backend.read(
        Call(operation: operation, arguments: arguments, caller: call.caller, control: call.control), into: &payload)
      if let used = receipt.creditsUsed { credits.withLock { $0 = ($0 ?? 0) + used } }
      guard let value = try? JSONValue(parsing: payload.finish()), case .object(let members) = value else {
        throw ServiceError(.internal, "\(question.tool) answered with something that is no JSON object.")
      }
      return members
    }
  }
}
