internal import JSONRPC

extension Method {
  /// Wants to hear of a resource's changes (up to 2025-11-25, server/resources).
  static let subscribe = Method(name: "resources/subscribe", eras: .legacy, capability: .watching) {
    session, call throws(RPCError) in
    let request = try ResourceRequest(call)
    guard let host = session.offers.resources else { throw .methodNotFound("resources/subscribe") }
    let reply = Reply<Void>(call) { _, _ in }
    guard let subscription = try session.subscriptions.subscribe(to: request.uri) else { return reply.succeed(()) }
    let subscriptions = session.subscriptions
    host.watch(request, onChange: { subscription.changed() }) { result in
      switch result {
      case .success(let watch):
        subscription.take(watch)
        reply.succeed(())
        subscriptions.begin(subscription)
      case .failure(let refusal):
        subscriptions.unsubscribe(from: request.uri)
        reply.call.reject(refusal.error(request.uri, revision: reply.call.revision))
      }
    }
    session.open(reply)
  }

  /// Wants to hear no more of it; as often as one likes.
  static let unsubscribe = Method(name: "resources/unsubscribe", eras: .legacy, capability: .watching) {
    session, call throws(RPCError) in
    session.subscriptions.unsubscribe(from: try ResourceRequest(call).uri)
    call.responder.result()
  }
}
