public import JSONSchema

extension ServiceError {
  /// What a schema refused: the first violation in words, all of them as details.
  public init(_ failure: ValidationFailure) {
    let details = failure.violations.map { Detail(path: $0.path, message: $0.message) }
    var message = "The arguments break a rule."
    if let first = details.first {
      message = first.path.isEmpty ? first.message : "\(first.path): \(first.message)"
      if details.count > 1 { message += " (\(details.count - 1) more, see details.)" }
    }
    self.init(.validation, message, details: details)
  }
}
