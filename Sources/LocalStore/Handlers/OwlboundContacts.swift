extension Handlers {
  static let owlboundContacts: [String: Handler] = [:]
}
