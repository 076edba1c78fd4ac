public import JSON

/// Records as a file has them: a table with headings (RFC 4180), or an object per line.
public struct RecordWriter: Sendable {
  /// How records are written.
  public enum Form: String, Sendable, CaseIterable {
    /// Comma-separated values.
    case csv
    /// JSON Lines.
    case jsonl

    /// What a file's name says; nil when it says nothing.
    public init?(fileName: String) {
      let ending = fileName.lowercased().split(separator: "/").last?.split(separator: ".").last ?? ""
      switch ending {
      case "csv": self = .csv
      case "jsonl", "ndjson": self = .jsonl
      default: return nil
      }
    }
  }

  /// The most columns of a table.
  public static let mostColumns = 2000

  /// What is written and not taken yet.
  public private(set) var bytes: [UInt8] = []
  private let form: Form
  private let columns: [String]

  /// Begins a file; a table has these columns.
  public init(_ form: Form, columns: [String]) {
    self.form = form
    self.columns = columns
    if form == .csv { DelimitedText.append(columns, to: &bytes) }
  }

  /// Adds a record, one JSON object.
  public mutating func add(_ record: UnsafeRawBufferPointer) throws(JSONError) {
    switch form {
    case .jsonl:
      bytes += record
      bytes.append(UInt8(ascii: "\n"))
    case .csv:
      let members = try JSONParser.parse(record).objectValue ?? [:]
      DelimitedText.append(columns.map { members[$0].map(Self.field) ?? "" }, to: &bytes)
    }
  }

  /// Gives what was written, and forgets it.
  public mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }

  /// A value in a cell: texts as they are, lists of plain words between semicolons, what else has parts as JSON.
  private static func field(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): return text
    case .null: return ""
    case .array(let items):
      let words = items.compactMap(\.stringValue)
      let isPlain = words.allSatisfy { word in
        !word.isEmpty && word.first != "[" && !word.utf8.contains { ",;".utf8.contains($0) }
          && word.first?.isWhitespace == false && word.last?.isWhitespace == false
      }
      if words.count == items.count, isPlain { return words.joined(separator: "; ") }
      return String(decoding: value.serialized(), as: UTF8.self)
    default: return String(decoding: value.serialized(), as: UTF8.self)
    }
  }
}
