internal import CSQLite
internal import JSON
internal import Service

/// A prepared statement: bind values from 1, step, read columns from 0, reset.
struct Statement {
  private let handle: OpaquePointer
  private let database: OpaquePointer

  init(handle: OpaquePointer, database: OpaquePointer) {
    self.handle = handle
    self.database = database
  }

  func finalize() { sqlite3_finalize(handle) }

  // MARK: Values

  func bind(_ value: Int64, at index: Int32) { sqlite3_bind_int64(handle, index, value) }

  func bind(_ value: Int64?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  func bind(_ value: Bool, at index: Int32) { sqlite3_bind_int64(handle, index, value ? 1 : 0) }

  func bind(_ value: Double?, at index: Int32) {
    if let value { sqlite3_bind_double(handle, index, value) } else { bindNull(at: index) }
  }

  /// The bytes are copied.
  func bind(_ value: String, at index: Int32) {
    var text = value
    text.withUTF8 { bytes in bindText(UnsafeRawBufferPointer(bytes), at: index) }
  }

  func bind(_ value: String?, at index: Int32) {
    if let value { bind(value, at: index) } else { bindNull(at: index) }
  }

  /// Row numbers, for `json_each`.
  func bind(rows: [Int64], at index: Int32) {
    bind(text: JSONValue.array(rows.map { .integer($0) }).serialized(), at: index)
  }

  /// UTF-8 text; the bytes are copied.
  func bind(text bytes: [UInt8], at index: Int32) {
    bytes.withUnsafeBytes { bindText($0, at: index) }
  }

  /// UTF-8 text or null; the bytes are copied.
  func bind(optionalText bytes: [UInt8]?, at index: Int32) {
    if let bytes { bind(text: bytes, at: index) } else { bindNull(at: index) }
  }

  /// The bytes are copied.
  func bind(blob bytes: [UInt8], at index: Int32) {
    bytes.withUnsafeBytes { raw in
      _ =
        raw.isEmpty
        ? sqlite3_bind_zeroblob(handle, index, 0)
        : sqlite3_bind_blob64(handle, index, raw.baseAddress, UInt64(raw.count), csqlite_transient())
    }
  }

  func bindText(_ bytes: UnsafeRawBufferPointer, at index: Int32) {
    guard let base = bytes.baseAddress else {
      sqlite3_bind_text(handle, index, "", 0, csqlite_transient())
      return
    }
    sqlite3_bind_text64(
      handle, index, base.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), csqlite_transient(),
      UInt8(SQLITE_UTF8))
  }

  /// A value as ``value(_:)`` gives it; null for what no column holds.
  func bind(stored value: JSONValue, at index: Int32) {
    switch value {
    case .integer(let number): bind(number, at: index)
    case .number(let number): bind(number as Double?, at: index)
    case .string(let text): bind(text, at: index)
    case .null, .bool, .array, .object: bindNull(at: index)
    }
  }

  func bindNull(at index: Int32) { sqlite3_bind_null(handle, index) }

  // MARK: Rows

  /// True when there is a row to read; false at the end.
  ///
  /// Reset the statement in either case when done.
  func step() throws(ServiceError) -> Bool {
    let status = sqlite3_step(handle)
    if status == SQLITE_ROW { return true }
    if status == SQLITE_DONE { return false }
    // The error must be read before the reset.
    let error = Connection.error(status, database, doing: "read or change the workspace")
    sqlite3_reset(handle)
    throw error
  }

  /// Steps to the end and resets: for statements without rows.
  func run() throws(ServiceError) {
    defer { reset() }
    while try step() {}
  }

  /// The first column of all rows; resets the statement.
  func integers() throws(ServiceError) -> [Int64] {
    defer { reset() }
    var numbers: [Int64] = []
    while try step() { numbers.append(integer(0)) }
    return numbers
  }

  /// Makes the statement ready for the next use; bound values stay.
  func reset() { sqlite3_reset(handle) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func isText(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_TEXT }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  func bool(_ column: Int32) -> Bool { sqlite3_column_int64(handle, column) != 0 }

  func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }

  /// The value of a number of either kind; nil for anything else.
  func number(_ column: Int32) -> Double? {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT: double(column)
    default: nil
    }
  }

  /// The column as it is stored; null for bytes that are no text.
  func value(_ column: Int32) -> JSONValue {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer(integer(column))
    case SQLITE_FLOAT: .number(double(column))
    case SQLITE_TEXT: .string(string(column))
    default: .null
    }
  }

  /// The column's UTF-8 bytes, valid until the next step or reset; empty for null.
  func text(_ column: Int32) -> UnsafeRawBufferPointer {
    guard let bytes = sqlite3_column_text(handle, column) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func string(_ column: Int32) -> String { String(decoding: text(column), as: UTF8.self) }

  func optionalString(_ column: Int32) -> String? { isNull(column) ? nil : string(column) }

  /// The column's bytes, valid until the next step or reset; empty for null.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    guard let bytes = sqlite3_column_blob(handle, column) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func blob(_ column: Int32) -> [UInt8] {
    Array(bytes(column))
  }
}
