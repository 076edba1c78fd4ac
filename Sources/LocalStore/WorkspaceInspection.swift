public import Service

/// What there is to say about a workspace file for who looks for a fault; looking changes nothing.
public struct WorkspaceInspection: Sendable {
  /// The file's size in bytes, without the log beside it.
  public let size: Int64
  /// The number of the last migration that it has seen; 0 for a file that holds no workspace yet.
  public let format: Int64
  /// What SQLite finds wrong in it, in its own words, at most five; empty when nothing is.
  public let faults: [String]

  /// The newest format, which this program writes.
  public static let newestFormat = Migrator.migrations.last?.version ?? 0

  /// Opens the file for reading and has SQLite look through it, which takes a second for each gigabyte or so.
  ///
  /// - Throws: when it can't be opened, or is no database.
  public init(path: String) throws(ServiceError) {
    let connection = try Connection(location: Location(path), role: .inspector)
    format = try connection.integer("PRAGMA user_version") ?? 0
    let pages = try connection.integer("PRAGMA page_count") ?? 0
    size = pages &* (try connection.integer("PRAGMA page_size") ?? 0)
    let check = try connection.statement(composed: "PRAGMA quick_check(5)")
    defer { check.reset() }
    var faults: [String] = []
    while try check.step() {
      let text = check.string(0)
      if text != "ok" { faults.append(text.cut(200)) }
    }
    self.faults = faults
  }
}
