import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

@Suite("Contact list")
struct ContactListTests {
  let workspace = TestWorkspace()

  /// Four contacts, a minute apart.
  private func fill() throws {
    let people: [(String, JSONObject)] = [
      (
        "ada@analytical.example",
        [
          "firstname": "Ada", "lastname": "Lovelace", "company": "Analytical", "jobtitle": "Chief Engineer",
          "lifecyclestage": "lead", "country": "UK", "city": "London", "industry": "Software",
          "linkedin_url": "https://linkedin.com/in/ada",
        ]
      ),
      (
        "grace@navy.example",
        [
          "firstname": "Grace", "lastname": "Hopper", "company": "Navy", "jobtitle": "Admiral",
          "lifecyclestage": "customer", "country": "US", "state": "NY", "lead_status": "open",
        ]
      ),
      ("alan@bletchley.example", ["firstname": "alan", "lastname": "Turing", "jobtitle": "chief engineer"]),
      ("zoe@zoo.example", ["firstname": "Zoë", "lifecyclestage": "lead", "country": "UK", "linkedin_url": ""]),
    ]
    for (email, properties) in people {
      _ = try workspace.contact(email, properties)
      workspace.clock.advance(seconds: 60)
    }
  }

  private func emails(_ arguments: JSONObject) throws -> [String] {
    var arguments = arguments
    arguments["fields"] = "summary"
    let list = try workspace.call("pathbound_list_contacts", arguments)
    let emails = list.texts("email", of: "contacts").map { String($0.prefix { $0 != "@" }) }
    #expect(list.totalItems == Int64(emails.count))
    arguments["fields"] = nil
    arguments["count_only"] = true
    #expect(try workspace.call("pathbound_list_contacts", arguments) == ["count": .integer(Int64(emails.count))])
    return emails
  }

  @Test("every filter selects who fulfils it, newest first")
  func filters() throws {
    try fill()
    #expect(try emails([:]) == ["zoe", "alan", "grace", "ada"])
    #expect(try emails(["lifecycle_stage": "lead"]) == ["zoe", "ada"])
    #expect(try emails(["lead_status": "open"]) == ["grace"])
    #expect(try emails(["country": "UK"]) == ["zoe", "ada"])
    #expect(try emails(["country": "uk"]) == [])
    #expect(try emails(["state": "NY"]) == ["grace"])
    #expect(try emails(["city": "London"]) == ["ada"])
    #expect(try emails(["industry": "Software"]) == ["ada"])
    #expect(try emails(["job_title": "CHIEF engineer"]) == ["alan", "ada"])
    #expect(try emails(["has_linkedin": true]) == ["ada"])
    #expect(try emails(["has_linkedin": false]) == ["zoe", "alan", "grace"])
    #expect(try emails(["status": "enriched"]) == [])
    #expect(try emails(["status": "not_enriched", "country": "UK"]) == ["zoe", "ada"])
    #expect(try emails(["created_after": "2026-11-21T08:31:00Z"]) == ["zoe", "alan", "grace"])
    #expect(try emails(["created_before": "2026-11-21T08:31:00Z"]) == ["grace", "ada"])
    #expect(try emails(["created_before": "2026-11-21"]) == ["zoe", "alan", "grace", "ada"])
    #expect(try emails(["created_after": "2026-11-22"]) == [])
  }

  @Test("a contact is enriched once Owlbound has data on the same person, whichever came first")
  func enriched() throws {
    _ = try workspace.contact("Ada@b.example")
    for email in ["ada@b.example", "bob@b.example", "eve@b.example"] {
      _ = try workspace.owlContact(["email": .string(email)])
    }
    try workspace.store.writer.change { transaction throws(ServiceError) in
      try transaction.database.execute("UPDATE owl_contacts SET enrichment = '{}' WHERE email_key <> 'eve@b.example'")
    }
    for name in ["bob", "eve"] { _ = try workspace.contact("\(name)@B.example") }
    #expect(try emails(["status": "enriched", "sort_by": "email", "sort_dir": "asc"]) == ["Ada", "bob"])
    #expect(try emails(["status": "not_enriched"]) == ["eve"])
  }

  @Test("every order is the same on both ways to find rows")
  func orders() throws {
    try fill()
    #expect(try emails(["sort_by": "email", "sort_dir": "asc"]) == ["ada", "alan", "grace", "zoe"])
    #expect(try emails(["sort_by": "firstname", "sort_dir": "asc"]) == ["ada", "alan", "grace", "zoe"])
    #expect(try emails(["sort_by": "firstname"]) == ["zoe", "grace", "alan", "ada"])
    #expect(try emails(["sort_by": "lastname", "sort_dir": "asc"]) == ["zoe", "grace", "ada", "alan"])
    #expect(try emails(["sort_by": "company", "sort_dir": "desc"]) == ["grace", "ada", "zoe", "alan"])
    #expect(try emails(["sort_by": "createdate", "sort_dir": "asc"]) == ["ada", "grace", "alan", "zoe"])
    // Few matches are sorted, many are met along the order.
    for index in 0..<60 { _ = try workspace.contact("many\(index)@x.example", ["country": "FR"]) }
    let sorted = try workspace.call(
      "pathbound_list_contacts", ["country": "UK", "sort_by": "email", "sort_dir": "asc", "fields": "summary"])
    #expect(sorted.texts("email", of: "contacts") == ["ada@analytical.example", "zoe@zoo.example"])
    let walked = try workspace.call(
      "pathbound_list_contacts", ["country": "FR", "sort_by": "email", "limit": 2, "fields": "summary"])
    #expect(walked.texts("email", of: "contacts") == ["many9@x.example", "many8@x.example"])
    #expect(walked.totalItems == 60)
  }

  @Test("search finds every word as a prefix in name, e-mail, company and title")
  func search() throws {
    try fill()
    #expect(try emails(["search": "love ADA"]) == ["ada"])
    #expect(try emails(["search": "zoe"]) == ["zoe"])
    #expect(try emails(["search": "grace@navy"]) == ["grace"])
    #expect(try emails(["search": "chief"]) == ["alan", "ada"])
    #expect(try emails(["search": "chief", "sort_by": "email"]) == ["alan", "ada"])
    #expect(try emails(["search": "chief lovelace navy"]) == [])
  }

  @Test(
    "what means something to the text index is only ever text",
    arguments: [
      "\"", "\"\"", "*", "a*", "NEAR(a b)", "a AND", "OR", "NOT a", "firstname:ada", "^ada", "-ada", "(", "{a}:",
      "a + b",
      "%", "_", "\\", "';--", "\u{0}", "ada\u{0}", "\u{202E}", "ada\" OR \"grace", "🦉", " ", "",
    ])
  func hostileSearch(text: String) throws {
    try fill()
    let list = try workspace.call("pathbound_list_contacts", ["search": .string(text)])
    #expect(list["contacts"]?.arrayValue != nil)
    #expect(list.totalItems == (text.trimmingSpaces.isEmpty ? 4 : list.totalItems))
  }

  @Test("a search that is too long is refused")
  func longSearch() throws {
    for text in [String(repeating: "x", count: 1_000_000), String(repeating: "x ", count: 50)] {
      #expect(try workspace.refusal("pathbound_list_contacts", ["search": .string(text)]).code == .validation)
    }
  }

  @Test("pages cut the list, and say how many there are")
  func pages() throws {
    for index in 0..<7 { _ = try workspace.contact("person\(index)@x.example") }
    let second = try workspace.call("pathbound_list_contacts", ["page": 2, "limit": 3, "sort_dir": "asc"])
    #expect(second["contacts"]?.arrayValue?.count == 3)
    #expect(second["pagination"] == ["page": 2, "limit": 3, "total_pages": 3, "total_items": 7])
    let beyond = try workspace.call("pathbound_list_contacts", ["page": 9_999_999, "limit": 100])
    #expect(beyond["contacts"] == [])
    #expect(beyond.totalItems == 7)
    #expect(try workspace.refusal("pathbound_list_contacts", ["page": 4_611_686_018_427_387_904]).code == .validation)
    #expect(try workspace.refusal("pathbound_list_contacts", ["limit": 101]).code == .validation)
  }

  @Test("a filter that can't be is refused")
  func badFilters() throws {
    #expect(try workspace.refusal("pathbound_list_contacts", ["company_id": "ct_x"]).code == .notFound)
    #expect(try workspace.refusal("pathbound_list_contacts", ["lifecycle_stage": "vip"]).code == .validation)
    #expect(try workspace.refusal("pathbound_list_contacts", ["created_after": "yesterday"]).code == .validation)
  }
}

extension String {
  fileprivate var trimmingSpaces: String { filter { $0 != " " } }
}
