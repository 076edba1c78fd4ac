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
    let bytes = row.text(column)
    if bytes.baseAddress == nil { null() } else { storedJSON(bytes) }
  }

  /// A column of text; null when it is.
  mutating func text(_ row: Statement, _ column: Int32) {
    let bytes = row.text(column)
    if bytes.baseAddress == nil { null() } else { string(utf8: bytes) }
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

extension JSONWriter {
  /// That a record is gone, and which; the hosted APIs answer a deletion with their bare envelope.
  mutating func deleted(_ name: StaticString, _ kind: RecordKind, _ row: Int64, _ ids: RecordIDs) {
    key("deleted")
    bool(true)
    key(name)
    ids.write(kind, row, into: &self)
  }
}

extension JSONWriter {
  /// The members of a column's stored JSON object, as members of the object that is open; none when it is null.
  mutating func storedMembers(_ row: Statement, _ column: Int32) {
    let bytes = row.text(column)
    guard bytes.count > 2 else { return }
    if bytes.isPlainJSON { return raw(UnsafeRawBufferPointer(rebasing: bytes[1..<(bytes.count - 1)])) }
    guard case .object(let members)? = try? JSONParser.parse(bytes) else { return }
    for member in members {
      key(member.key)
      value(member.value)
    }
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
  /// The rows of no list take more bytes than this.
  static let byteLimit = 43_000
  /// The same for a page of the default size, which should leave a model room to think.
  static let defaultByteLimit = 23_000

  /// The rows of this list take no more bytes than this, but for a first row that is longer by itself.
  private let limit: Int
  /// The first row is written even where it is longer.
  private let keepsFirst: Bool
  /// No more rows than this.
  private let most: Int
  /// Rows in the payload.
  private(set) var written = 0
  /// Rows that were left out.
  private(set) var omitted = 0

  /// Makes a list with room for that many bytes and rows.
  init(limit: Int = RowList.byteLimit, keepsFirst: Bool = true, most: Int = .max) {
    self.limit = limit
    self.keepsFirst = keepsFirst
    self.most = most
  }

  /// Rows that the statement gave.
  var met: Int { written + omitted }

  /// Writes `name: [row, …]` from a statement whose values are bound; resets it.
  ///
  /// What was left out is told by ``writeOmission(advice:into:)``.
  mutating func write(
    _ name: StaticString, _ statement: Statement, into payload: inout JSONWriter,
    row: (Statement, inout JSONWriter) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    payload.key(name)
    payload.beginArray()
    try append(statement, end: payload.count + limit, into: &payload, row: row)
    payload.endArray()
  }

  /// Writes rows into the array that is open, whose last byte is before `end`; resets the statement.
  mutating func append(
    _ statement: Statement, end: Int, into payload: inout JSONWriter,
    row: (Statement, inout JSONWriter) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    defer { statement.reset() }
    while try statement.step() {
      try add(into: &payload, before: end) { payload throws(ServiceError) in try row(statement, &payload) }
    }
  }

  /// Writes `name: [row, …]` from what was read before.
  mutating func write<Row>(
    _ name: StaticString, _ rows: [Row], into payload: inout JSONWriter,
    row: (Row, inout JSONWriter) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    payload.key(name)
    payload.beginArray()
    let end = payload.count + limit
    for next in rows {
      try add(into: &payload, before: end) { payload throws(ServiceError) in try row(next, &payload) }
    }
    payload.endArray()
  }

  /// Writes one row, unless it or one before it has no room.
  private mutating func add(
    into payload: inout JSONWriter, before end: Int, _ write: (inout JSONWriter) throws(ServiceError) -> Void
  ) throws(ServiceError) {
    guard omitted == 0, written < most else {
      omitted += 1
      return
    }
    let start = payload.mark()
    try write(&payload)
    if payload.count > end && (written > 0 || !keepsFirst) {
      payload.rewind(to: start)
      omitted = 1
    } else {
      written += 1
    }
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
