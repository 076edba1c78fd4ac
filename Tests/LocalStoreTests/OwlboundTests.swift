import JSON
import Service
import StoreSupport
import Testing

@Suite("Owlbound contacts")
struct OwlContactTests {
  let workspace = TestWorkspace()

  @Test("a created contact is read back with every field")
  func create() throws {
    let id = try workspace.owlContact([
      "firstName": " Ada ", "lastName": "Lovelace", "email": "Ada@B.example", "phone": "+44 1", "title": "CTO",
      "linkedInUrl": "https://www.linkedin.com/in/Ada/?utm=1", "company": "Analytical", "location": "London",
      "tags": ["vip", " vip ", "", "math"], "notes": "Likes engines.",
    ])
    let contact = try #require(try workspace.call("owlbound_get_contact", ["id": .string(id)])["contact"])
    #expect(contact["id"]?.stringValue == id)
    #expect(contact["firstName"] == "Ada")
    #expect(contact["email"] == "Ada@B.example")
    #expect(contact["linkedInUrl"] == "https://www.linkedin.com/in/Ada/?utm=1")
    #expect(contact["tags"] == ["vip", "math"])
    #expect(contact["source"] == "api")
    #expect(contact["status"] == "new")
    #expect(contact["score"] == .null)
    #expect(contact["createdAt"] == 1_795_249_800_000)
    #expect(contact["archived"] == false)
    #expect(contact["scores"] == [])
    #expect(contact["enrichment"] == .null)
  }

  @Test("a known e-mail or profile is refused with the contact's id, however it is written")
  func duplicates() throws {
    let id = try workspace.owlContact(["email": "ada@b.example", "linkedInUrl": "https://linkedin.com/in/ada"])
    let same: [(JSONObject, String)] = [
      (["email": "ADA@b.example"], "/email"), (["linkedInUrl": "http://WWW.linkedin.com/in/Ada/"], "/linkedInUrl"),
      (["linkedInUrl": "linkedin.com/in/ada?trk=x#top", "email": "other@b.example"], "/linkedInUrl"),
    ]
    for (fields, path) in same {
      let error = try workspace.refusal("owlbound_create_contact", fields)
      #expect(error.code == .validation)
      #expect(error.message.contains(id))
      #expect(error.details.first?.path == path)
    }
    _ = try workspace.owlContact(["linkedInUrl": "https://linkedin.com/in/ada2"])
  }

  @Test("somebody must be named")
  func nobody() throws {
    for fields in [[:], ["company": "X"], ["firstName": "  "]] as [JSONObject] {
      #expect(try workspace.refusal("owlbound_create_contact", fields).code == .validation)
    }
    let long = JSONValue.string(String(repeating: "x", count: 100_000))
    #expect(try workspace.refusal("owlbound_create_contact", ["firstName": long]).code == .validation)
    #expect(try workspace.refusal("owlbound_create_contact", ["firstName": "A", "notes": long]).code == .validation)
    #expect(try workspace.refusal("owlbound_create_contact", ["firstName": "A", "tags": [long]]).code == .validation)
  }

  @Test("search takes all words as prefixes and puts the best match first")
  func search() throws {
    _ = try workspace.owlContact(["firstName": "Grace", "lastName": "Hopper", "company": "Swift Systems"])
    _ = try workspace.owlContact([
      "firstName": "Taylor", "lastName": "Swift", "tags": ["singer"], "email": "t@s.example",
    ])
    _ = try workspace.owlContact(["firstName": "Zoë", "title": "VP Sales"])
    func names(_ arguments: JSONObject) throws -> [String] {
      try workspace.call("owlbound_search_contacts", arguments).texts("firstName", of: "contacts")
    }
    #expect(try names(["query": "swift"]) == ["Taylor", "Grace"])
    #expect(try names(["query": "SWI gra"]) == ["Grace"])
    #expect(try names(["query": "zoe vp"]) == ["Zoë"])
    #expect(try names(["query": "sing"]) == ["Taylor"])
    #expect(try names(["query": "t@s.exa"]) == ["Taylor"])
    #expect(try names(["query": "swift", "status": "replied"]) == [])
    #expect(try names(["query": "swift", "limit": 1]) == ["Taylor"])
    for text in ["***", " ", "\"", "()"] {
      #expect(try workspace.refusal("owlbound_search_contacts", ["query": .string(text)]).code == .validation)
    }
    for text in ["a AND", "NEAR(x", "firstName:x", "\"swift\" OR \"zoe\"", "a\u{0}b"] {
      _ = try workspace.call("owlbound_search_contacts", ["query": .string(text)])
    }
  }
}

@Suite("Signals")
struct SignalTests {
  let workspace = TestWorkspace()

  @Test("a signal is stored and listed, newest first, with its data")
  func ingest() throws {
    let contact = try workspace.owlContact(["firstName": "Ada"])
    let first = try workspace.call(
      "owlbound_ingest_signal",
      [
        "type": "funding_round", "data": ["amount": 5, "by": ["A", "B"]], "contactId": .string(contact),
        "priority": "high", "notes": "Series A",
      ])
    let second = try workspace.call("owlbound_ingest_signal", ["type": "website_visit", "data": [:]])
    func ids(_ arguments: JSONObject) throws -> [JSONValue?] {
      try workspace.call("owlbound_list_signals", arguments)["signals"]?.arrayValue?.map { $0["id"] } ?? []
    }
    #expect(try ids([:]) == [second["signalId"], first["signalId"]])
    #expect(try ids(["type": "funding_round"]) == [first["signalId"]])
    #expect(try ids(["priority": "medium"]) == [second["signalId"]])
    #expect(try ids(["type": "funding_round", "priority": "low"]) == [])
    #expect(try ids(["unactioned_only": true, "limit": 1]) == [second["signalId"]])
    let signal = try workspace.call("owlbound_list_signals", ["priority": "high"])["signals"]?[0]
    #expect(signal?["data"] == ["amount": 5, "by": ["A", "B"]])
    #expect(signal?["contactId"]?.stringValue == contact)
    #expect(signal?["notes"] == "Series A")
    #expect(signal?["source"] == "api")
    #expect(signal?["actioned"] == false)
    #expect(signal?["createdAt"] == 1_795_249_800_000)
  }

  @Test("data may have 10,240 bytes as compact JSON and no more")
  func size() throws {
    // {"text":""} has 11 bytes.
    let fitting = JSONValue.string(String(repeating: "x", count: 10_240 - 11))
    _ = try workspace.call("owlbound_ingest_signal", ["type": "job_change", "data": ["text": fitting]])
    let long = JSONValue.string(String(repeating: "x", count: 10_240 - 10))
    let error = try workspace.refusal("owlbound_ingest_signal", ["type": "job_change", "data": ["text": long]])
    #expect(error.code == .validation)
    #expect(error.details.first?.path == "/data")
  }

  @Test("an unknown contact is not found, and nothing is stored")
  func unknown() throws {
    for id in ["nobody", try workspace.contact("a@b.example")] {
      let error = try workspace.refusal(
        "owlbound_ingest_signal", ["type": "job_change", "data": [:], "contactId": .string(id)])
      #expect(error.code == .notFound)
    }
    #expect(try workspace.call("owlbound_list_signals")["signals"] == [])
  }

  @Test("a long list is cut at a whole signal and says so")
  func long() throws {
    let text = JSONValue.string(String(repeating: "x", count: 9000))
    for _ in 0..<8 { _ = try workspace.call("owlbound_ingest_signal", ["type": "job_change", "data": ["text": text]]) }
    let list = try workspace.call("owlbound_list_signals")
    #expect(list["signals"]?.arrayValue?.count == 2)
    #expect(list["omitted"] == 6)
    #expect(list["advice"]?.stringValue?.contains("limit") == true)
  }
}

@Suite("ICP profiles and scores")
struct ProfileTests {
  let workspace = TestWorkspace()

  private func save(_ arguments: JSONObject) throws -> JSONObject {
    try workspace.call("owlbound_save_icp_profile", arguments)
  }

  @Test("a profile is created, changed by name or id, and listed")
  func save() throws {
    let created = try save(["name": "Leaders", "titles": ["CTO"], "weights": ["titles": 40]])
    #expect(created["created"] == true)
    let id = try #require(created["profile"]?["id"])
    let changed = try save(["name": "Leaders", "keywords": ["swift"], "titles": ["CTO", "VP Engineering"]])
    #expect(changed["created"] == false)
    #expect(changed["profile"]?["id"] == id)
    #expect(changed["profile"]?["titles"] == ["CTO", "VP Engineering"])
    #expect(changed["profile"]?["weights"] == ["titles": 40])
    let renamed = try save(["id": id, "name": "Chiefs"])
    #expect(renamed["profile"]?["keywords"] == ["swift"])
    #expect(try workspace.call("owlbound_list_icp_profiles").texts("name", of: "profiles") == ["Chiefs"])
  }

  @Test("what can't score anybody is refused")
  func refused() throws {
    _ = try save(["name": "Leaders", "titles": ["CTO"]])
    let second = try #require(try save(["name": "Others", "titles": ["CEO"]])["profile"]?["id"])
    let refused: [(JSONObject, ServiceError.Code)] = [
      (["name": "Empty"], .validation), (["name": " "], .validation),
      (["name": "X", "titles": ["CTO"], "weights": ["titles": 0]], .validation),
      (["name": "X", "company_size_min": 9, "company_size_max": 3], .validation),
      (["id": second, "name": "Leaders"], .conflict), (["id": "nothing", "name": "X", "titles": ["CTO"]], .notFound),
    ]
    for (arguments, code) in refused {
      #expect(try workspace.refusal("owlbound_save_icp_profile", arguments).code == code)
    }
  }

  @Test("a score explains itself, is kept, and becomes the contact's")
  func score() throws {
    let profile = try #require(
      try save([
        "name": "Leaders", "titles": ["CTO"], "industries": ["Software"], "company_size_min": 50,
        "signal_types": ["funding_round"], "engagement": true,
      ])["profile"]?["id"])
    let id = JSONValue.string(
      try workspace.owlContact(["firstName": "Ada", "title": "CTO", "email": "ada@b.example"]))
    let alone = try workspace.call("owlbound_score_contact", ["id": id, "icpProfileId": profile])
    #expect(alone["breakdown"]?["industry"]?["unknown"] == true)
    #expect(alone["breakdown"]?["engagement"]?["unknown"] == true)
    // The same person on Pathbound adds industry, size and activity.
    let contact = try workspace.contact("ADA@b.example", ["industry": "Software", "employee_count": 120])
    for _ in 0..<10 { try workspace.track(["event": "page_view", "contact_id": .string(contact)]) }
    try workspace.track(["event": "page_view", "contact_id": .string(contact), "timestamp": "2026-01-01"])
    _ = try workspace.call(
      "owlbound_ingest_signal", ["type": "funding_round", "data": [:], "contactId": id, "priority": "high"])
    let scored = try workspace.call("owlbound_score_contact", ["id": id, "icpProfileId": profile])
    #expect(scored["score"] == 100)
    #expect(scored["verdict"] == "strong_fit")
    #expect(scored["breakdown"]?["engagement"]?["reason"]?.stringValue?.contains("10 events") == true)
    #expect(scored["breakdown"]?["company_size"]?["reason"]?.stringValue?.contains("120") == true)
    #expect(scored["scoredAt"] == 1_795_249_800_000)
    #expect(scored["reasoning"]?.stringValue?.isEmpty == false)
    let read = try workspace.call("owlbound_get_contact", ["id": id])["contact"]
    #expect(read?["score"] == 100)
    #expect(read?["scores"]?.arrayValue?.count == 1)
    #expect(read?["scores"]?[0]?["icpProfileName"] == "Leaders")
    #expect(read?["scores"]?[0]?["breakdown"] == scored["breakdown"])
    let again = try workspace.call("owlbound_score_contact", ["id": id, "icpProfileId": profile])
    #expect(again == scored)
  }

  @Test("a score knows what Owlbound's own company of that name tells")
  func companyFacts() throws {
    _ = try workspace.call(
      "owlbound_upsert_company",
      ["linkedInUrl": "linkedin.com/company/acme", "name": "Acme Corp", "industry": "SaaS", "size": "51-200"])
    let id = try workspace.owlContact(["firstName": "Jane", "company": "ACME corp"])
    let profile = try #require(
      try workspace.call("owlbound_save_icp_profile", ["name": "SaaS", "industries": ["SaaS"]])["profile"]?["id"])
    let score = try workspace.call("owlbound_score_contact", ["id": .string(id), "icpProfileId": profile])
    #expect(score["score"] == 100, "\(score)")
  }

  @Test("unknown contacts and profiles are not found")
  func unknown() throws {
    let id = JSONValue.string(try workspace.owlContact(["firstName": "Ada"]))
    let profile = try #require(try save(["name": "Leaders", "titles": ["CTO"]])["profile"]?["id"])
    for arguments in [["id": id, "icpProfileId": id], ["id": profile, "icpProfileId": profile]] as [JSONObject] {
      #expect(try workspace.refusal("owlbound_score_contact", arguments).code == .notFound)
    }
  }
}
