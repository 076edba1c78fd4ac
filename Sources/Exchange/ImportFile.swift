public import JSON
public import Platform
public import Service

/// A file of records, opened and understood: what it holds, and which column means what.
public struct ImportFile: Sendable {
  /// Why a file can't be read at all.
  public struct Failure: Error, Sendable {
    /// A sentence.
    public let message: String

    init(_ message: String) { self.message = message }
  }

  /// One row of it.
  public struct Row: Sendable {
    /// The record that it means, or why it means none.
    public let record: Result<JSONObject, RowError>
    /// As it stands in the file.
    public let text: [UInt8]
    /// Where it begins, from 1.
    public let line: Int64
    /// The place in the file behind it.
    public let end: Int64
  }

  /// Why a row means no record.
  public struct RowError: Error, Sendable {
    /// A sentence.
    public let message: String
  }

  /// What it holds.
  public let set: RecordSet
  /// Which column means what.
  public let mapping: ColumnMapping
  /// The row with the headings as it stands in the file; nil for JSON Lines.
  public let headings: [UInt8]?
  /// Bytes in all.
  public let size: Int64
  private var reader: RecordReader
  private let delimiter: UInt8?

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - set: what it holds; nil to find that out.
  ///   - changes: columns whose meaning is said.
  ///   - place: where to go on; nil for the beginning.
  public init(
    _ file: Descriptor, size: Int64, set given: RecordSet?, changes: [(heading: String, target: String)],
    from place: ImportProgress? = nil
  ) throws(Failure) {
    self.size = size
    let top = try Self.top(of: file)
    do {
      if top.isJSON {
        var lines = RecordReader(file, form: .lines, at: top.start)
        let first = try lines.next()
        let members = first.flatMap { (try? JSONValue(parsing: $0.bytes))?.objectValue } ?? [:]
        let names = members.map(\.key)
        set = try given ?? Self.guess(names, isTable: false)
        mapping = try ColumnMapping(names, set: set, changes: changes)
        headings = nil
        delimiter = nil
        reader = RecordReader(file, form: .lines, at: place?.offset ?? top.start, afterLine: place?.line ?? 0)
      } else {
        let table = try Self.table(in: file, from: top.start)
        set = try given ?? Self.guess(table.fields, isTable: true)
        mapping = try ColumnMapping(table.fields, set: set, changes: changes)
        headings = table.row.bytes
        delimiter = table.delimiter
        reader = RecordReader(
          file, form: .delimited(table.delimiter), at: place?.offset ?? table.row.end,
          afterLine: place?.line ?? table.linesBefore)
      }
    } catch let error as ColumnMapping.Failure {
      throw Failure(error.message)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure("The file can't be read: \(error)")
    }
  }

  /// The next row; nil at the end.
  public mutating func next() throws(Failure) -> Row? {
    let record: RecordReader.Record?
    do {
      record = try reader.next()
    } catch {
      throw Failure("The file can't be read: \(error)")
    }
    guard let record else { return nil }
    return Row(record: read(record), text: record.bytes, line: record.line, end: record.end)
  }

  private func read(_ record: RecordReader.Record) -> Result<JSONObject, RowError> {
    if record.isBroken {
      let what =
        delimiter == nil ? "The line is too long." : "A quotation mark is never closed, or the row is too long."
      return .failure(RowError(message: what))
    }
    if let delimiter {
      guard let fields = DelimitedText.fields(of: record.bytes, delimiter: delimiter) else {
        return .failure(RowError(message: "The row is not UTF-8: save the table as \"CSV UTF-8\"."))
      }
      guard fields.count <= mapping.columns.count || fields[mapping.columns.count...].allSatisfy(\.isEmpty) else {
        return .failure(
          RowError(message: "The row has \(fields.count) fields, the headings are \(mapping.columns.count)."))
      }
      return .success(mapping.record(of: fields))
    }
    do {
      guard let members = try JSONValue(parsing: record.bytes).objectValue else {
        return .failure(RowError(message: "The line must be one JSON object."))
      }
      return .success(mapping.record(of: members))
    } catch {
      return .failure(RowError(message: "The line is no JSON: \(error.message)"))
    }
  }
}

// MARK: - What it is

extension ImportFile {
  private static let preamble = 10

  private static func top(of file: Descriptor) throws(Failure) -> (start: Int64, isJSON: Bool) {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let result = bytes.withUnsafeMutableBytes { part in
      Result { () throws(SystemError) in try file.read(into: part, at: 0) }
    }
    let count: Int
    do {
      count = try result.get()
    } catch {
      throw Failure("The file can't be read: \(error)")
    }
    let head = bytes[..<count]
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.contains(0) {
      throw Failure("The file is not UTF-8 text: save the table as \"CSV UTF-8\".")
    }
    let start = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard let first = head[start...].first(where: { $0 > 0x20 }) else { throw Failure("The file is empty.") }
    if first == UInt8(ascii: "[") {
      throw Failure("The file is one JSON array: write one object per line (jq -c '.[]' FILE).")
    }
    return (Int64(start), first == UInt8(ascii: "{"))
  }

  private struct Table {
    let row: RecordReader.Record
    let fields: [String]
    let delimiter: UInt8
    let linesBefore: Int64
  }

  /// The row with the headings: the first that names something known, since some exports begin with a note.
  private static func table(in file: Descriptor, from start: Int64) throws -> Table {
    var lines = RecordReader(file, form: .lines, at: start)
    var first: Table?
    for _ in 0..<preamble {
      guard let line = try lines.next() else { break }
      let delimiter = DelimitedText.delimiter(of: line.bytes)
      guard let fields = DelimitedText.fields(of: line.bytes, delimiter: delimiter) else {
        throw Failure("The file is not UTF-8 text: save the table as \"CSV UTF-8\".")
      }
      let table = Table(row: line, fields: fields, delimiter: delimiter, linesBefore: line.line)
      if fields.count > 1, RecordSet.allCases.contains(where: { Headings.known(fields, in: $0) > 1 }) { return table }
      if first == nil { first = table }
    }
    guard let first else { throw Failure("The file is empty.") }
    return first
  }

  /// What columns or members tell of the records.
  private static func guess(_ names: [String], isTable: Bool) throws(Failure) -> RecordSet {
    if let export = Headings.export(with: names) {
      guard let set = export.set else {
        throw Failure("The file holds \(export.rawValue); these can't be brought in from a file.")
      }
      return set
    }
    let keys = names.map { Headings.key($0) }
    if keys.contains("event") { return .events }
    if keys.contains("type"), keys.contains("data") || keys.contains("priority") { return .signals }
    let isPerson = ["email", "firstname", "lastname", "jobtitle"].contains { field in
      names.contains { Headings.target(of: $0, in: .contacts) == field }
    }
    if isPerson { return .contacts }
    if Headings.known(names, in: .companies) > 1 || keys.contains("domain") { return .companies }
    let sets = RecordSet.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure(
      "The \(isTable ? "headings don't" : "first line doesn't") tell what the file holds: name it with --as (\(sets)).")
  }
}
