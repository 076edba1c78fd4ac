import JSON

/// `items`, `minItems`, `maxItems`.
struct ArrayRule: Rule {
  private let item: any Rule
  private let minItems: Int?
  private let maxItems: Int?
  private let acceptsSingleItem: Bool

  init(items: Schema, minItems: Int?, maxItems: Int?, acceptsSingleItem: Bool) {
    item = rule(for: items)
    self.minItems = minItems
    self.maxItems = maxItems
    self.acceptsSingleItem = acceptsSingleItem
  }

  var expectation: String {
    switch (minItems, maxItems) {
    case (nil, nil): "an array"
    case (let least?, nil): "an array of at least \(least)"
    case (nil, let most?): "an array of at most \(most)"
    case (let least?, let most?): "an array of \(least) to \(most)"
    }
  }

  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue? {
    switch value {
    case .array(let items): return check(items: items, &report).map { .array($0) }
    case .string(let text):
      guard case .array(let items)? = embeddedJSON(in: text) else { break }
      return .array(check(items: items, &report) ?? items)
    default: break
    }
    guard acceptsSingleItem, !value.isNull else {
      refuse(value, &report)
      return nil
    }
    return .array([item.check(value, &report) ?? value])
  }

  private func check(items: [JSONValue], _ report: inout Report) -> [JSONValue]? {
    if items.count < minItems ?? 0 || items.count > maxItems ?? .max {
      report.add("Must be \(expectation), not of \(items.count).")
      return nil
    }
    var normal: [JSONValue]?
    for (position, value) in items.enumerated() {
      guard !report.isFull else { return nil }
      let before = report.violations.count
      if let replacement = item.check(value, &report) {
        normal = normal ?? items
        normal?[position] = replacement
      }
      report.locate("\(position)", since: before)
    }
    return normal
  }
}

/// The object or array in a text: some clients send JSON arguments twice encoded.
func embeddedJSON(in text: String) -> JSONValue? {
  let first = text.utf8.first { $0 > UInt8(ascii: " ") }
  guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return nil }
  return try? JSONValue(parsing: text)
}
