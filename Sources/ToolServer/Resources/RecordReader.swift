internal import JSON
internal import JSONSchema
internal import MCP
internal import Operations
internal import Service

/// Reads through the service, with all its policies, for what is no tool call: resources, prompts, completion.
final class RecordReader: Sendable {
  private let service: CallService
  private let selection: ToolSelection
  private let session: String
  private let onRead: @Sendable () -> Void

  /// - Parameter onRead: runs after each read; see ``ToolCallHost``.
  init(
    service: CallService, selection: ToolSelection, session: String, onRead: @escaping @Sendable () -> Void
  ) {
    self.service = service
    self.selection = selection
    self.session = session
    self.onRead = onRead
  }

  /// Whether a call of the operation may be made at all.
  func isOffered(_ operation: Operation) -> Bool { selection.isCallable(operation) }

  /// Whether its platform is among those whose tools are shown.
  func isShown(_ platform: Platform) -> Bool { selection.shows(platform) }

  /// Whether the local workspace answers it, so that its changes can be watched.
  func isLocal(_ operation: Operation) -> Bool { selection.isLocal(operation) }

  /// Reads; on the thread that takes requests, and answers there if that takes no time.
  ///
  /// - Parameters:
  ///   - reply: what it is read for.
  ///   - completion: runs once, on any thread.
  func read<Answer>(
    _ operation: Operation, _ arguments: JSONObject, for client: ClientInfo, _ reply: Reply<Answer>,
    completion: @escaping @Sendable (Result<[UInt8], ServiceError>) -> Void
  ) {
    let call: Call
    do {
      call = try self.call(operation, arguments, for: client).controlled(by: ReadControl(reply: reply))
    } catch {
      return completion(.failure(error))
    }
    read(call, completion: completion)
  }

  /// Reads as ``read(_:_:for:completion:)`` does.
  func read(_ call: Call, completion: @escaping @Sendable (Result<[UInt8], ServiceError>) -> Void) {
    guard service.isImmediate(call) else {
      return service.submit(call) { [onRead] result in
        completion(result.map(\.payload))
        onRead()
      }
    }
    completion(Result { () throws(ServiceError) in try readNow(call) })
    onRead()
  }

  private func readNow(_ call: Call) throws(ServiceError) -> [UInt8] {
    var payload = JSONWriter(capacity: 4096, sanitizing: true)
    _ = try service.read(call, into: &payload)
    return payload.finish()
  }

  /// Reads once more on the calling thread what was read before; neither counted nor charged.
  func look(_ call: Call) throws(ServiceError) -> [UInt8] {
    var payload = JSONWriter(capacity: 4096, sanitizing: true)
    try service.look(call, into: &payload)
    return payload.finish()
  }

  /// The call with its arguments checked.
  func call(
    _ operation: Operation, _ arguments: JSONObject, for client: ClientInfo
  ) throws(ServiceError) -> Call {
    if let refusal = selection.denial(of: operation)?.refusal(of: operation) { throw refusal }
    let normal: JSONObject
    do {
      normal = try operation.validator.validate(arguments)
    } catch {
      throw ServiceError(error)
    }
    return Call(
      operation: operation, arguments: normal, caller: Caller(client: client.name, session: session), control: nil)
  }
}

/// The reply to what is no tool call, as the service sees it.
private struct ReadControl<Answer: Sendable>: CallControl {
  let reply: Reply<Answer>

  var isCancelled: Bool { reply.isCancelled }

  func onCancel(_ handler: @escaping @Sendable () -> Void) { reply.onCancel(handler) }

  func progress(_ done: Double, total: Double?, message: String?) {}

  func waitForRoom() { reply.waitForRoom() }
}
