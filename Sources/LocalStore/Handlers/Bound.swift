extension Handlers {
  static let bound: [String: Handler] = [:]
}
