internal import JSON
internal import JSONSchema
internal import Operations
internal import Platform
internal import Service
internal import Templates

/// One thing that facts can be asked to fulfil: `{"field": "data.amount", "op": "gte", "value": 1000000}`.
///
/// A field is a path of names with dots between them; what is not there fulfils only the operators that deny something.
/// Texts are compared without case; a list fulfils what one of its values does.
struct Condition: Sendable {
  private let path: [String]
  private let comparison: ConditionOperator
  /// Lower case where it is text; a list for `in` and `not_in`.
  private let value: JSONValue

  /// Where the facts of a field come from.
  typealias Facts = (_ path: [String]) throws(ServiceError) -> JSONValue?

  /// Reads a list of conditions.
  ///
  /// - Parameters:
  ///   - path: the JSON Pointer of the list, for errors.
  ///   - roots: what a field may begin with.
  static func list(_ value: JSONValue?, at path: String, roots: [String]) throws(ServiceError) -> [Condition] {
    var conditions: [Condition] = []
    for (position, item) in (value?.arrayValue ?? []).enumerated() {
      conditions.append(try Condition(item, at: "\(path)/\(position)", roots: roots))
    }
    return conditions
  }

  private init(_ json: JSONValue, at path: String, roots: [String]) throws(ServiceError) {
    guard let members = json.objectValue else {
      throw .invalid(path, "A condition is an object: {\"field\": \"\(roots[0])\", \"op\": \"equals\", \"value\": …}.")
    }
    for (key, _) in members where !["field", "op", "value"].contains(key) {
      throw .invalid("\(path)/\(key.prefix(64))", "A condition has field, op and value, and nothing else.")
    }
    guard let field = members["field"]?.stringValue, field.utf8.count <= 200 else {
      throw .invalid("\(path)/field", "field must name what is looked at; it begins with \(Self.words(roots)).")
    }
    self.path = field.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard roots.contains(self.path[0]), !self.path.contains("") else {
      let hint = Nearest.name(to: self.path[0], among: roots).map { " Did you mean \"\($0)\"?" } ?? ""
      throw .invalid("\(path)/field", "field begins with \(Self.words(roots)).\(hint)")
    }
    let names = ConditionOperator.allCases.map(\.rawValue)
    guard let name = members["op"]?.stringValue, let comparison = ConditionOperator(rawValue: name) else {
      throw .invalid("\(path)/op", "op is one of \(names.joined(separator: ", ")).")
    }
    self.comparison = comparison
    value = try Self.operand(members["value"], of: comparison, at: "\(path)/value")
  }

  private static func words(_ roots: [String]) -> String { roots.joined(separator: ", ") }

  private static func operand(
    _ value: JSONValue?, of comparison: ConditionOperator, at path: String
  ) throws(ServiceError) -> JSONValue {
    let name = comparison.rawValue
    switch comparison {
    case .exists, .missing:
      guard value?.isNull ?? true else { throw .invalid(path, "\(name) takes no value.") }
      return .null
    case .isIn, .notIn:
      guard let items = value?.arrayValue, (1...100).contains(items.count), items.allSatisfy(isScalar) else {
        throw .invalid(path, "\(name) takes a list of 1 to 100 texts, numbers or booleans.")
      }
      return .array(items.map(folded))
    case .greater, .atLeast, .less, .atMost:
      guard let value, value.doubleValue != nil else { throw .invalid(path, "\(name) takes a number.") }
      return value
    case .startsWith, .endsWith:
      guard let value, value.stringValue?.isEmpty == false else { throw .invalid(path, "\(name) takes a text.") }
      return folded(value)
    case .equals, .notEquals, .contains, .notContains:
      guard let value, isScalar(value) else { throw .invalid(path, "\(name) takes a text, a number or a boolean.") }
      return folded(value)
    }
  }

  private static func isScalar(_ value: JSONValue) -> Bool {
    switch value {
    case .string, .integer, .number, .bool: true
    default: false
    }
  }

  private static func folded(_ value: JSONValue) -> JSONValue {
    if case .string(let text) = value { .string(text.lowercased()) } else { value }
  }
}

// MARK: - Asking

extension Condition {
  /// Whether the facts fulfil it.
  func holds(_ facts: Facts) throws(ServiceError) -> Bool {
    let fact = try facts(path)
    switch comparison {
    case .exists: return fact.map { !$0.isNull } ?? false
    case .missing: return fact.map(\.isNull) ?? true
    case .notEquals: return !isAny(fact, Self.isSame)
    case .notContains: return !isAny(fact, Self.holdsText)
    case .notIn: return !isAny(fact, Self.isAmong)
    case .equals: return isAny(fact, Self.isSame)
    case .contains: return isAny(fact, Self.holdsText)
    case .isIn: return isAny(fact, Self.isAmong)
    case .startsWith: return isAny(fact, Self.begins)
    case .endsWith: return isAny(fact, Self.ends)
    case .greater: return isAny(fact) { fact, value in Self.numbers(fact, value) { $0 > $1 } }
    case .atLeast: return isAny(fact) { fact, value in Self.numbers(fact, value) { $0 >= $1 } }
    case .less: return isAny(fact) { fact, value in Self.numbers(fact, value) { $0 < $1 } }
    case .atMost: return isAny(fact) { fact, value in Self.numbers(fact, value) { $0 <= $1 } }
    }
  }

  private func isAny(_ fact: JSONValue?, _ test: (JSONValue, JSONValue) -> Bool) -> Bool {
    switch fact {
    case nil, .null?: false
    case .array(let items)?: items.contains { test(Self.folded($0), value) }
    case let fact?: test(Self.folded(fact), value)
    }
  }

  private static func isSame(_ fact: JSONValue, _ value: JSONValue) -> Bool {
    if let fact = fact.doubleValue, let value = value.doubleValue { return fact == value }
    return fact == value
  }

  private static func holdsText(_ fact: JSONValue, _ value: JSONValue) -> Bool {
    guard case .string(let text) = fact, case .string(let part) = value else { return isSame(fact, value) }
    return part.isEmpty || text.holds(part)
  }

  private static func isAmong(_ fact: JSONValue, _ values: JSONValue) -> Bool {
    values.arrayValue?.contains { isSame(fact, $0) } ?? false
  }

  private static func begins(_ fact: JSONValue, _ value: JSONValue) -> Bool {
    guard case .string(let text) = fact, case .string(let part) = value else { return false }
    return text.utf8.starts(with: part.utf8)
  }

  private static func ends(_ fact: JSONValue, _ value: JSONValue) -> Bool {
    guard case .string(let text) = fact, case .string(let part) = value else { return false }
    return text.utf8.count >= part.utf8.count && text.utf8.suffix(part.utf8.count).elementsEqual(part.utf8)
  }

  /// Webhooks often send numbers as text.
  private static func numbers(_ fact: JSONValue, _ value: JSONValue, _ test: (Double, Double) -> Bool) -> Bool {
    guard let number = fact.doubleValue ?? fact.stringValue.flatMap({ Double($0) }), let value = value.doubleValue
    else { return false }
    return test(number, value)
  }
}

extension [Condition] {
  /// Whether the facts fulfil all of them.
  func allHold(_ facts: Condition.Facts) throws(ServiceError) -> Bool {
    for condition in self where try !condition.holds(facts) { return false }
    return true
  }
}

extension Condition: CustomStringConvertible {
  /// The condition in words: `company equals "acme"`.
  var description: String {
    let words = comparison.rawValue.split(separator: "_").joined(separator: " ")
    let operand = value.isNull ? "" : " " + String(decoding: value.serialized(), as: UTF8.self)
    return "\(path.joined(separator: ".")) \(words)\(operand)"
  }
}
