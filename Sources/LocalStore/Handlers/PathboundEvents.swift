extension Handlers {
  static let pathboundEvents: [String: Handler] = [:]
}
