import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

@Suite("Places of events")
struct PlaceTests {
  private func store(_ url: String, in transaction: WriteTransaction) throws {
    let draft = try EventDraft(
      ["event": "page_view", "url": .string(url)], at: "", now: transaction.now.milliseconds)
    _ = try draft.store(for: nil, in: transaction)
  }

  private func count(_ table: String, _ file: WorkspaceFile) throws -> Int64? {
    try file.read { transaction throws(ServiceError) in
      try transaction.database.integer("SELECT count(*) FROM \(table)")
    }
  }

  @Test("what a transaction that was taken back had found is found anew")
  func rollBack() throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: ManualClock())
    let lost = try file.beginWrite()
    try store("https://a.example/x", in: lost)
    file.rollBack()
    let kept = try file.beginWrite()
    for _ in 0..<3 { try store("https://a.example/y", in: kept) }
    try store("https://a.example/x", in: kept)
    try file.commit(kept)
    let next = try file.beginWrite()
    try store("https://a.example/x", in: next)
    try file.commit(next)

    #expect(try count("events", file) == 5)
    #expect(try count("pages", file) == 2)
    #expect(try count("domains", file) == 1)
    let shown = try file.read { transaction throws(ServiceError) in
      try transaction.database.integer(
        "SELECT count(*) FROM events e JOIN pages p ON p.id = e.page_id WHERE p.url = 'https://a.example/x'")
    }
    #expect(shown == 2)
    #expect(try file.read { transaction throws(ServiceError) in try transaction.counter("events") } == 5)
  }

  @Test("an event that fails leaves nothing of its call, and nothing that others' events miss")
  func failedCall() throws {
    let workspace = TestWorkspace()
    try workspace.track(["event": "a", "url": "https://a.example/x"])
    _ = try workspace.refusal(
      "pathbound_track_events",
      ["events": [["event": "b", "url": "https://a.example/new"], ["event": "b", "contact_id": "ct_x"]]])
    try workspace.track(["event": "a", "url": "https://a.example/new"])
    let list = try workspace.call("pathbound_list_events", ["sort_dir": "asc"])
    #expect(list.texts("url", of: "events") == ["https://a.example/x", "https://a.example/new"])
    #expect(try workspace.call("pathbound_list_events", ["event_type": "b", "count_only": true])["count"] == 0)
  }

  @Test("two processes that write the same addresses agree on them")
  func processes() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("workspace.db")
    let first = TestWorkspace(path: path)
    let second = TestWorkspace(path: path, clock: first.clock)
    for number in 0..<6 {
      for workspace in [first, second] {
        try workspace.track(["event": "page_view", "url": .string("https://a.example/\(number % 3)")])
      }
    }
    for workspace in [first, second] {
      #expect(try workspace.call("pathbound_list_events").totalItems == 12)
      #expect(try workspace.call("pathbound_list_events", ["url_contains": "example/1"]).totalItems == 4)
      #expect(try workspace.call("pathbound_list_events", ["domain": "a.example"]).totalItems == 12)
      #expect(try workspace.call("pathbound_list_events", ["event_type": "page_view"]).totalItems == 12)
      workspace.close()
    }
  }

  @Test("more addresses than are remembered are all stored")
  func many() throws {
    let file = try WorkspaceFile(location: Location(":memory:"), clock: ManualClock())
    for _ in 0..<2 {
      let transaction = try file.beginWrite()
      for number in 0..<1500 { try store("https://a.example/\(number)", in: transaction) }
      try file.commit(transaction)
    }
    #expect(try count("pages", file) == 1500)
    #expect(try count("events", file) == 3000)
  }

  @Test("two spellings of one letter are two addresses")
  func bytes() throws {
    let workspace = TestWorkspace()
    try workspace.track(["event": "a", "url": "https://a.example/\u{E9}"])
    try workspace.track(["event": "a", "url": "https://a.example/e\u{301}"])
    let urls = try workspace.call("pathbound_list_events").texts("url", of: "events")
    #expect(Set(urls.map { Array($0.utf8) }).count == 2)
  }
}

@Suite("User agents")
struct UserAgentTests {
  @Test(
    "browsers, systems and devices are told apart",
    arguments: [
      (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
        "Safari 17.4 macOS Desktop"
      ),
      (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 CriOS/123.0.6312.52 Mobile/15E148",
        "Chrome 123.0.6312.52 iOS Mobile"
      ),
      (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36 Edg/122.0.2365.92",
        "Edge 122.0.2365.92 Windows Desktop"
      ),
      (
        "Mozilla/5.0 (Linux; Android 14; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
        "Chrome 122.0.0.0 Android Tablet"
      ),
      ("Mozilla/5.0 (X11; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0", "Firefox 124.0 Linux Desktop"),
      ("curl/8.5.0", "- - - Desktop"), ("", "- - - Desktop"), ("Edg/", "Edge - - Desktop"),
    ])
  func known(text: String, expected: String) {
    let agent = UserAgent(text)
    #expect("\(agent.browser ?? "-") \(agent.version ?? "-") \(agent.system ?? "-") \(agent.device)" == expected)
    #expect(!agent.isBot)
  }
}

@Suite("Audit of people")
struct PeopleAuditTests {
  @Test("every write is recorded with its record, and what was there before and after")
  func rows() throws {
    let workspace = TestWorkspace()
    let id = try workspace.contact("a@b.example", ["plan": "free"])
    _ = try workspace.call(
      "pathbound_update_contact", ["contact_id": .string(id), "properties": ["plan": "pro"]], client: "editor")
    let owl = try workspace.owlContact(["firstName": "Ada"])
    let event = try workspace.track(["event": "x"])[0]
    _ = try? workspace.call("pathbound_create_contact", ["email": "a@b.example"])
    let before = #"{"email":"a@b.example","plan":"free"}"#
    #expect(
      try AuditRows.read(workspace) == [
        "tests pathbound_create_contact \(id) - \(before)",
        "editor pathbound_update_contact \(id) \(before) \(before.replacing("free", with: "pro"))",
        "tests owlbound_create_contact \(owl) - {\"firstName\":\"Ada\",\"source\":\"api\"}",
        "tests pathbound_track_events \(event) - -",
      ])
  }
}
