/// Rows of fields between commas, or another byte (RFC 4180).
public enum DelimitedText {
  private static let mark = UInt8(ascii: "\"")

  /// The fields of a row; nil when they are not UTF-8.
  public static func fields(of row: [UInt8], delimiter: UInt8) -> [String]? {
    var fields: [String] = []
    var field: [UInt8] = []
    var index = 0
    while true {
      field.removeAll(keepingCapacity: true)
      if index < row.count, row[index] == mark {
        index = readQuoted(row, from: index + 1, into: &field)
      }
      while index < row.count, row[index] != delimiter {
        field.append(row[index])
        index += 1
      }
      guard let text = String(validating: field, as: UTF8.self) else { return nil }
      fields.append(text)
      if index >= row.count { return fields }
      index += 1
    }
  }

  /// Reads up to the mark that closes the field, and gives the place behind it.
  private static func readQuoted(_ row: [UInt8], from start: Int, into field: inout [UInt8]) -> Int {
    var index = start
    while index < row.count {
      if row[index] == mark {
        guard index + 1 < row.count, row[index + 1] == mark else { return index + 1 }
        index += 1
      }
      field.append(row[index])
      index += 1
    }
    return index
  }

  /// What divides the fields of a row: of comma, semicolon, tabulator and bar the commonest outside quotation marks.
  public static func delimiter(of row: [UInt8]) -> UInt8 {
    let known = Array(",;\t|".utf8)
    var counts = [Int](repeating: 0, count: known.count)
    var isQuoted = false
    for byte in row {
      if byte == mark { isQuoted.toggle() }
      if !isQuoted, let place = known.firstIndex(of: byte) { counts[place] += 1 }
    }
    let most = counts.max() ?? 0
    return known[counts.firstIndex(of: most) ?? 0]
  }

  /// A row with its line break; fields are put between quotation marks where they need it.
  ///
  /// A field that a spreadsheet would take for a formula begins with an apostrophe, unless it is a number: such programs
  /// show it as text then, and ``unguarded(_:)`` takes it away.
  public static func row(_ fields: [String]) -> [UInt8] {
    var row: [UInt8] = []
    append(fields, to: &row)
    return row
  }

  /// The same behind what is there.
  static func append(_ fields: [String], to rows: inout [UInt8]) {
    for (position, field) in fields.enumerated() {
      if position > 0 { rows.append(UInt8(ascii: ",")) }
      append(field, to: &rows)
    }
    rows += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }

  private static func append(_ field: String, to row: inout [UInt8]) {
    let guarded = isFormula(field) ? "'" + field : field
    guard guarded.utf8.contains(where: { "\",;\t\r\n".utf8.contains($0) }) || field.hasPrefix(" ") else {
      row += guarded.utf8
      return
    }
    row.append(mark)
    for byte in guarded.utf8 {
      if byte == mark { row.append(mark) }
      row.append(byte)
    }
    row.append(mark)
  }

  /// Bytes that make a field a formula where it begins with one; some programs pass over white space before others.
  private static let formulaStarts = Array("=+-@\t\r\n".utf8)
  private static let apostrophe = UInt8(ascii: "'")

  private static func isFormula(_ field: String) -> Bool {
    let text = field.utf8.drop { $0 == apostrophe }
    guard let first = text.first, formulaStarts.contains(first) else { return false }
    // With apostrophes of its own it would lose one of them when it is read.
    if text.startIndex != field.utf8.startIndex { return true }
    guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-") else { return true }
    return !text.dropFirst().allSatisfy { "0123456789.,() -/".utf8.contains($0) }
  }

  /// Without the apostrophe that keeps a spreadsheet from taking the text for a formula.
  static func unguarded(_ text: String) -> String {
    guard text.utf8.first == apostrophe, let first = text.utf8.first(where: { $0 != apostrophe }),
      formulaStarts.contains(first)
    else { return text }
    return String(text.dropFirst())
  }
}
