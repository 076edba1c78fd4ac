extension Method {
  /// Is anybody there? The answer is empty (2025-11-25, ping).
  static let ping = Method(name: "ping", eras: .legacy, capability: nil) { _, call in
    call.responder.result()
  }
}
