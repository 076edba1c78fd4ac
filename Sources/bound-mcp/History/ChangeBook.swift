internal import JSON
internal import Operations
internal import Platform
internal import Review
internal import Service
internal import Settings
internal import ToolServer

/// The history of the workspace, reached through the same calls that clients make: policy, rules and audit hold.
struct ChangeBook {
  private let wiring: Wiring
  private let client: String

  /// The history of the workspace that the configuration names, read or changed by a command.
  init(_ configuration: Configuration, command: Command) throws(UsageError) {
    client = "bound-mcp \(command.rawValue) \(Version.current)"
    wiring = try Wiring(configuration, background: .beforeEnd)
  }

  /// A page of changes, newest first.
  func page(_ arguments: JSONObject) throws(ServiceError) -> JSONObject {
    try call(History.listChanges.name, arguments)
  }

  /// Takes a change back, or tells what that would do.
  func undo(_ id: String, isRehearsal: Bool) throws(ServiceError) -> JSONObject {
    var arguments: JSONObject = ["change_id": .string(id)]
    if isRehearsal { arguments["dry_run"] = true }
    return try call(History.undoChange.name, arguments)
  }

  /// Waits until everything is durable.
  func close() { wiring.finish(by: .after(milliseconds: 10_000)) }

  private func call(_ tool: String, _ arguments: JSONObject) throws(ServiceError) -> JSONObject {
    let payload = try wiring.host.callAndWait(tool, arguments, client: client)
    guard let answer = (try? JSONValue(parsing: payload)).map(ReviewQueue.harmless)?.objectValue else {
      throw ServiceError(.internal, "The answer of \(tool) is no JSON object.")
    }
    return answer
  }
}

extension Invocation {
  /// The filters that `history` and `undo` share, as the tool takes them.
  func changeFilters(at now: Timestamp) throws(UsageError) -> JSONObject {
    var filters: JSONObject = [:]
    for (option, name) in [(Command.Option.of, "record"), (.tool, "tool"), (.client, "client")] {
      if let value = options[option] { filters[name] = .string(value) }
    }
    if let since = options[.since] { filters["since"] = .string(try Self.time(since, before: now)) }
    if let tool = options[.tool], Catalogue.operation(named: tool) == nil {
      throw .unknown("tool", tool, known: Catalogue.all.map(\.name))
    }
    return filters
  }

  /// A moment as it is given, or so long ago.
  static func time(_ text: String, before now: Timestamp) throws(UsageError) -> String {
    let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 7 * 86_400_000]
    if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), (0...100_000).contains(count) {
      return now.adding(milliseconds: -count * unit).iso8601
    }
    guard let time = Timestamp(iso8601: text) else {
      throw UsageError("--since takes a time like 2026-03-31T14:00:00Z, or how long ago, such as 30m, 2h or 3d")
    }
    return time.iso8601
  }
}

/// Changes as lines of at most 80 columns.
enum ChangeLines {
  private static let width = 80
  private static let indent = String(repeating: " ", count: 18)

  /// One change: when, what and which, then by whom, what it did, and why it stays, if it does.
  static func entry(_ change: JSONValue) -> [String] {
    let time = String(text(change, "at").prefix(16).map { $0 == "T" ? " " : $0 })
    var lines = [
      TextLayout.column(time, 16) + "  " + TextLayout.column(title(change), 36) + "  " + text(change, "id")
    ]
    let record = text(change, "record")
    lines += wrapped("by " + text(change, "client") + (record.isEmpty ? "" : ": " + record))
    lines += wrapped(text(change, "summary"))
    if let undone = change["undone_by"]?.stringValue {
      lines += wrapped("undone by \(undone)")
    } else if let undoes = change["undoes"]?.stringValue {
      lines += wrapped("takes back \(undoes)")
    }
    if change["undone_by"] == nil, change["undoable"]?.boolValue == false {
      lines += wrapped("can't be undone: " + text(change, "reason"))
    }
    return lines
  }

  /// What taking a change back did, or would do.
  static func undo(_ answer: JSONObject, isRehearsal: Bool) -> [String] {
    let value = JSONValue.object(answer)
    let record = text(value, "record")
    let what = title(value) + (record.isEmpty ? "" : " of " + record)
    let head = text(value, "undone") + (isRehearsal ? " would be undone: " : " is undone: ") + what
    var lines = TextLayout.wrap(head, to: width)
    lines += wrapped(text(value, "summary"), by: 2)
    for note in answer["notes"]?.arrayValue ?? [] { lines += wrapped(note.stringValue ?? "", by: 2) }
    for action in answer["would_perform"]?.arrayValue ?? [] {
      lines += wrapped(
        "would wait or run again: \(text(action, "type")), \(text(action, "status")), \(text(action, "when"))", by: 2)
    }
    lines.append(isRehearsal ? "Nothing was changed." : "To have it again: bound-mcp undo " + text(value, "undo_id"))
    return lines
  }

  private static func title(_ change: JSONValue) -> String {
    let tool = text(change, "tool")
    return Catalogue.operation(named: tool)?.title ?? tool
  }

  private static func wrapped(_ text: String, by count: Int? = nil) -> [String] {
    guard !text.isEmpty else { return [] }
    let indent = count.map { String(repeating: " ", count: $0) } ?? indent
    return TextLayout.wrap(text, to: width - indent.count).map { indent + $0 }
  }

  private static func text(_ value: JSONValue, _ name: String) -> String { value[name]?.stringValue ?? "" }
}
