extension Handlers {
  static let owlboundSignals: [String: Handler] = [:]
}
