extension Handlers {
  static let owlboundProfiles: [String: Handler] = [:]
}
