internal import JSON
public import Platform

/// Reads a file record by record: a line of JSON Lines, or a row of delimited text, which may hold line breaks in
/// quotation marks (RFC 4180).
public struct RecordReader: Sendable {
  /// How records are told apart.
  public enum Form: Sendable, Equatable {
    /// One per line.
    case lines
    /// One per line that ends outside quotation marks; fields are divided by this byte.
    case delimited(UInt8)
  }

  /// One record, without what ends it.
  public struct Record: Sendable {
    /// Its text; empty where it is longer than ``longest``.
    public let bytes: [UInt8]
    /// The number of the line where it begins, from 1.
    public let line: Int64
    /// The place in the file behind it.
    public let end: Int64
    /// It is longer than ``longest``, or its quotation mark is never closed.
    public let isBroken: Bool
  }

  /// The most bytes of a record.
  public static let longest = 1 << 20
  private static let partSize = 256 << 10

  /// How records are told apart.
  public var form: Form
  private let file: Descriptor
  private var buffer: [UInt8] = []
  private var part = [UInt8](repeating: 0, count: partSize)
  private var start = 0
  private var line: Int64
  /// The place in the file of the buffer's first byte.
  private var base: Int64
  private var isAtEnd = false

  /// Reads an open file from a place on; `line` is the number of the lines before it.
  public init(_ file: Descriptor, form: Form, at offset: Int64 = 0, afterLine line: Int64 = 0) {
    self.file = file
    self.form = form
    self.line = line
    base = offset
  }

  /// The next record that is not blank; nil at the end.
  public mutating func next() throws(SystemError) -> Record? {
    while let record = try nextOfAny() {
      if record.isBroken || record.bytes.contains(where: { $0 > 0x20 }) { return record }
    }
    return nil
  }

  private mutating func nextOfAny() throws(SystemError) -> Record? {
    var scan = Scan(form: form)
    while true {
      if let length = scan.lengthOfRecord(in: buffer, from: start) { return take(length, lines: scan.lines) }
      let length = buffer.count - start
      if isAtEnd { return length == 0 ? nil : takeRest(scan) }
      if length > Self.longest { return try skipLine() }
      try fill()
    }
  }

  /// What stands behind the last line break; a quotation mark that is still open there was none.
  private mutating func takeRest(_ scan: Scan) -> Record {
    if scan.isQuoted, let first = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
      return take(first - start + 1, lines: 1, isBroken: true)
    }
    return take(buffer.count - start, lines: scan.lines + 1, isBroken: scan.isQuoted)
  }

  private mutating func take(_ length: Int, lines: Int64, isBroken: Bool = false) -> Record {
    var end = start + length
    let next = end
    while end > start, buffer[end - 1] == UInt8(ascii: "\n") || buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    let isLong = end - start > Self.longest
    let record = Record(
      bytes: isLong ? [] : Array(buffer[start..<end]), line: line + 1, end: base + Int64(next),
      isBroken: isBroken || isLong)
    line += lines
    start = next
    return record
  }

  /// Passes over one line, however long: the record that begins there can't be read.
  private mutating func skipLine() throws(SystemError) -> Record {
    let first = line + 1
    while true {
      if let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
        start = end + 1
        break
      }
      start = buffer.count
      if isAtEnd { break }
      try fill()
    }
    line += 1
    return Record(bytes: [], line: first, end: base + Int64(start), isBroken: true)
  }

  private mutating func fill() throws(SystemError) {
    base += Int64(start)
    buffer.removeSubrange(..<start)
    start = 0
    let place = Int(base) + buffer.count
    let file = file
    let result = part.withUnsafeMutableBytes { bytes in
      Result { () throws(SystemError) in try file.read(into: bytes, at: place) }
    }
    let count = try result.get()
    buffer.append(contentsOf: part[..<count])
    if count == 0 { isAtEnd = true }
  }
}

/// Where a record ends: goes on where it stopped when more of the file has come.
private struct Scan: Sendable {
  let form: RecordReader.Form
  private var seen = 0
  private(set) var isQuoted = false
  private(set) var lines: Int64 = 0
  private var isFieldStart = true
  /// The last byte was a quotation mark inside a quoted field: the field ends there, or the mark is doubled.
  private var mayEnd = false

  init(form: RecordReader.Form) { self.form = form }

  /// The record's bytes with its line break; nil when more of the file is needed.
  mutating func lengthOfRecord(in buffer: [UInt8], from start: Int) -> Int? {
    switch form {
    case .lines:
      guard let end = buffer[(start + seen)...].firstIndex(of: UInt8(ascii: "\n")) else {
        seen = buffer.count - start
        return nil
      }
      lines = 1
      return end - start + 1
    case .delimited(let delimiter):
      return buffer.withUnsafeBufferPointer { row(in: $0, from: start, delimiter) }
    }
  }

  private mutating func row(in buffer: UnsafeBufferPointer<UInt8>, from start: Int, _ delimiter: UInt8) -> Int? {
    while start + seen < buffer.count {
      let byte = buffer[start + seen]
      seen += 1
      if byte == UInt8(ascii: "\n") {
        lines += 1
        if !isQuoted || mayEnd { return seen }
      }
      step(byte, delimiter)
    }
    return nil
  }

  private mutating func step(_ byte: UInt8, _ delimiter: UInt8) {
    let isMark = byte == UInt8(ascii: "\"")
    if isQuoted {
      if mayEnd {
        mayEnd = false
        if !isMark {
          isQuoted = false
          isFieldStart = byte == delimiter
        }
      } else {
        mayEnd = isMark
      }
    } else if isMark, isFieldStart {
      isQuoted = true
      isFieldStart = false
    } else {
      isFieldStart = byte == delimiter
    }
  }
}
