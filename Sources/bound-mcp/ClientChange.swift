internal import Clients
internal import JSON
internal import Platform

/// One change of a client's file, with a backup of what was there.
struct ClientChange {
  /// Why nothing was changed.
  struct Failure: Error {
    let reason: String
  }

  /// What was done.
  struct Result {
    let difference: LineDifference
    /// Where the text lies as it was; nil when nothing was there or nothing changed.
    let backup: String?
    let isDryRun: Bool
  }

  private static let longestFile = 64 << 20

  let client: Client
  let entry: ServerEntry
  /// As it is called; the file itself may be behind a symbolic link.
  let path: String

  /// Enters the server, or takes it out.
  func make(uninstalling: Bool, isDryRun: Bool) throws(Failure) -> Result {
    let place = Files.resolved(path) ?? path
    let before = try read(place)
    let after = try text(before ?? [], uninstalling: uninstalling)
    let difference = LineDifference(before ?? [], after)
    if isDryRun || after == before ?? [] || difference.lines.isEmpty {
      return Result(difference: difference, backup: nil, isDryRun: isDryRun)
    }
    do {
      if let folder = Files.folder(of: place) { try Files.createDirectories(folder) }
      if !entry.variables.isEmpty, before != nil, try Files.permissions(of: place) & 0o077 != 0 {
        throw Failure(reason: "others may read it, so no key is written there: set its mode to 0600 (chmod 600)")
      }
      let backup = try before.map { text in try backUp(text, of: place) }
      guard try read(place) == before else { throw Failure(reason: "it was changed by another program just now") }
      try Files.replace(place, with: after)
      return Result(difference: difference, backup: backup, isDryRun: false)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(reason: "\(error)")
    }
  }

  private func text(_ before: [UInt8], uninstalling: Bool) throws(Failure) -> [UInt8] {
    do {
      if !uninstalling { return try ClientFile.adding(entry, to: before, of: client) }
      return before.isEmpty ? before : try ClientFile.removing(entry.name, from: before, of: client)
    } catch {
      throw Failure(reason: error.reason)
    }
  }

  private func read(_ place: String) throws(Failure) -> [UInt8]? {
    do {
      return try Files.read(place, limit: Self.longestFile)
    } catch {
      if error.isNoSuchFile { return nil }
      throw Failure(reason: "it can't be read: \(error)")
    }
  }

  /// Beside the file, named after the time, its owner's alone.
  private func backUp(_ text: [UInt8], of place: String) throws -> String {
    let time = SystemClock().now().iso8601.filter { $0 != ":" && $0 != "-" && $0 != "." }
    let backup = "\(place).\(time).bak"
    try Files.createFile(backup, containing: text)
    return backup
  }

  /// A line for people: of what others have written, values stay hidden, since they may be keys.
  static func shown(_ line: String) -> String {
    guard let sign = line.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return line }
    let key = line[..<sign].filter { $0 != "\"" && $0 != " " && $0 != "\t" }
    let value = line[line.index(after: sign)...].drop { $0 == " " }
    let isOurs = ["command", "args", "type"].contains(key)
    guard !isOurs, value.first.map({ !"{[".contains($0) || value.count > 1 }) == true else { return line }
    return line[...sign] + " …"
  }
}

extension ClientChange.Result {
  /// For programs.
  func json(of change: ClientChange, isUninstall: Bool) -> JSONValue {
    [
      "client": .string(change.client.rawValue), "name": .string(change.entry.name), "file": .string(change.path),
      "action": .string(isUninstall ? "uninstall" : "install"),
      "changed": .bool(!difference.lines.isEmpty && !isDryRun),
      "would_change": .bool(!difference.lines.isEmpty), "backup": backup.map { .string($0) } ?? .null,
    ]
  }
}
