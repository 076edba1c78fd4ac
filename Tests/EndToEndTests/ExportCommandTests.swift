import Foundation
import JSON
import Platform
import Testing

/// What goes out into files comes in from them again.
@Suite("The export command", .serialized)
struct ExportCommandTests {
  private let program = BuiltProgram()

  private func text(_ path: String) throws -> String { String(decoding: try Files.read(path), as: UTF8.self) }

  private func call(_ tool: String, _ arguments: JSONObject = [:]) throws -> JSONObject {
    let text = String(decoding: JSONValue.object(arguments).serialized(), as: UTF8.self)
    let outcome = try program.run(["call", tool, text])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(try JSONValue(parsing: Array(outcome.output.utf8)).objectValue)
  }

  private func run(_ arguments: [String]) throws -> BuiltProgram.Outcome {
    let outcome = try program.run(arguments)
    try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
    return outcome
  }

  /// A workspace with some of everything, and values that files get wrong.
  private func fill() throws {
    _ = try call(
      "pathbound_create_contact",
      [
        "email": "ada@engines.example",
        "properties": [
          "firstname": "=Ada", "lastname": "Love\nlace", "jobtitle": " \"CTO\", chief", "phone": "+44 20 1234",
          "lifecyclestage": "customer", "score_of_fit": 7, "vip": true, "interests": ["a", "b"], "Odd Name": "'=1",
        ],
      ])
    _ = try call(
      "pathbound_create_contact", ["email": "bob@engines.example", "properties": ["lifecyclestage": "lead"]])
    _ = try call(
      "pathbound_create_company",
      ["domain": "engines.example", "properties": ["name": "@Engines", "employee_count": 12]])
    _ = try call(
      "pathbound_track_events",
      [
        "events": [
          [
            "event": "page_view", "url": "https://engines.example/pricing?x=1", "visitorId": "v1", "sessionId": "s1",
            "timestamp": "2026-03-01T10:00:00Z", "data": ["title": "Prices, \"new\"", "depth": [1, 2.5]],
            "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "referrer": "https://www.google.com/",
          ],
          ["event": "signup", "visitorId": "v2", "timestamp": "2026-04-01T10:00:00Z"],
        ]
      ])
    _ = try call("pathbound_update_contact", ["contact_id": .string(try contact("ada")), "visitor_id": "v1"])
    _ = try call(
      "owlbound_create_contact",
      [
        "firstName": "Grace", "email": "grace@navy.example", "tags": ["x, y", "z"], "notes": "-- none --",
        "source": "fair",
      ])
    _ = try call("owlbound_upsert_company", ["linkedInUrl": "https://www.linkedin.com/company/navy", "name": "Navy"])
    let grace = try #require(try call("owlbound_search_contacts", ["query": "grace"])["contacts"]?[0]?["id"])
    _ = try call(
      "owlbound_ingest_signal",
      ["type": "funding_round", "priority": "high", "contactId": grace, "data": ["amount": 5], "notes": "=big"])
    _ = try call(
      "pathbound_create_contact_note", ["contact_id": .string(try contact("ada")), "content": "Likes, commas"])
  }

  private func contact(_ word: String) throws -> String {
    let found = try call("pathbound_list_contacts", ["search": .string(word)])["contacts"]?[0]
    return try #require(found?["contact_id"]?.stringValue)
  }

  /// Lines without the ids and times that a new workspace gives anew.
  private func comparable(_ path: String) throws -> [String] {
    let facts: Set<String> = [
      "contact_id", "company_id", "event_id", "signal_id", "owlbound_contact_id", "owlbound_company_id", "created_at",
    ]
    return try text(path).split(separator: "\n").map { line in
      let members = try #require(try JSONValue(parsing: Array(line.utf8)).objectValue)
      let kept = members.filter { !facts.contains($0.key) }.sorted { $0.key < $1.key }
      return JSONValue.object(JSONObject(kept.map { ($0.key, $0.value) })).text
    }
  }

  private static let kinds = ["contacts", "companies", "owlbound-contacts", "owlbound-companies", "events", "signals"]

  @Test("an export that is brought into a fresh workspace gives the same export there", arguments: ["jsonl", "csv"])
  func roundTrip(form: String) throws {
    try fill()
    let other = program.home + "/other.db"
    for kind in Self.kinds {
      let path = "\(program.home)/\(kind).\(form)"
      _ = try run(["export", kind, path])
      let brought = try run(["import", path, "--db", other])
      #expect(brought.output.contains(" 0 refused"), "\(kind): \(brought.output)")
      // A table knows no numbers and no lists: what it can keep is what the table says.
      let copy = "\(program.home)/\(kind)-2.\(form)"
      _ = try run(["export", kind, copy, "--db", other])
      if form == "jsonl" {
        #expect(try comparable(path) == comparable(copy), "\(kind)")
      } else {
        let (first, second) = ("\(program.home)/\(kind)-3.csv", "\(program.home)/\(kind)-4.csv")
        try Files.write(Self.cells(try text(path)), to: first)
        try Files.write(Self.cells(try text(copy)), to: second)
        #expect(try text(first) == text(second), "\(kind)")
      }
    }
  }

  /// A table without the columns that a new workspace gives anew: the first, and of people and companies the last.
  private static func cells(_ table: String) -> [UInt8] {
    let rows = table.components(separatedBy: "\r\n").map { row in
      var cells = row.split(separator: ",", omittingEmptySubsequences: false).dropFirst()
      if table.contains(",created_at\r\n") { cells = cells.dropLast() }
      return cells.joined(separator: ",")
    }
    return Array(rows.joined(separator: "\n").utf8)
  }

  @Test("a table opens in a spreadsheet without running anything, and has a column for every property")
  func table() throws {
    try fill()
    let lines = try run(["export", "contacts"]).output
    #expect(
      lines.hasPrefix(
        "contact_id,email,firstname,lastname,jobtitle,lifecyclestage,phone,Odd Name,interests,score_of_fit,vip,created_at"
      ),
      "\(lines)")
    #expect(
      lines.contains(#",'=Ada,"Love"#) && lines.contains(#"" ""CTO"", chief",customer,+44 20 1234,''=1,"a; b",7,true,"#)
    )
    #expect(!lines.contains("\n=") && !lines.contains(",="))
  }

  @Test("people are chosen by segment, stage and time")
  func filters() throws {
    try fill()
    _ = try call("pathbound_save_segment", ["name": "Leads", "filter": ["lifecycle_stage": "lead"]])
    let leads = try run(["export", "contacts", "-", "--segment", "leads", "--format", "jsonl"])
    #expect(leads.output.contains("bob@") && !leads.output.contains("ada@"))
    #expect(leads.errors.contains("1 contacts"))
    #expect(try run(["export", "contacts", "--lifecycle-stage", "customer"]).output.contains("ada@"))
    let later = try run(["export", "events", "--since", "2026-03-15"]).output
    #expect(later.contains("signup") && !later.contains("page_view"))
    for (arguments, words) in [
      (["contacts", "--segment", "nobody"], "segment"),
      (["events", "--segment", "leads"], "choose contacts"), (["contacts", "--lifecycle-stage", "leed"], "lead"),
    ] {
      let outcome = try program.run(["export"] + arguments)
      #expect(outcome.status == 1 && outcome.errors.contains(words), "\(outcome.errors)")
    }
    let soon = try program.run(["export", "contacts", "--since", "soon"])
    #expect(soon.status == 2 && soon.errors.contains("30m, 2h or 3d"))
    let wrong = try program.run(["export", "contact"])
    #expect(wrong.status == 2 && wrong.errors.contains("did you mean \"contacts\""))
  }

  @Test("a file that is there stays unless it is to be replaced, and people's data are for their owner alone")
  func force() throws {
    try fill()
    let path = program.home + "/out.csv"
    let first = try run(["export", "contacts", path, "--json"])
    #expect(try JSONValue(parsing: Array(first.output.utf8))["rows"] == 2)
    #expect(try Files.permissions(of: path) == 0o600)
    let before = try text(path)
    let second = try program.run(["export", "events", path])
    #expect(second.status == 1 && second.errors.contains("--force"))
    #expect(try text(path) == before)
    _ = try run(["export", "notes", path, "--force"])
    #expect(try text(path).contains("\"Likes, commas\""))
    #expect(try Files.names(in: program.home).contains { $0.hasSuffix(".unfinished") } == false)
    let back = try program.run(["import", path])
    #expect(back.status == 1 && back.errors.contains("notes; these can't be brought in"))
  }

  @Test("an export that is killed leaves nothing under the file's name")
  func killed() throws {
    let total = 60_000
    let events = program.home + "/many.jsonl"
    try Files.write(
      Array(
        (0..<total).map { #"{"event":"page_view","url":"https://a.example/\#($0 % 7)","data":{"n":\#($0)}}"# }
          .joined(separator: "\n").utf8), to: events)
    _ = try program.run(["import", events], silence: 120_000)
    let path = program.home + "/out.jsonl"
    let child = try program.start(["export", "events", path])
    let deadline = Deadline.after(milliseconds: 30_000)
    while (try? Files.size(of: path + ".unfinished")) ?? 0 == 0, !deadline.hasPassed {}
    child.kill()
    _ = child.waitForExit()
    #expect(!Files.exists(path))
    _ = try run(["export", "events", path])
    #expect(try Files.size(of: path) > 0 && !Files.exists(path + ".unfinished"))
  }
}
