internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// Checks the steps of a workflow or a sequence against what their kinds need.
struct StepDefinitions {
  private let types: [StepType]
  private let schemas: [String: CompiledSchema]

  init(_ types: [StepType]) {
    self.types = types
    schemas = Dictionary(types.map { ($0.name, CompiledSchema($0.schema)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The steps in normal form.
  ///
  /// - Throws: `VALIDATION_ERROR` that says what the kind of step needs.
  func checked(_ steps: [JSONValue]) throws(ServiceError) -> [JSONObject] {
    var checked: [JSONObject] = []
    for (position, step) in steps.enumerated() {
      checked.append(try self.checked(step.objectValue ?? [:], at: "/steps/\(position)"))
    }
    return checked
  }

  private func checked(_ step: JSONObject, at path: String) throws(ServiceError) -> JSONObject {
    guard let name = step["type"]?.stringValue, let type = types.first(where: { $0.name == name }),
      let schema = schemas[name]
    else {
      let near = step["type"]?.stringValue.flatMap { Nearest.name(to: $0, among: types.map(\.name)) }
      let hint = near.map { " Did you mean \"\($0)\"?" } ?? ""
      throw .invalid(
        "\(path)/type", "A step's type is one of \(types.map(\.signature).joined(separator: ", ")).\(hint)")
    }
    do throws(ValidationFailure) {
      return try schema.validate(step, below: path)
    } catch {
      let details = error.violations.map { ServiceError.Detail(path: $0.path, message: $0.message) }
      let first = details.first.map { "\($0.path): \($0.message) " } ?? ""
      throw ServiceError(.validation, "\(first)A step of this type is \(type.signature).", details: details)
    }
  }
}
