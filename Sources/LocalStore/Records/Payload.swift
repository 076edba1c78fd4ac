internal import JSON
internal import Platform
internal import Service

/// How payloads show what is stored.
extension JSONWriter {
  /// Stored JSON: copied as it is when it is plain ASCII, else read and written again, so that characters which could
  /// deceive a reader are neutralised as in any other text.
  mutating func storedJSON(_ bytes: UnsafeRawBufferPointer) {
    if bytes.isPlainJSON { return raw(bytes) }
    // The store holds only what the parser accepted once; null stands for a row damaged from outside.
    let value = try? JSONParser.parse(bytes)
    self.value(value ?? .null)
  }

  /// A column of stored JSON; null when it is.
  mutating func storedJSON(_ row: Statement, _ column: Int32) {
    if row.isNull(column) { null() } else { storedJSON(row.text(column)) }
  }

  /// A column of text; null when it is.
  mutating func text(_ row: Statement, _ column: Int32) {
    if row.isNull(column) { null() } else { string(utf8: row.text(column)) }
  }

  /// A moment in Pathbound's form: ISO 8601, UTC, milliseconds.
  mutating func time(_ milliseconds: Int64) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.iso8601Length + 2) { bytes in
      bytes[0] = UInt8(ascii: "\"")
      bytes[Timestamp.iso8601Length + 1] = UInt8(ascii: "\"")
      Timestamp(milliseconds: milliseconds).writeISO8601(
        into: UnsafeMutableBufferPointer(rebasing: bytes[1...Timestamp.iso8601Length]))
      raw(UnsafeRawBufferPointer(bytes))
    }
  }

  /// A column that holds a moment; null when it is.
  mutating func time(_ row: Statement, _ column: Int32) {
    if row.isNull(column) { null() } else { time(row.integer(column)) }
  }
}

extension UnsafeRawBufferPointer {
  /// No byte beyond ASCII and no `\u` escape: nothing in it can stand for a control or invisible character.
  fileprivate var isPlainJSON: Bool {
    var previous: UInt8 = 0
    for byte in self {
      if byte >= 0x80 || (byte == UInt8(ascii: "u") && previous == UInt8(ascii: "\\")) { return false }
      previous = byte
    }
    return true
  }
}

/// Rows of a list, cut at a whole row where the answer would grow too long for a model.
struct RowList {
  /// No list grows a payload beyond this many bytes.
  static let byteLimit = 44_000

  /// Rows in the payload.
  private(set) var written = 0
  /// Rows that were left out.
  private(set) var omitted = 0

  /// Writes `name: [row, …]` from a statement whose values are bound; resets it.
  ///
  /// What was left out is told by ``writeOmission(advice:into:)``.
  mutating func write(
    _ name: StaticString, _ statement: Statement, into payload: inout JSONWriter,
    row: (Statement, inout JSONWriter) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    payload.key(name)
    payload.beginArray()
    defer { statement.reset() }
    while try statement.step() {
      if omitted > 0 {
        omitted += 1
        continue
      }
      let start = payload.mark()
      try row(statement, &payload)
      if payload.count > Self.byteLimit && written > 0 {
        payload.rewind(to: start)
        omitted = 1
      } else {
        written += 1
      }
    }
    payload.endArray()
  }

  /// Says how many rows were left out, and how to get them; writes nothing when none were.
  func writeOmission(advice: StaticString, into payload: inout JSONWriter) {
    guard omitted > 0 else { return }
    payload.key("omitted")
    payload.integer(Int64(omitted))
    payload.key("advice")
    payload.raw(advice)
  }
}
