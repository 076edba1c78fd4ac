internal import JSON
internal import JSONRPC

extension Method {
  /// The tools, all on one page (2026-07-28, server/tools).
  static let listTools = Method(name: "tools/list", eras: [.legacy, .modern], capability: .tools) {
    session, call throws(RPCError) in
    // There is only one page, so no cursor is ours.
    if call.params.contains("cursor") { throw .invalidParameters("There is no page at this \"cursor\".") }
    let revision = call.caller.revision
    call.responder.result { writer in
      writer.key("tools")
      session.host.writeToolList(revision.hasStructuredContent ? .full : .withoutOutputSchemas, into: &writer)
      CacheHint.everyone(session.wire.options.listLifetime).write(to: &writer, revision: revision)
    }
  }
}
