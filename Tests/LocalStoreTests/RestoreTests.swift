import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

/// A copy in the place of a workspace: whole or not at all, and nothing that was there is lost.
@Suite("Restoring a workspace")
struct RestoreTests {
  private let folder: TemporaryFolder
  private let clock = ManualClock()

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] { (try? Files.names(in: folder.path).filter { !$0.hasSuffix("-writer") }) ?? [] }

  private func make(_ name: String, _ emails: [String]) throws -> String {
    let path = folder.file(name)
    let workspace = TestWorkspace(path: path, clock: clock)
    for email in emails { _ = try workspace.call("pathbound_create_contact", ["email": .string(email)]) }
    workspace.close()
    return path
  }

  private func count(_ path: String) throws -> Int64? {
    let workspace = TestWorkspace(path: path, clock: clock)
    defer { workspace.close() }
    return try workspace.call("pathbound_list_contacts", ["count_only": true])["count"]?.integerValue
  }

  private func refusal(_ file: String, _ path: String, replaces: Bool = true) throws -> String {
    let error = #expect(throws: ServiceError.self) {
      try LocalStore.restore(file, to: path, replaces: replaces, clock: clock)
    }
    return try #require(error).message
  }

  @Test("a copy becomes a workspace where there was none, and stays as it is")
  func new() throws {
    let copy = try make("copy.db", ["ada@a.example"])
    let before = try Files.read(copy, limit: 64 << 20)
    let path = folder.file("sub/new.db")
    #expect(try LocalStore.restore(copy, to: path, replaces: false, clock: clock) == nil)
    #expect(try count(path) == 1)
    #expect(try Files.read(copy, limit: 64 << 20) == before)
    #expect(try Files.permissions(of: path) == 0o600)
  }

  @Test("a workspace that somebody has open is left alone")
  func used() throws {
    let copy = try make("copy.db", ["ada@a.example"])
    let path = try make("w.db", ["a@a.example", "b@a.example"])
    #expect(try refusal(copy, path, replaces: false).contains("--force"))
    let user = TestWorkspace(path: path, clock: clock)
    _ = try user.call("pathbound_list_contacts")
    #expect(try refusal(copy, path).contains("in use"))
    #expect(try user.call("pathbound_list_contacts", ["count_only": true])["count"] == 2)
    #expect(!names.contains { $0.hasSuffix(".unfinished") || $0.contains(".replaced") })
    user.close()
  }

  @Test("what is damaged, newer, or no workspace is refused, and nothing is changed")
  func refused() throws {
    let path = try make("w.db", ["a@a.example"])
    let newer = try make("newer.db", ["a@a.example"])
    try Connection(location: Location(newer), role: .writer).execute("PRAGMA user_version = 9999")
    #expect(try refusal(newer, path).contains("newer bound-mcp (format 9999"))
    let other = folder.file("other.db")
    try Files.createExclusively(other).close()
    try Connection(location: Location(other), role: .writer).execute("CREATE TABLE t (x); PRAGMA user_version = 3")
    #expect(try refusal(other, path).contains("no workspace"))
    try Files.write(Array("email\nada@a.example\n".utf8), to: folder.file("text.csv"))
    #expect(try refusal(folder.file("text.csv"), path).contains("no workspace"))
    #expect(try refusal(folder.file("nothing.db"), path).contains("no file"))
    let damaged = try make("damaged.db", ["a@a.example", "b@a.example"])
    var bytes = try Files.read(damaged, limit: 64 << 20)
    for place in stride(from: 8192, to: bytes.count, by: 64) { bytes[place] = 0xA5 }
    try Files.write(bytes, to: damaged)
    #expect(try refusal(damaged, path).contains("damaged"))
    #expect(try count(path) == 1)
  }

  @Test("a copy of an older form gets the present one")
  func older() throws {
    let old = folder.file("old.db")
    try Files.createExclusively(old).close()
    let connection = try Connection(location: Location(old), role: .writer)
    try connection.execute("PRAGMA journal_mode = WAL")
    for migration in Migrator.migrations.prefix(9) {
      try connection.execute(migration.sql)
      try connection.execute("PRAGMA user_version = \(migration.version)")
    }
    try connection.execute(
      """
      INSERT INTO contacts (email_key, properties, creation_source, created_at, updated_at)
      VALUES ('ada@a.example', '{"email":"ada@a.example","firstname":"Ada"}', 'api', 1, 1)
      """)
    let path = folder.file("w.db")
    _ = try LocalStore.restore(old, to: path, replaces: false, clock: clock)
    #expect(try WorkspaceInspection(path: path).format == WorkspaceInspection.newestFormat)
    #expect(try WorkspaceInspection(path: old).format == 9)
    let workspace = TestWorkspace(path: path, clock: clock)
    #expect(try workspace.call("pathbound_list_contacts", ["search": "ada"])["contacts"]?.arrayValue?.count == 1)
    workspace.close()
  }
}
