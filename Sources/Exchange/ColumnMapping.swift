public import JSON
internal import JSONSchema
internal import Platform
public import Service

/// Which column of a file becomes which member of a record.
public struct ColumnMapping: Sendable {
  /// A column, or a member of the objects of JSON Lines.
  public struct Column: Sendable, Equatable {
    /// As the file calls it.
    public let heading: String
    /// As the record calls it; nil where the column is left out.
    public let target: String?
  }

  /// What was asked for and can't be done.
  public struct Failure: Error, Sendable, Equatable {
    /// A sentence.
    public let message: String
  }

  /// In the order of the file.
  public let columns: [Column]
  private let set: RecordSet
  /// The file is one of our exports: its names and values are those of records.
  private let isOurs: Bool

  /// Finds out what the headings mean; `changes` come first, an empty target leaves a column out.
  ///
  /// Contacts and companies of Pathbound keep columns that no table knows, under the heading's own words; other records
  /// have fixed fields, and leave them out.
  public init(_ headings: [String], set: RecordSet, changes: [(heading: String, target: String)]) throws(Failure) {
    self.set = set
    let ours = Headings.export(with: headings).flatMap { $0.set == set ? $0 : nil }
    isOurs = ours != nil
    let fields = Headings.fields(of: set)
    for change in changes {
      guard headings.contains(where: { Headings.key($0) == Headings.key(change.heading) }) else {
        let hint = Nearest.name(to: change.heading, among: headings).map { " Did you mean \"\($0)\"?" } ?? ""
        throw Failure(message: "There is no column \"\(change.heading.prefix(64))\".\(hint)")
      }
      if let fields, !change.target.isEmpty, !fields.contains(change.target) {
        throw Failure(
          message:
            "\(set.rawValue) have no field \"\(change.target.prefix(64))\"; they have \(fields.joined(separator: ", "))."
        )
      }
    }
    var taken = Swift.Set(changes.map(\.target))
    var columns: [Column] = []
    for heading in headings {
      var target: String?
      if let change = changes.first(where: { Headings.key($0.heading) == Headings.key(heading) }) {
        target = change.target.isEmpty ? nil : change.target
      } else if let ours {
        target = ours.facts.contains(heading) ? nil : heading
      } else {
        target = Self.free(Headings.target(of: heading, in: set) ?? Self.ownName(heading, set), heading, set, taken)
        if let target { taken.insert(target) }
      }
      columns.append(Column(heading: heading, target: target))
    }
    self.columns = columns
  }

  /// The target, or another one where it has its column already; nil where there is none.
  private static func free(
    _ target: String?, _ heading: String, _ set: RecordSet, _ taken: Swift.Set<String>
  ) -> String? {
    guard let target, taken.contains(target) else { return target }
    guard let own = ownName(heading, set), !taken.contains(own) else { return nil }
    return own
  }

  /// The name that a column keeps where no table knows it; nil where the records have no such field.
  private static func ownName(_ heading: String, _ set: RecordSet) -> String? {
    switch set {
    case .contacts, .companies:
      let words = heading.lowercased().split { !$0.isLetter && !$0.isNumber }
      let name = words.joined(separator: "_")
      // What our own exports add beside the properties.
      return name.isEmpty || ["contact_id", "company_id"].contains(name) ? nil : name
    case .owlboundContacts where ["name", "fullname"].contains(Headings.key(heading)): return "name"
    case .events, .signals:
      // A name that no record has is refused with the row, so that nothing is lost unseen.
      return Headings.fields(of: set)?.first { Headings.key($0) == Headings.key(heading) } ?? heading
    default: return nil
    }
  }

  /// The record that a row of a table means.
  public func record(of fields: [String]) -> JSONObject {
    var record: JSONObject = [:]
    for (column, field) in zip(columns, fields) {
      guard let target = column.target else { continue }
      let value = isOurs ? FieldValue.stored(field, as: target) : FieldValue.value(of: field, as: target, in: set)
      if let value { record[target] = value }
    }
    if !isOurs { FieldValue.complete(&record, set) }
    return record
  }

  /// The record that an object means, its members renamed; members that the file's first object lacked stay.
  public func record(of members: JSONObject) -> JSONObject {
    var record: JSONObject = [:]
    for (name, value) in members {
      let column = columns.first { $0.heading == name }
      guard let target = column.map({ $0.target }) ?? name else { continue }
      if !isOurs, case .string(let text) = value, set != .events, set != .signals {
        record[target] = FieldValue.value(of: text, as: target, in: set)
      } else {
        record[target] = value
      }
    }
    if !isOurs { FieldValue.complete(&record, set) }
    return record
  }
}

/// What stands in a field, as a record wants it.
private enum FieldValue {
  /// Nil for an empty field.
  static func value(of field: String, as target: String, in set: RecordSet) -> JSONValue? {
    let text = DelimitedText.unguarded(trimmed(field))
    guard !text.isEmpty else { return nil }
    switch target {
    case "lifecyclestage": return .string(stages[Headings.key(text)] ?? text)
    case "employee_count": return number(text) ?? .string(text)
    case "tags": return tags(text)
    case "linkedInUrl" where !text.holds("://"): return .string("https://\(text)")
    default: return .string(text)
    }
  }

  /// What one of our exports has written; nil for an empty field.
  static func stored(_ field: String, as target: String) -> JSONValue? {
    let text = DelimitedText.unguarded(field)
    guard !text.isEmpty else { return nil }
    switch target {
    case "tags": return tags(text)
    case "employee_count":
      let number = Int64(text)
      return number.map(String.init) == text ? number.map { .integer($0) } : .string(text)
    default: return .string(text)
    }
  }

  /// Tags between commas or semicolons, or as a JSON array.
  private static func tags(_ text: String) -> JSONValue {
    if text.hasPrefix("["), let value = try? JSONValue(parsing: text), value.arrayValue != nil { return value }
    let tags = text.split { $0 == "," || $0 == ";" }.map { trimmed(String($0)) }.filter { !$0.isEmpty }
    return .array(tags.map { .string($0) })
  }

  /// Adds what follows from other fields: a domain from a website, both names from one.
  static func complete(_ record: inout JSONObject, _ set: RecordSet) {
    switch set {
    case .companies where record["domain"] == nil:
      if let website = record["website"]?.stringValue { record["domain"] = .string(website) }
    case .contacts: splitName(&record, "name", first: "firstname", last: "lastname")
    case .owlboundContacts: splitName(&record, "name", first: "firstName", last: "lastName")
    default: break
    }
  }

  private static func splitName(_ record: inout JSONObject, _ name: String, first: String, last: String) {
    guard let text = record[name]?.stringValue, record[first] == nil, record[last] == nil else { return }
    let words = text.split(separator: " ")
    guard let given = words.first else { return }
    record[name] = nil
    record[first] = .string(String(given))
    if words.count > 1 { record[last] = .string(words.dropFirst().joined(separator: " ")) }
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }

  /// A count, with or without separators; nil for a range such as `51-200`.
  private static func number(_ text: String) -> JSONValue? {
    Int64(text.filter { $0 != "," && $0 != "." && $0 != " " }).map { .integer($0) }
  }

  private static let stages = [
    "lead": "lead", "prospect": "prospect", "marketingqualifiedlead": "mql", "mql": "mql",
    "salesqualifiedlead": "sql", "sql": "sql", "opportunity": "opportunity", "customer": "customer",
    "evangelist": "evangelist", "subscriber": "subscriber", "other": "other",
  ]
}
