internal import JSON
internal import JSONRPC
internal import Synchronization

/// One client's conversation: takes each message for what it is and sees that it is served.
///
/// Both eras share the pipe. Each request is judged by itself: with an envelope it depends on nothing before it,
/// without one on the handshake. Lives on the thread that reads; only replies leave it.
final class ServerSession: MessageReceiver {
  let host: any ToolHost
  let offers: Offers
  let info: ServerInfo
  let wire: Wire
  let subscriptions: Subscriptions
  /// What a handshake has agreed on, if there was one.
  var legacy: LegacySession?
  private let ending: Ending

  init(
    host: any ToolHost, offers: Offers, info: ServerInfo, wire: Wire, subscriptions: Subscriptions, ending: Ending
  ) {
    self.host = host
    self.offers = offers
    self.info = info
    self.wire = wire
    self.subscriptions = subscriptions
    self.ending = ending
  }

  var isReceiving: Bool { !ending.isRequested }

  func receive(_ incoming: Incoming) {
    switch incoming {
    case .message(let message): receive(message, batch: nil)
    case .batch(let messages): receive(messages)
    case .unreadable(let error): refuse(nil, error, batch: nil)
    }
    guard wire.calls.isFull else { return }
    host.endOfBatch()
    wire.outbox.flush()
    wire.calls.waitForRoom()
  }

  func endOfBatch() { host.endOfBatch() }

  private func receive(_ messages: [Message]) {
    guard let legacy, legacy.revision.hasBatches else {
      return refuse(nil, .invalidRequest("An array is not a message; send one message per line."), batch: nil)
    }
    if messages.isEmpty { return refuse(nil, .invalidRequest("The array is empty."), batch: nil) }
    let batch = BatchReply(count: messages.count(where: \.isAnswered), outbox: wire.outbox)
    for message in messages { receive(message, batch: batch) }
  }

  private func receive(_ message: Message, batch: BatchReply?) {
    switch message {
    case .request(let request): take(request, batch: batch)
    case .notification(let notification): take(notification)
    case .invalid(let id, let error): refuse(id, error, batch: batch)
    case .response(let response): wire.questions.take(response)
    case .ignored: break
    }
  }

  private func take(_ request: Request, batch: BatchReply?) {
    do throws(RPCError) {
      if wire.calls.contains(request.id) || subscriptions.contains(request.id) {
        throw RPCError.invalidRequest("A request with this id is still running.")
      }
      try dispatch(request, batch: batch)
    } catch {
      responder(request.id, legacy?.revision ?? .newestLegacy, batch).reject(error)
    }
  }

  private func responder(_ id: RequestID, _ revision: Revision, _ batch: BatchReply?) -> Responder {
    Responder(id: id, revision: revision, batch: batch, wire: wire)
  }

  /// Answers what was no request, or none with an id.
  private func refuse(_ id: RequestID?, _ error: RPCError, batch: BatchReply?) {
    if let id { return responder(id, legacy?.revision ?? .newestLegacy, batch).reject(error) }
    let write: (inout JSONWriter) -> Void = { writer in
      writer.raw("{\"jsonrpc\":\"2.0\",\"error\":")
      error.write(to: &writer)
      writer.endObject()
    }
    if let batch { batch.add(write) } else { wire.outbox.append(write) }
  }
}

// Which era a request belongs to.
extension ServerSession {
  private func dispatch(_ request: Request, batch: BatchReply?) throws(RPCError) {
    let params = try parameters(of: request)
    var meta = RequestMeta()
    if case .object(let members)? = params["_meta"] { meta = RequestMeta(members) }
    if meta.isEnvelope {
      try serveModern(request, params, meta, batch)
    } else if request.method == Method.initialize.name {
      try Method.initialize.run(self, call(request, params, nil, handshakeCaller, batch))
    } else if let caller = legacy?.caller {
      legacy?.isInUse = true
      try serve(request, params, meta.progressToken, caller, batch)
    } else if request.method == Method.ping.name {
      try serve(request, params, nil, handshakeCaller, batch)
    } else {
      throw RequestMeta.missing
    }
  }

  private func parameters(of request: Request) throws(RPCError) -> JSONObject {
    switch request.params {
    case nil: JSONObject()
    case .object(let members)?: members
    default: throw .invalidParameters("\"params\" must be an object.")
    }
  }

  /// A modern request's errors are its own era's, whatever the handshake was.
  private func serveModern(
    _ request: Request, _ params: JSONObject, _ meta: RequestMeta, _ batch: BatchReply?
  ) throws(RPCError) {
    do throws(RPCError) {
      try serve(request, params, meta.progressToken, try meta.caller(), batch)
    } catch {
      responder(request.id, .july2026, batch).reject(error)
    }
  }

  private func serve(
    _ request: Request, _ params: JSONObject, _ token: RequestID?, _ caller: Caller, _ batch: BatchReply?
  ) throws(RPCError) {
    guard let method = Method.named(request.method, isModern: caller.revision.isModern) else {
      throw .methodNotFound(request.method)
    }
    if let capability = method.capability, !offers.serves(capability) { throw .methodNotFound(request.method) }
    try method.run(self, call(request, params, token, caller, batch))
  }

  private func call(
    _ request: Request, _ params: JSONObject, _ token: RequestID?, _ caller: Caller, _ batch: BatchReply?
  ) -> MethodCall {
    MethodCall(
      params: params, progressToken: token, caller: caller,
      responder: responder(request.id, caller.revision, batch))
  }

  /// Who asks while no revision is agreed on.
  private var handshakeCaller: Caller {
    Caller(revision: .newestLegacy, info: nil, capabilities: JSONObject())
  }
}

extension Message {
  /// Whether it gets an answer, if it is not cancelled.
  fileprivate var isAnswered: Bool {
    switch self {
    case .request, .invalid: true
    case .notification, .response, .ignored: false
    }
  }
}
