import JSON

/// `properties`, `required`, and what becomes of absent, null and unknown members.
struct ObjectRule: Rule {
  private let names: NameTable
  /// By the position that `names` gives.
  private let rules: [any Rule]
  /// One bit for each position.
  private let required: UInt64
  private let defaults: [Default]
  private let defaulted: UInt64
  private let isOpen: Bool

  private struct Default {
    let bit: UInt64
    let name: String
    let value: JSONValue
  }

  init(_ properties: [Schema.Property], isOpen: Bool) {
    precondition(properties.count <= UInt64.bitWidth, "a schema's object has more than 64 members")
    names = NameTable(properties.map(\.name))
    rules = properties.map { rule(for: $0.schema) }
    required = properties.enumerated().reduce(0) { $1.element.isRequired ? $0 | 1 << UInt64($1.offset) : $0 }
    defaults = properties.enumerated().compactMap { position, property in
      property.schema.defaultValue.map { Default(bit: 1 << UInt64(position), name: property.name, value: $0) }
    }
    defaulted = defaults.reduce(0) { $0 | $1.bit }
    self.isOpen = isOpen
  }

  var expectation: String { "an object" }

  func check(_ value: JSONValue, _ report: inout Report) -> JSONValue? {
    switch value {
    case .object(let members): return check(members: members, &report).map { .object($0) }
    case .string(let text):
      guard case .object(let members)? = embeddedJSON(in: text) else { break }
      return .object(check(members: members, &report) ?? members)
    default: break
    }
    refuse(value, &report)
    return nil
  }

  /// Checks members.
  ///
  /// - Returns: the members to use in their place; nil when they are good as they are, or wrong.
  func check(members: JSONObject, _ report: inout Report) -> JSONObject? {
    var present: UInt64 = 0
    var edits: [(key: String, value: JSONValue?)] = []
    for (key, value) in members {
      guard !report.isFull else { return nil }
      guard let position = names.position(of: key) else {
        if !isOpen { report.add(unknown(key), at: key) }
        continue
      }
      let bit: UInt64 = 1 << UInt64(position)
      if value.isNull, !isOpen || required & bit == 0 {
        // Null is absent, but in an open object it stays for the caller to act on.
        if isOpen { present |= bit } else { edits.append((key, nil)) }
        continue
      }
      present |= bit
      let before = report.violations.count
      if let normal = rules[position].check(value, &report) { edits.append((key, normal)) }
      report.locate(Report.token(key), since: before)
    }
    if required & ~present != 0 { reportMissing(required & ~present, &report) }
    let absent = (defaulted & ~present).nonzeroBitCount
    guard report.violations.isEmpty, absent > 0 || !edits.isEmpty else { return nil }
    var normal = members
    normal.reserveCapacity(members.count + absent)
    for edit in edits { normal[edit.key] = edit.value }
    if absent > 0 {
      for member in defaults where present & member.bit == 0 {
        normal.append(uncheckedKey: member.name, value: member.value)
      }
    }
    return normal
  }

  private func reportMissing(_ missing: UInt64, _ report: inout Report) {
    for position in rules.indices where missing >> UInt64(position) & 1 == 1 {
      report.add("Required and missing: must be \(rules[position].expectation).", at: names[position])
    }
  }

  private func unknown(_ key: String) -> String {
    if let near = Nearest.name(to: key, among: names.all) { return "Unknown argument; did you mean \"\(near)\"?" }
    guard !names.all.isEmpty else { return "Unknown argument; there are none here." }
    return "Unknown argument; known are \(listed(names.all))."
  }
}

/// Names one after the other, as many as fit a line or two.
func listed(_ names: [String]) -> String {
  var text = ""
  for (position, name) in names.enumerated() {
    if text.utf8.count + name.utf8.count > 240 { return text + " and \(names.count - position) more" }
    text += position == 0 ? name : ", " + name
  }
  return text
}
