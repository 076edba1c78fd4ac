internal import Briefs
internal import JSON

/// Short forms for summaries: what is long is cut, so that a summary stays one.
extension JSONWriter {
  /// A member of text, cut to a number of bytes; left out when the column is null or empty.
  mutating func short(_ name: StaticString, _ row: Statement, _ column: Int32, _ limit: Int = 120) {
    let bytes = row.text(column)
    guard !bytes.isEmpty else { return }
    key(name)
    guard bytes.count > limit else { return string(utf8: bytes) }
    string(String(decoding: Self.prefix(of: bytes, limit), as: UTF8.self) + "…")
  }

  /// A member of stored JSON; where it is long, the beginning of its text as a string.
  mutating func shortJSON(_ name: StaticString, _ row: Statement, _ column: Int32, _ limit: Int) {
    if row.text(column).count > limit { return short(name, row, column, limit) }
    key(name)
    storedJSON(row, column)
  }

  /// A member that holds a moment; left out when the column is null.
  mutating func moment(_ name: StaticString, _ row: Statement, _ column: Int32) {
    guard !row.isNull(column) else { return }
    key(name)
    time(row, column)
  }

  /// At most so many bytes, cut between characters.
  private static func prefix(of bytes: UnsafeRawBufferPointer, _ limit: Int) -> UnsafeRawBufferPointer {
    var end = min(limit, bytes.count)
    while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: bytes[..<end])
  }
}

extension String {
  /// At most so many bytes, cut between characters, with an ellipsis where something was cut.
  func cut(_ limit: Int) -> String { Brevity.cut(self, to: limit) }
}
