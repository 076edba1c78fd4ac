extension Handlers {
  static let pathboundAccount: [String: Handler] = [:]
}
