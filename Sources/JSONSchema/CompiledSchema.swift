public import JSON

/// A schema made ready to check values with: compiled once, used on every call.
///
/// Checking also normalises: absent members get their defaults, objects and arrays that came as JSON texts are decoded
/// where one is wanted, null counts as absent (in an open object it is kept: there null means "remove"), a number
/// without fraction becomes an integer where an integer is wanted, and a mailbox loses the blanks around it. A value that needs none of this is given back as it
/// came, without a copy. Nothing else is converted: `"20"` is not a number.
public final class CompiledSchema: Sendable {
  private let root: ObjectRule

  /// Compiles a schema.
  ///
  /// - Precondition: its kind is object, patterns are valid, and no object has more than 64 members.
  public init(_ schema: Schema) {
    guard case .object(let properties, let isOpen) = schema.kind else {
      preconditionFailure("only an object has named arguments")
    }
    root = ObjectRule(properties, isOpen: isOpen)
  }

  /// Checks arguments.
  ///
  /// - Returns: the arguments in normal form.
  /// - Throws: what is wrong, the first few violations; paths begin at the arguments.
  public func validate(_ arguments: JSONObject) throws(ValidationFailure) -> JSONObject {
    var report = Report()
    let normal = root.check(members: arguments, &report)
    guard report.violations.isEmpty else { throw ValidationFailure(violations: report.violations) }
    return normal ?? arguments
  }

  /// Checks an object that lies below others.
  ///
  /// - Parameter prefix: the JSON Pointer of the object, e.g. `/params`, put in front of each violation's path.
  public func validate(_ members: JSONObject, below prefix: String) throws(ValidationFailure) -> JSONObject {
    do {
      return try validate(members)
    } catch {
      throw ValidationFailure(
        violations: error.violations.map { Violation(path: prefix + $0.path, message: $0.message) })
    }
  }
}
