extension Handlers {
  static let pathboundContacts: [String: Handler] = [:]
}
