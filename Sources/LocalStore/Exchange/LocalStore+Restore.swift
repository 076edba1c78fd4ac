public import Platform
public import Service

extension LocalStore {
  /// Puts the workspace that is in a file, such as one that ``backUp(to:)`` has made, in the place of another.
  ///
  /// The file is looked through first, and is left as it is; the workspace gets the form that this program knows. What
  /// was there is kept beside it. Whenever the program is killed, there is one of the two under the name, whole.
  ///
  /// - Parameter replaces: a workspace that is there may be put away, when no other process has it open.
  /// - Returns: where the former workspace is kept; nil when there was none.
  public static func restore(
    _ file: String, to path: String, replaces: Bool, clock: any Clock = SystemClock()
  ) throws(ServiceError) -> String? {
    try inspect(file)
    if Files.exists(path), !replaces { throw isThere(path) }
    let draft = path + ".unfinished"
    removeAll(of: draft)
    do throws(ServiceError) {
      try prepare(draft, from: file)
      return try put(draft, in: path, clock)
    } catch {
      removeAll(of: draft)
      throw error
    }
  }

  private static func isThere(_ path: String) -> ServiceError {
    ServiceError(.conflict, "There is a workspace at \(path). --force puts it away and keeps it beside the new one.")
  }

  private static func removeAll(of path: String) {
    for ending in ["", "-wal", "-shm"] { try? Files.remove(path + ending) }
  }

  /// Refuses what is no whole workspace, or one that a newer program has written.
  private static func inspect(_ file: String) throws(ServiceError) {
    guard Files.exists(file) else { throw ServiceError(.notFound, "There is no file \(file).") }
    let inspection: WorkspaceInspection
    do throws(ServiceError) {
      inspection = try WorkspaceInspection(path: file)
      let connection = try Connection(location: Location(file), role: .inspector)
      guard inspection.format > 0, try connection.integer("SELECT 1 FROM settings WHERE name = 'id_key'") == 1 else {
        throw ServiceError(.validation, "")
      }
    } catch {
      throw ServiceError(.validation, "\(file) is damaged, or no workspace of bound-mcp. Nothing was changed.")
    }
    let newest = WorkspaceInspection.newestFormat
    guard inspection.format <= newest else {
      throw ServiceError(
        .validation,
        "\(file) was written by a newer bound-mcp (format \(inspection.format); this program knows \(newest)). "
          + "Update bound-mcp first. Nothing was changed.")
    }
    guard inspection.faults.isEmpty else {
      throw ServiceError(.validation, "\(file) is damaged: \(inspection.faults[0]). Nothing was changed.")
    }
  }

  private static func prepare(_ draft: String, from file: String) throws(ServiceError) {
    try Location(draft).create()
    try Connection(location: Location(file), role: .reader).copy(to: draft)
    try bringUp(draft)
    do throws(SystemError) {
      for ending in ["-wal", "-shm"] { try? Files.remove(draft + ending) }
      try Files.synchronize(draft)
    } catch {
      throw failure(error)
    }
  }

  /// Brings a copy to the form that this program knows.
  private static func bringUp(_ draft: String) throws(ServiceError) {
    let connection = try Connection(location: Location(draft), role: .writer)
    try connection.execute("PRAGMA journal_mode = WAL")
    try Migrator.migrate(connection)
    try connection.checkpoint()
  }

  private static func put(_ draft: String, in path: String, _ clock: any Clock) throws(ServiceError) -> String? {
    let kept = Files.exists(path) ? try keep(path, clock) : nil
    do throws(SystemError) {
      if kept == nil { try Files.link(draft, as: path) } else { try Files.rename(draft, to: path) }
      if kept == nil { try? Files.remove(draft) }
      try Files.synchronizeDirectory(Files.folder(of: path) ?? "/")
    } catch {
      throw error.isFileExists ? isThere(path) : failure(error)
    }
    return kept
  }

  /// Gives the workspace that is there a second name, once nobody has it open and all of it is in one file.
  private static func keep(_ path: String, _ clock: any Clock) throws(ServiceError) -> String {
    var kept = ""
    try WriteLock(location: Location(path)).withLock { () throws(ServiceError) in
      let owner: Connection
      do throws(ServiceError) {
        owner = try Connection(location: Location(path), role: .owner)
      } catch {
        guard error.code == .unavailable else { throw error }
        throw ServiceError(
          .conflict,
          "The workspace at \(path) is in use. End the clients and workers that have it open, and try again.")
      }
      try owner.checkpoint()
      kept = try secondName(of: path, clock)
    }
    // What lies there yet belongs to the old file, and would be taken for the new one's.
    if let size = try? Files.size(of: path + "-wal"), size > 0 {
      try? Files.remove(kept)
      throw ServiceError(.conflict, "The workspace at \(path) was opened at this moment. Try again.")
    }
    return kept
  }

  /// A name that says when, and is not taken by what another restore of the same second has kept.
  private static func secondName(of path: String, _ clock: any Clock) throws(ServiceError) -> String {
    let time = clock.now().iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }
    var number = 1
    while true {
      let name = "\(path).replaced-\(time)" + (number == 1 ? "" : "-\(number)")
      do throws(SystemError) {
        try Files.link(path, as: name)
        return name
      } catch {
        guard error.isFileExists, number < 100 else { throw failure(error) }
        number += 1
      }
    }
  }

  private static func failure(_ error: SystemError) -> ServiceError {
    ServiceError(.internal, "The workspace can't be put in place: \(error). What was there is as it was.")
  }
}
