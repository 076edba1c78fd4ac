import JSON

/// Checks values of one kind.
protocol Rule: Sendable {
  /// What would be right, to follow "Must be".
  var expectation: String { get }

  /// Checks a value and reports what is wrong with it.
  ///
  /// - Returns: the value to use in its place; nil when it is good as it is, or wrong.
  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue?
}

extension Rule {
  /// Reports that the value is not what is expected.
  func refuse(_ value: JSONValue, _ report: inout Report) {
    report.add("Must be \(expectation), not \(phrase(for: value)).")
  }
}

/// The rule of a schema.
func rule(for schema: Schema) -> any Rule {
  switch schema.kind {
  case .object(let properties, let isOpen): ObjectRule(properties, isOpen: isOpen)
  case .array(let items, let minItems, let maxItems):
    ArrayRule(items: items, minItems: minItems, maxItems: maxItems, acceptsSingleItem: schema.acceptsSingleItem)
  case .string(let minLength, let maxLength, let pattern, let format):
    StringRule(minLength: minLength, maxLength: maxLength, pattern: pattern, format: format)
  case .enumeration(let words): EnumerationRule(words: words)
  case .integer(let minimum, let maximum): IntegerRule(minimum: minimum, maximum: maximum)
  case .number(let minimum, let maximum): NumberRule(minimum: minimum, maximum: maximum)
  case .boolean: BooleanRule()
  }
}

/// A value in a few words, repeating little of it.
func phrase(for value: JSONValue) -> String {
  switch value {
  case .null: "null"
  case .bool(let value): value ? "true" : "false"
  case .integer(let value): "\(value)"
  case .number(let value): "\(value)"
  case .string(let text): "the string \(Report.quoted(text))"
  case .array: "an array"
  case .object: "an object"
  }
}
