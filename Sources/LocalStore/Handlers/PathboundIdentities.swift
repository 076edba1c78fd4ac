extension Handlers {
  static let pathboundIdentities: [String: Handler] = [:]
}
