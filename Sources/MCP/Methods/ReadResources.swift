internal import JSON
internal import JSONRPC

extension Method {
  /// The resources (2026-07-28, server/resources).
  static let listResources = Method(name: "resources/list", eras: .both, capability: .resources) {
    session, call throws(RPCError) in
    let page = try page(call) { session.offers.resources?.resourceList(after: $0) }
    let hint = CacheHint.person(session.wire.options.listLifetime)
    call.answer(page, hint) { $0.key("resources") }
  }

  /// The templates of further resources.
  static let listTemplates = Method(name: "resources/templates/list", eras: .both, capability: .resources) {
    session, call throws(RPCError) in
    let page = try page(call) { session.offers.resources?.templateList(after: $0) }
    call.answer(page, .everyone(session.wire.options.listLifetime)) { $0.key("resourceTemplates") }
  }

  /// What a resource holds.
  ///
  /// Not to be kept by the client: what it has just written through a tool must show.
  static let readResource = Method(name: "resources/read", eras: .both, capability: .resources) {
    session, call throws(RPCError) in
    let request = try ResourceRequest(call)
    let revision = call.caller.revision
    let reply = Reply<[ResourceContents]>(call) { contents, writer in
      writer.key("contents")
      writer.beginArray()
      for part in contents { writer.contents(part) }
      writer.endArray()
      CacheHint.never.write(to: &writer, revision: revision)
    }
    session.offers.resources?.read(request, reply: reply)
    session.open(reply)
  }

  /// The page that a request's cursor leads to.
  static func page(_ call: MethodCall, _ find: (String?) -> ListPage?) throws(RPCError) -> ListPage {
    let found: ListPage?
    switch call.params["cursor"] {
    case nil: found = find(nil)
    case .string(let cursor)?: found = find(cursor)
    default: found = nil
    }
    guard let found else { throw .invalidParameters("There is no page at this \"cursor\".") }
    return found
  }
}

extension MethodCall {
  /// Answers with a page, under the key that the body writes.
  func answer(_ page: ListPage, _ hint: CacheHint, key: (inout JSONWriter) -> Void) {
    responder.result { writer in
      key(&writer)
      writer.raw(page.items)
      if let next = page.next {
        writer.key("nextCursor")
        writer.string(next)
      }
      hint.write(to: &writer, revision: caller.revision)
    }
  }
}

extension ServerSession {
  /// Keeps a request that was not answered at once among the open ones.
  func open<Answer>(_ reply: Reply<Answer>) {
    if reply.call.isOpen { wire.calls.add(reply.call) }
  }
}
