internal import JSON
internal import Platform
internal import Service

/// Where a page of a list ended: the last row and what the list is sorted by there.
///
/// The next page begins behind that place, wherever it then is: rows that come or go meanwhile move nobody else to
/// another page. A cursor is good only for the list, filters and order that it was made for (not for a page size), and
/// carries a code that nobody can make without the workspace's key.
struct Cursor {
  /// The value that the list is sorted by, as its bits; nil for the rows without one, which come last.
  let value: UInt64?
  /// The row.
  let row: Int64

  private static let digits = 13

  /// Writes the cursor as a JSON string.
  func write(for list: List, _ ids: RecordIDs, into payload: inout JSONWriter) {
    let bits = value ?? 0
    let number = UInt64(bitPattern: row)
    let seal = ids.seal(list.digest, value == nil ? 0 : 1, bits, number)
    let parts = [bits, number, seal].map { Base32.text($0, digits: Self.digits) }
    payload.string((value == nil ? "z" : "c") + parts.joined())
  }

  /// Reads the `cursor` of a list's arguments; nil when none is given.
  ///
  /// - Throws: `VALIDATION_ERROR` for anything but a cursor of this list.
  init?(_ arguments: JSONObject, for list: List, _ ids: RecordIDs) throws(ServiceError) {
    guard let text = arguments.text("cursor") else { return nil }
    let parts = Self.parts(text)
    guard let parts,
      parts.seal == ids.seal(list.digest, parts.hasValue ? 1 : 0, parts.bits, parts.number)
    else {
      throw .invalid(
        "/cursor",
        "This cursor is not one of this list with these filters and this order. Pass nextCursor unchanged with the "
          + "same arguments, or leave it out to begin with the first page.")
    }
    value = parts.hasValue ? parts.bits : nil
    row = Int64(bitPattern: parts.number)
  }

  /// A place in a list.
  init(value: UInt64?, row: Int64) {
    self.value = value
    self.row = row
  }

  private static func parts(_ text: String) -> (hasValue: Bool, bits: UInt64, number: UInt64, seal: UInt64)? {
    let bytes = Array(text.utf8)
    guard bytes.count == 1 + 3 * digits, bytes[0] == UInt8(ascii: "c") || bytes[0] == UInt8(ascii: "z") else {
      return nil
    }
    let numbers = (0..<3).compactMap { Base32.number(bytes[(1 + $0 * digits)..<(1 + ($0 + 1) * digits)]) }
    guard numbers.count == 3 else { return nil }
    return (bytes[0] == UInt8(ascii: "c"), numbers[0], numbers[1], numbers[2])
  }
}

extension Cursor {
  /// A list as it was asked for: its name, filters and order.
  struct List {
    let digest: UInt64

    /// The list of an operation with these arguments.
    init(_ name: StaticString, _ arguments: JSONObject) {
      var asked = JSONObject()
      for (key, value) in arguments where key != "cursor" && key != "limit" {
        asked.append(uncheckedKey: key, value: value)
      }
      var hash = SHA256()
      hash.update(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
      JSONValue.object(asked).canonicalized().withUnsafeBytes { hash.update($0) }
      digest = hash.finish().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// Writes `hasMore` and `nextCursor`, the place of the last row that was written.
  static func write(
    _ last: Cursor?, hasMore: Bool, for list: List, _ ids: RecordIDs, into payload: inout JSONWriter
  ) {
    payload.key("hasMore")
    payload.bool(hasMore)
    payload.key("nextCursor")
    if hasMore, let last { last.write(for: list, ids, into: &payload) } else { payload.null() }
  }
}
