extension Handlers {
  static let pathboundAgents: [String: Handler] = [:]
}
