import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

/// Text indexes take in what a file brings at the end of its transaction: nothing is missing there, nothing is twice.
@Suite("Text indexes of imported records")
struct ImportedTextTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bring(_ rows: [JSONObject], as set: RecordSet, to workspace: TestWorkspace) throws -> [ImportResult] {
    var cache = ImportCache()
    let records = try rows.map {
      try ImportedRecord($0, of: set, existing: .replace, now: workspace.clock.now(), cache: &cache)
    }
    let outcome = Monitor<Result<[ImportResult], ServiceError>?>(nil)
    workspace.store.importRecords(
      records, of: set, from: ImportSource(name: "rows", fingerprint: [UInt8(rows.count)]),
      place: ImportProgress(offset: 1, line: 1), unusable: 0
    ) { result in
      outcome.withLock { $0 = result.map(\.results) }
      outcome.notify()
    }
    return try #require(outcome.wait { $0 }).get()
  }

  private func check(_ indexes: [String], _ path: String) throws {
    let connection = try Connection(location: Location(path), role: .writer)
    for index in indexes {
      #expect(throws: Never.self) {
        try connection.execute("INSERT INTO \(index) (\(index), rank) VALUES ('integrity-check', 1)")
      }
    }
    #expect(try connection.integer("SELECT count(*) FROM text_waits") == 0)
  }

  private func found(_ query: String, _ workspace: TestWorkspace) throws -> Int {
    try workspace.call("pathbound_list_contacts", ["search": .string(query)])["contacts"]?.arrayValue?.count ?? 0
  }

  @Test("who is in a file twice, or was there before, is found by what was said last")
  func contacts() throws {
    let path = folder.file("w.db")
    let workspace = TestWorkspace(path: path)
    defer { workspace.close() }
    _ = try workspace.call(
      "pathbound_create_contact", ["email": "old@a.example", "properties": ["firstname": "Zebulon"]])
    let results = try bring(
      [
        ["email": "ada@a.example", "firstname": "Augusta"], ["email": "ada@a.example", "firstname": "Adelheid"],
        ["email": "nobody"], ["email": "old@a.example", "firstname": "Methuselah"],
      ], as: .contacts, to: workspace)
    #expect(results.count == 4 && results[0] == .created && results[1] == .updated && results[3] == .updated)
    #expect(try found("Adelheid", workspace) == 1 && found("Methuselah", workspace) == 1)
    #expect(try found("Augusta", workspace) == 0 && found("Zebulon", workspace) == 0)
    _ = try workspace.call("pathbound_create_contact", ["email": "new@a.example", "properties": ["firstname": "Nora"]])
    #expect(try found("Nora", workspace) == 1)
    try check(["contacts_text"], path)
  }

  @Test("companies, people of Owlbound and pages of events are in their indexes")
  func others() throws {
    let path = folder.file("w.db")
    let workspace = TestWorkspace(path: path)
    defer { workspace.close() }
    _ = try bring(
      [["domain": "a.example", "name": "Anvils"], ["domain": "a.example", "name": "Axles"]], as: .companies,
      to: workspace)
    _ = try bring(
      [
        ["firstName": "Grace", "email": "g@a.example", "company": "Navy"],
        ["firstName": "Gratia", "email": "g@a.example", "company": "Yard"],
      ], as: .owlboundContacts, to: workspace)
    _ = try bring([["event": "page_view", "url": "https://a.example/pricing"]], as: .events, to: workspace)
    try check(
      ["companies_text", "pages_text", "owl_contacts_text", "owl_contacts_names", "owl_contacts_companies"], path)
    let people = try workspace.call("owlbound_search_contacts", ["query": "gratia"])["contacts"]?.arrayValue
    #expect(people?.count == 1)
    let events = try workspace.call("pathbound_list_events", ["url_contains": "pricing"])["events"]?.arrayValue
    #expect(events?.count == 1)
  }
}
