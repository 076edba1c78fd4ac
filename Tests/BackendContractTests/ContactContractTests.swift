import JSON
import Service
import StoreSupport
import TestSupport
import Testing

/// Contacts, their notes and their history, in calls and payloads alone (Pathbound API 5).
@Suite("Contract: contacts", .serialized)
struct ContactContractTests {
  private func contact(_ workspace: TestWorkspace, _ email: String, _ properties: JSONObject = [:]) throws -> JSONValue
  {
    let created = try workspace.call(
      "pathbound_create_contact", ["email": .string(email), "properties": .object(properties)])
    return try #require(created["contact"]?["_id"])
  }

  private func code(_ workspace: TestWorkspace, _ tool: String, _ arguments: JSONObject) throws -> ServiceError.Code {
    try #require(throws: ServiceError.self) { try workspace.call(tool, arguments) }.code
  }

  @Test("the quickstart's contact is created and read back", arguments: Place.allCases)
  func quickstart(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let properties: JSONObject = [
      "firstname": "Ada", "lastname": "Lovelace", "company": "Analytical Engines", "lifecyclestage": "lead",
    ]
    let id = try contact(workspace, "ada@example.com", properties)
    let read = try workspace.call("pathbound_get_contact", ["contact_id": id])
    let record = try #require(read["contact"])
    #expect(record["_id"] == id && record["contact_id"] == id)
    for (name, value) in properties { #expect(record["properties"]?[name] == value) }
    #expect(record["properties"]?["email"] == "ada@example.com")
    #expect(record["created_at"]?.stringValue != nil && record["segment_ids"]?.arrayValue != nil)
    #expect(read["unified_profile"]?.objectValue != nil)
  }

  @Test("e-mails are compared without blanks and case", arguments: Place.allCases)
  func sameEmail(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try contact(workspace, "  ada@example.com ")
    #expect(
      try workspace.call("pathbound_get_contact", ["contact_id": id])["contact"]?["properties"]?["email"]
        == "ada@example.com")
    #expect(try code(workspace, "pathbound_create_contact", ["email": "ADA@Example.com\t"]) == .conflict)
    let other = try contact(workspace, "bob@example.com")
    let taken: JSONObject = ["contact_id": other, "properties": ["email": " Ada@example.com"]]
    #expect(try code(workspace, "pathbound_update_contact", taken) == .conflict)
    #expect(try code(workspace, "pathbound_create_contact", [:]) == .validation)
    #expect(try code(workspace, "pathbound_create_contact", ["email": "nobody"]) == .validation)
  }

  @Test("an update merges, and null removes a property", arguments: Place.allCases)
  func merge(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try contact(workspace, "ada@example.com", ["firstname": "Ada", "city": "London"])
    let updated = try workspace.call(
      "pathbound_update_contact", ["contact_id": id, "properties": ["city": .null, "jobtitle": "Countess"]])["contact"]
    #expect(
      updated?["properties"] == ["email": "ada@example.com", "firstname": "Ada", "jobtitle": "Countess"])
  }

  @Test("every filter of the list is obeyed, alone and together", arguments: Place.allCases)
  func filters(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let company = try #require(
      try workspace.call("pathbound_create_company", ["domain": "example.com"])["company"]?["_id"])
    let ada = try contact(
      workspace, "ada@example.com",
      [
        "firstname": "Ada", "lifecyclestage": "lead", "lead_status": "open", "country": "UK", "industry": "Software",
        "city": "London", "state": "Greater London", "jobtitle": "Chief Engineer",
        "linkedin_url": "https://linkedin.com/in/ada",
      ])
    _ = try contact(workspace, "bob@other.example", ["firstname": "Bob", "lifecyclestage": "customer"])
    let filters: [(String, JSONValue)] = [
      ("lifecycle_stage", "lead"), ("lead_status", "open"), ("country", "UK"), ("industry", "Software"),
      ("city", "London"), ("state", "Greater London"), ("job_title", "chief ENGINEER"), ("has_linkedin", true),
      ("company_id", company), ("search", "ada"), ("status", "not_enriched"), ("created_after", "2020-01-01"),
      ("created_before", "2100-01-01T00:00:00Z"),
    ]
    let loose: Set = ["status", "created_after", "created_before"]
    for (position, (name, value)) in filters.enumerated() {
      let alone = try workspace.call("pathbound_list_contacts", [name: value])
      #expect(alone["pagination"]?["total_items"] == (loose.contains(name) ? 2 : 1), "\(name)")
      for (other, otherValue) in filters[(position + 1)...] {
        let both = try workspace.call("pathbound_list_contacts", [name: value, other: otherValue])
        #expect(both["contacts"]?.arrayValue?.contains { $0["_id"] == ada } == true, "\(name) \(other)")
      }
    }
    #expect(try workspace.call("pathbound_list_contacts", ["has_linkedin": false, "count_only": true]) == ["count": 1])
    #expect(try workspace.call("pathbound_list_contacts", ["status": "enriched", "count_only": true]) == ["count": 0])
    let summary = try workspace.call("pathbound_list_contacts", ["fields": "summary", "search": "ada"])
    let names = summary["contacts"]?[0]?.objectValue.map { Set($0.keys) } ?? []
    #expect(
      names.isSuperset(of: [
        "id", "contact_id", "email", "firstname", "lastname", "company", "jobtitle", "lifecyclestage", "company_id",
        "created_at",
      ]))
  }

  @Test("pages and orders of the list", arguments: Place.allCases)
  func pages(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    for name in ["c", "a", "b"] {
      _ = try contact(workspace, "\(name)@example.com", ["firstname": .string(name), "lastname": .string("x" + name)])
    }
    for key in ["email", "firstname", "lastname"] {
      let list = try workspace.call(
        "pathbound_list_contacts", ["sort_by": .string(key), "sort_dir": "asc", "limit": 2, "page": 1])
      #expect(list["contacts"]?.arrayValue?.map { $0["properties"]?["firstname"] } == ["a", "b"])
      #expect(list["pagination"] == ["page": 1, "limit": 2, "total_pages": 2, "total_items": 3])
    }
    #expect(try code(workspace, "pathbound_list_contacts", ["limit": 101]) == .validation)
    #expect(try code(workspace, "pathbound_list_contacts", ["page": 0]) == .validation)
    #expect(try code(workspace, "pathbound_list_contacts", ["sort_by": "age"]) == .validation)
  }

  @Test("a visitor's past and its first touch become the contact's", arguments: Place.allCases)
  func firstTouch(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    _ = try workspace.call(
      "pathbound_track_events",
      [
        "events": [
          [
            "event": "first_visit", "visitorId": "v1",
            "data": [
              "landingPage": "https://b.example/x", "initialReferrer": "https://www.search.example/q",
              "utmParams": ["utm_source": "mail"],
            ],
          ],
          ["event": "page_view", "visitorId": "v1", "url": "https://b.example/pricing"],
        ]
      ])
    let created = try workspace.call("pathbound_create_contact", ["email": "ada@example.com", "visitor_id": "v1"])
    let record = try #require(created["contact"])
    #expect(record["creation_landing_page"] == "https://b.example/x")
    #expect(record["creation_referrer"] == "https://www.search.example/q")
    #expect(record["creation_referring_domain"] == "www.search.example")
    #expect(record["creation_utms"] == ["utm_source": "mail"])
    let id = try #require(record["_id"])
    let read = try workspace.call("pathbound_get_contact", ["contact_id": id])
    #expect(read["events"]?.arrayValue?.count == 2)
    #expect(read["unified_profile"]?["first_touch"]?["creation_landing_page"] == "https://b.example/x")
  }

  @Test("a contact is shown with its last 20 events and 10 actions", arguments: Place.allCases)
  func embeds(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try contact(workspace, "ada@example.com")
    let events = (0..<25).map { JSONValue.object(["event": .string("e\($0)"), "contact_id": id]) }
    _ = try workspace.call("pathbound_track_events", ["events": .array(events)])
    for number in 0..<12 {
      _ = try workspace.call(
        "pathbound_queue_action",
        [
          "type": "create_note", "params": ["contact_id": id, "content": .string("\(number)")],
          "identity_id": "id_default", "require_approval": true,
        ])
    }
    let read = try workspace.call("pathbound_get_contact", ["contact_id": id])
    #expect(read["events"]?.arrayValue?.count == 20)
    #expect(read["actions"]?.arrayValue?.count == 10)
    #expect(read["events"]?[0]?["event"] == "e24")
  }

  @Test("notes live through create, list, update and delete", arguments: Place.allCases)
  func notes(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try contact(workspace, "ada@example.com")
    let note = try #require(
      try workspace.call("pathbound_create_contact_note", ["contact_id": id, "content": "Call."])["note"]?["_id"])
    let changed = try workspace.call(
      "pathbound_update_contact_note", ["contact_id": id, "note_id": note, "content": "Called."])["note"]
    #expect(changed?["content"] == "Called." && changed?["_id"] == note)
    for name in ["created_at", "updated_at", "author"] { #expect(changed?[name]?.stringValue != nil) }
    let list = try workspace.call("pathbound_list_contact_notes", ["contact_id": id])["notes"]
    #expect(list?.arrayValue?.map { $0["content"] } == ["Called."])
    _ = try workspace.call("pathbound_delete_contact_note", ["contact_id": id, "note_id": note])
    #expect(try workspace.call("pathbound_list_contact_notes", ["contact_id": id])["notes"] == [])
    #expect(
      try code(workspace, "pathbound_delete_contact_note", ["contact_id": id, "note_id": note]) == .notFound)
  }

  @Test("a timeline tells of events and notes, conversations and threads begin empty", arguments: Place.allCases)
  func history(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try contact(workspace, "ada@example.com")
    _ = try workspace.call("pathbound_track_events", ["events": [["event": "signup", "contact_id": id]]])
    _ = try workspace.call("pathbound_create_contact_note", ["contact_id": id, "content": "Call."])
    let timeline = try workspace.call("pathbound_get_contact_timeline", ["contact_id": id])["timeline"]?.arrayValue
    #expect(timeline?.count == 2)
    for tool in ["pathbound_get_contact_conversations", "pathbound_list_contact_email_threads"] {
      let answer = try workspace.call(tool, ["contact_id": id])
      #expect((answer["conversations"] ?? answer["threads"]) == [])
    }
  }

  @Test("a deleted contact is gone, and its e-mail is free", arguments: Place.allCases)
  func delete(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try contact(workspace, "ada@example.com")
    _ = try workspace.call("pathbound_delete_contact", ["contact_id": id])
    for tool in [
      "pathbound_get_contact", "pathbound_delete_contact", "pathbound_get_contact_timeline",
      "pathbound_list_contact_notes", "pathbound_get_contact_conversations", "pathbound_list_contact_email_threads",
    ] {
      #expect(try code(workspace, tool, ["contact_id": id]) == .notFound, "\(tool)")
    }
    #expect(try contact(workspace, "ada@example.com") != id)
  }
}
