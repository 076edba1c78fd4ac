extension Handlers {
  static let pathboundActions: [String: Handler] = [:]
}
