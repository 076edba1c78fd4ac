internal import JSON
internal import Platform
internal import Service

/// Reading arguments that the operation's schema has checked.
extension JSONObject {
  /// A text; nil when it is absent.
  func text(_ key: String) -> String? {
    if case .string(let value)? = self[key] { value } else { nil }
  }

  /// A text that is more than white space, without white space around it; nil when there is none.
  func trimmedText(_ key: String) -> String? {
    guard let text = text(key) else { return nil }
    let trimmed = text.trimmed
    return trimmed.isEmpty ? nil : trimmed
  }

  /// True only when it is set to true.
  func flag(_ key: String) -> Bool {
    if case .bool(true)? = self[key] { true } else { false }
  }

  /// The list's texts; empty when it is absent.
  func texts(_ key: String) -> [String] {
    guard case .array(let items)? = self[key] else { return [] }
    return items.compactMap(\.stringValue)
  }

  /// A moment, the first of its day when only a day is given.
  func lowerBound(_ key: String) throws(ServiceError) -> Int64? {
    guard let text = text(key) else { return nil }
    return try Self.moment(text, key).milliseconds
  }

  /// A moment, the last of its day when only a day is given, so that the day is included.
  func upperBound(_ key: String) throws(ServiceError) -> Int64? {
    guard let text = text(key) else { return nil }
    let moment = try Self.moment(text, key)
    let isDay = text.utf8.count == 10
    return moment.adding(milliseconds: isDay ? 86_399_999 : 0).milliseconds
  }

  private static func moment(_ text: String, _ key: String) throws(ServiceError) -> Timestamp {
    guard let moment = Timestamp(iso8601: text) else {
      throw .invalid("/\(key)", "\(key) must be an ISO 8601 date or time like 2026-03-31 or 2026-03-31T14:00:00Z.")
    }
    return moment
  }
}

/// How much a record may hold, so that every answer fits into what a model can be given.
enum SizeLimit {
  /// The most bytes of one stored JSON object.
  static let object = 10_240
  /// The most bytes of a list of steps, triggers or rules.
  static let definition = 20_000
  /// The most bytes of an address.
  static let url = 4096
  /// The most bytes of a name, an id or another single line.
  static let line = 500
  /// The most bytes of a note.
  static let note = 10_000
  /// The most bytes of what is said about a record: a description, a reviewer's comment, why an agent proposes nothing.
  static let remark = 1000

  /// Refuses a text that is too long.
  static func check(_ text: String?, _ limit: Int, at path: @autoclosure () -> String) throws(ServiceError) {
    guard let text, text.utf8.count > limit else { return }
    throw .invalid(path(), "Must have at most \(limit) bytes; this has \(text.utf8.count).")
  }

  /// Refuses a value whose JSON text is too long.
  static func check(
    _ value: JSONValue?, _ limit: Int, at path: @autoclosure () -> String
  ) throws(ServiceError) {
    guard let count = value?.serialized().count, count > limit else { return }
    throw .invalid(path(), "Must have at most \(limit) bytes as compact JSON; this has \(count). Leave something out.")
  }

  /// The object's JSON text.
  ///
  /// - Throws: `VALIDATION_ERROR` when it is too long.
  static func serialized(_ object: JSONObject, at path: @autoclosure () -> String) throws(ServiceError) -> [UInt8] {
    let bytes = JSONValue.object(object).serialized()
    guard bytes.count <= Self.object else {
      throw .invalid(
        path(), "Must have at most \(Self.object) bytes as compact JSON; this has \(bytes.count). Leave something out.")
    }
    return bytes
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    // Almost every text begins and ends with a printable ASCII character.
    if let first = utf8.first, let last = utf8.last, 0x21..<0x7F ~= first, 0x21..<0x7F ~= last { return self }
    var rest = unicodeScalars[...]
    while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
