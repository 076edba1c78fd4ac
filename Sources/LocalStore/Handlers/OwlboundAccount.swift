extension Handlers {
  static let owlboundAccount: [String: Handler] = [:]
}
