internal import JSON

extension Method {
  /// What the server speaks and offers (2026-07-28, server/discover).
  ///
  /// Changes nothing, at any time.
  static let discover = Method(name: "server/discover", eras: .modern, capability: nil) { session, call in
    let revision = call.caller.revision
    call.responder.result { writer in
      writer.key("supportedVersions")
      writer.value(.array(Revision.supportedNames.map { .string($0) }))
      writer.key("capabilities")
      writer.value(session.offers.capabilities(in: revision))
      if let instructions = session.info.instructions {
        writer.key("instructions")
        writer.string(instructions)
      }
      CacheHint.everyone(session.wire.options.listLifetime).write(to: &writer, revision: revision)
    }
  }
}
