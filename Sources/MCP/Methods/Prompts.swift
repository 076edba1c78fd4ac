internal import JSON
internal import JSONRPC

extension Method {
  /// The prompts (2026-07-28, server/prompts).
  static let listPrompts = Method(name: "prompts/list", eras: .both, capability: .prompts) {
    session, call throws(RPCError) in
    let page = try page(call) { session.offers.prompts?.promptList(after: $0) }
    call.answer(page, .everyone(session.wire.options.listLifetime)) { $0.key("prompts") }
  }

  /// One of them, filled in.
  static let getPrompt = Method(name: "prompts/get", eras: .both, capability: .prompts) {
    session, call throws(RPCError) in
    let request = try PromptRequest(call)
    let (revision, limit) = (call.caller.revision, session.wire.options.textLimit)
    let reply = Reply<Prompt>(call) { $0.write(to: &$1, revision: revision, textLimit: limit) }
    session.offers.prompts?.prompt(request, reply: reply)
    session.open(reply)
  }

  /// What may stand in an argument (2026-07-28, server/utilities/completion).
  static let complete = Method(name: "completion/complete", eras: .both, capability: .completions) {
    session, call throws(RPCError) in
    let request = try CompletionRequest(call)
    let reply = Reply<Completion>(call) { $0.write(to: &$1) }
    session.offers.completion?.complete(request, reply: reply)
    session.open(reply)
  }
}
