import JSON

/// `integer` with `minimum` and `maximum`.
struct IntegerRule: Rule {
  let minimum: Int64?
  let maximum: Int64?

  var expectation: String { "an integer" + bounds(minimum, maximum) }

  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue? {
    guard let integer = value.integerValue, integer >= minimum ?? .min, integer <= maximum ?? .max else {
      refuse(value, &report)
      return nil
    }
    // `20.0` is the integer 20 (JSON Schema, validation 6.1.1).
    if case .number = value { return .integer(integer) }
    return nil
  }
}

/// `number` with `minimum` and `maximum`.
struct NumberRule: Rule {
  let minimum: Double?
  let maximum: Double?

  var expectation: String { "a number" + bounds(minimum.map(plain), maximum.map(plain)) }

  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue? {
    guard let number = value.doubleValue, number >= minimum ?? number, number <= maximum ?? number else {
      refuse(value, &report)
      return nil
    }
    return nil
  }
}

/// `boolean`.
struct BooleanRule: Rule {
  var expectation: String { "true or false" }

  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue? {
    if case .bool = value { return nil }
    refuse(value, &report)
    return nil
  }
}

private func bounds<Bound>(_ minimum: Bound?, _ maximum: Bound?) -> String {
  switch (minimum, maximum) {
  case (nil, nil): ""
  case (let least?, nil): " of at least \(least)"
  case (nil, let most?): " of at most \(most)"
  case (let least?, let most?): " from \(least) to \(most)"
  }
}

private func plain(_ number: Double) -> String { Int64(exactly: number).map { "\($0)" } ?? "\(number)" }
