internal import Exchange
internal import JSON
internal import Platform

/// The file of rows that could not be used: as they were, with the reason, so that they can be mended and brought in.
struct RefusedRows {
  /// The member or column with the reason.
  private static let reasonName = "refused_because"

  let path: String
  private let isResumed: Bool
  private var file: Descriptor?

  /// Nothing is written before the first row.
  init(path: String, isResumed: Bool) {
    self.path = path
    self.isResumed = isResumed
  }

  /// Adds a row.
  mutating func add(_ row: ImportFile.Row, _ reason: String, headings: [UInt8]?) throws(ImportCommandFailure) {
    do throws(SystemError) {
      let file = try open(headings: headings)
      try file.writeAll(headings == nil ? Self.line(row, reason) : row.text + Self.field(reason))
    } catch {
      throw ImportCommandFailure("\(path) can't be written: \(error)")
    }
  }

  private mutating func open(headings: [UInt8]?) throws(SystemError) -> Descriptor {
    if let file { return file }
    let isNew = !isResumed || !Files.exists(path)
    if isNew { try Files.write([], to: path, mode: 0o600) }
    let file = try Files.openForAppending(path)
    self.file = file
    if isNew, let headings { try file.writeAll(headings + Self.field(Self.reasonName)) }
    return file
  }

  private static func field(_ text: String) -> [UInt8] {
    [UInt8(ascii: ",")] + DelimitedText.row([text])
  }

  private static func line(_ row: ImportFile.Row, _ reason: String) -> [UInt8] {
    var members: JSONObject
    if let object = (try? JSONValue(parsing: row.text))?.objectValue {
      members = object
    } else {
      members = ["line": .integer(row.line), "text": .string(String(decoding: row.text, as: UTF8.self))]
    }
    members[reasonName] = .string(reason)
    return JSONValue.object(members).serialized() + [UInt8(ascii: "\n")]
  }
}
