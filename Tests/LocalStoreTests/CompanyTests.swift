import JSON
import LocalStore
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Pathbound companies")
struct CompanyTests {
  let workspace = TestWorkspace()

  private func call(_ tool: String, _ arguments: JSONObject) throws -> JSONObject {
    try workspace.call(tool, arguments)
  }

  private func companyOf(_ contact: String) throws -> JSONValue? {
    try call("pathbound_get_contact", ["contact_id": .string(contact)])["contact"]?["company_id"]
  }

  @Test("a created company is read back under both ids, with its domain among the properties")
  func create() throws {
    let company = try #require(
      try call("pathbound_create_company", ["domain": "acme.example", "properties": ["name": "Acme", "tier": 1]])[
        "company"])
    let id = try #require(company["company_id"]?.stringValue)
    #expect(id.hasPrefix("co_"))
    #expect(company["_id"]?.stringValue == id)
    #expect(company["properties"] == ["domain": "acme.example", "name": "Acme", "tier": 1])
    #expect(company["created_at"] == "2026-11-21T08:30:00.000Z")
    #expect(company["updated_at"] == company["created_at"])
    #expect(company["tenant_id"]?.stringValue?.isEmpty == false)
    let read = try call("pathbound_get_company", ["company_id": .string(id)])
    #expect(read["company"] == company)
    #expect(read["contacts"] == [])
  }

  @Test(
    "a domain is one however it is written",
    arguments: [
      "ACME.example", "https://acme.example", "http://www.acme.example/", " www.acme.example. ",
      "https://Acme.Example:8443/about?x=1#y", "acme.example/",
    ])
  func normalDomain(_ spelling: String) throws {
    let id = try workspace.company("acme.example")
    let error = try workspace.refusal("pathbound_create_company", ["domain": .string(spelling)])
    #expect(error.code == .conflict)
    #expect(error.message.contains(id))
    #expect(error.details.first?.path == "/domain")
  }

  @Test(
    "what is no domain is refused",
    arguments: [
      "acme", "https://", "a b.example", "-acme.example", "acme..example", "ada@acme.example", "www.", ".",
      "acme.example,b.example",
      String(repeating: "a", count: 64) + ".example", String(repeating: "a.", count: 130) + "example",
    ])
  func noDomain(_ text: String) throws {
    #expect(try workspace.refusal("pathbound_create_company", ["domain": .string(text)]).code == .validation)
    #expect(try call("pathbound_list_companies", [:]).totalItems == 0)
  }

  @Test("properties that break a rule are refused")
  func rules() throws {
    let refused: [(JSONObject, String)] = [
      (["domain": "other.example"], "/properties/domain"), (["lifecyclestage": "vip"], "/properties/lifecyclestage"),
      (["": "x"], "/properties"), (["bio": .string(String(repeating: "x", count: 20_000))], "/properties"),
    ]
    for (properties, path) in refused {
      let error = try workspace.refusal(
        "pathbound_create_company", ["domain": "acme.example", "properties": .object(properties)])
      #expect(error.code == .validation)
      #expect(error.details.first?.path == path)
    }
  }

  @Test("an update overwrites what is given, keeps the rest, and null removes")
  func update() throws {
    let id = try workspace.company("acme.example", ["name": "Acme", "industry": "Toys"])
    workspace.clock.advance(seconds: 60)
    func update(_ properties: JSONObject) throws -> JSONValue? {
      try call("pathbound_update_company", ["company_id": .string(id), "properties": .object(properties)])["company"]
    }
    let changed = try update(["industry": .null, "name": "ACME", "country": "US"])
    #expect(changed?["properties"] == ["domain": "acme.example", "name": "ACME", "country": "US"])
    #expect(changed?["updated_at"] == "2026-11-21T08:31:00.000Z")
    workspace.clock.advance(seconds: 60)
    #expect(try update(["country": "US"])?["updated_at"] == "2026-11-21T08:31:00.000Z")
    #expect(try call("pathbound_list_companies", ["search": "acme", "country": "US"]).totalItems == 1)
    #expect(try call("pathbound_list_companies", ["search": "toys"]).totalItems == 0)
  }

  @Test("a domain can be changed to a new one, not to another company's, and not removed")
  func changeDomain() throws {
    let first = try workspace.company("first.example")
    let second = try workspace.company("second.example")
    func change(_ domain: JSONValue) throws -> JSONObject {
      try call("pathbound_update_company", ["company_id": .string(second), "properties": ["domain": domain]])
    }
    let conflict = #expect(throws: ServiceError.self) { try change("www.First.example") }
    #expect(conflict?.code == .conflict)
    #expect(conflict?.message.contains(first) == true)
    #expect(#expect(throws: ServiceError.self) { try change(.null) }?.code == .validation)
    let contact = try workspace.contact("ada@third.example")
    #expect(try change("https://Third.example/")["company"]?["properties"]?["domain"] == "third.example")
    #expect(try companyOf(contact)?.stringValue == second)
    _ = try workspace.company("second.example")
  }

  @Test("every filter and order of the list")
  func list() throws {
    let companies: [(String, JSONObject)] = [
      ("b.example", ["name": "alpha", "industry": "Software", "country": "DE"]),
      ("c.example", ["name": "Beta", "industry": "aviation", "country": "DE"]),
      ("a.example", ["industry": "Software", "country": "US"]),
    ]
    for (domain, properties) in companies {
      _ = try workspace.company(domain, properties)
      workspace.clock.advance(seconds: 60)
    }
    func domains(_ arguments: JSONObject) throws -> [String] {
      var arguments = arguments
      arguments["fields"] = "summary"
      let list = try call("pathbound_list_companies", arguments)
      let domains = list.texts("domain", of: "companies").map { String($0.prefix(1)) }
      #expect(list.totalItems == Int64(domains.count))
      return domains
    }
    #expect(try domains([:]) == ["a", "c", "b"])
    #expect(try domains(["sort_dir": "asc"]) == ["b", "c", "a"])
    #expect(try domains(["sort_by": "name", "sort_dir": "asc"]) == ["a", "b", "c"])
    #expect(try domains(["sort_by": "domain", "sort_dir": "asc"]) == ["a", "b", "c"])
    #expect(try domains(["sort_by": "industry", "sort_dir": "asc"]) == ["c", "b", "a"])
    #expect(try domains(["industry": "Software"]) == ["a", "b"])
    #expect(try domains(["country": "DE", "industry": "Software"]) == ["b"])
    #expect(try domains(["country": "DE", "sort_by": "domain"]) == ["c", "b"])
    #expect(try domains(["search": "soft"]) == ["a", "b"])
    #expect(try domains(["search": "c.exa"]) == ["c"])
    #expect(try domains(["search": "BET", "country": "DE"]) == ["c"])
    #expect(try domains(["search": "beta", "country": "US"]) == [])
    #expect(try domains(["search": "%"]) == [])
    let page = try call("pathbound_list_companies", ["page": 2, "limit": 2])
    #expect(page["pagination"] == ["page": 2, "limit": 2, "total_pages": 2, "total_items": 3])
    #expect(page["companies"]?.arrayValue?.count == 1)
  }

  @Test("the short form tells when somebody of the company was last seen")
  func summary() throws {
    let id = try workspace.company("acme.example", ["name": "Acme"])
    func summary() throws -> JSONValue? {
      try call("pathbound_list_companies", ["fields": "summary"])["companies"]?[0]
    }
    #expect(
      try summary() == [
        "id": .string(id), "company_id": .string(id), "name": "Acme", "domain": "acme.example", "industry": .null,
        "last_activity_at": .null,
      ])
    for (name, minute) in [("ada", "10"), ("bob", "20"), ("eve", "15")] {
      let contact = try workspace.contact("\(name)@acme.example")
      try workspace.track([
        "event": "x", "contact_id": .string(contact), "timestamp": .string("2026-11-21T07:\(minute):00Z"),
      ])
    }
    #expect(try summary()?["last_activity_at"] == "2026-11-21T07:20:00.000Z")
  }

  @Test("a company is shown with its newest 25 contacts, and says how many more there are")
  func contacts() throws {
    let id = try workspace.company("acme.example")
    for number in 0..<27 { _ = try workspace.contact("p\(number)@acme.example") }
    let read = try call("pathbound_get_company", ["company_id": .string(id)])
    let contacts = try #require(read["contacts"]?.arrayValue)
    #expect(contacts.count == 25)
    #expect(contacts.first?["properties"]?["email"] == "p26@acme.example")
    #expect(read["omitted"] == 2)
    #expect(read["advice"]?.stringValue?.contains("company_id") == true)
    let list = try call("pathbound_list_contacts", ["company_id": .string(id), "count_only": true])
    #expect(list["count"] == 27)
  }

  @Test("an answer with large contacts stays within a model's budget")
  func budget() throws {
    let id = try workspace.company("acme.example", ["about": .string(String(repeating: "é", count: 4000))])
    for number in 0..<12 {
      _ = try workspace.contact("p\(number)@acme.example", ["bio": .string(String(repeating: "ü", count: 4000))])
    }
    let answer = try workspace.answer("pathbound_get_company", ["company_id": .string(id)])
    #expect(answer.payload.count < 24_000)
    let omitted = try JSONValue(parsing: answer.payload)["omitted"]?.integerValue ?? 0
    #expect(omitted > 0 && omitted < 12)
  }

  // MARK: Contacts of a company

  @Test("a contact belongs to the company of its mail domain, whichever came first")
  func byDomain() throws {
    let early = try workspace.contact("Ada@ACME.example")
    #expect(try companyOf(early) == .null)
    let company = try workspace.company("acme.example")
    #expect(try companyOf(early)?.stringValue == company)
    let late = try workspace.contact("bob@acme.example")
    #expect(try companyOf(late)?.stringValue == company)
    let record = try call("pathbound_get_contact", ["contact_id": .string(late)])["contact"]
    #expect(record?["associations"] == ["companies": [.string(company)]])
    #expect(try companyOf(try workspace.contact("eve@sub.acme.example")) == .null)
  }

  @Test("a mailbox that anybody can have tells no company")
  func freeMail() throws {
    let early = try workspace.contact("ada@gmail.com")
    _ = try workspace.company("gmail.com")
    #expect(try companyOf(early) == .null)
    #expect(try companyOf(try workspace.contact("bob@gmail.com")) == .null)
  }

  @Test("a named company wins over the domain, and later companies don't take its contacts")
  func explicit() throws {
    let other = try workspace.company("other.example")
    let created = try call(
      "pathbound_create_contact", ["email": "ada@acme.example", "company_id": .string(other)])["contact"]
    #expect(created?["company_id"]?.stringValue == other)
    let ada = try #require(created?["_id"]?.stringValue)
    let acme = try workspace.company("acme.example")
    #expect(try companyOf(ada)?.stringValue == other)
    _ = try call("pathbound_update_contact", ["contact_id": .string(ada), "company_id": .string(acme)])
    #expect(try companyOf(ada)?.stringValue == acme)
  }

  @Test("the company among the properties is the link itself; null ends it")
  func byProperty() throws {
    let acme = try workspace.company("acme.example")
    let ada = try workspace.contact("ada@b.example", ["company_id": .string(acme)])
    #expect(try companyOf(ada)?.stringValue == acme)
    workspace.clock.advance(seconds: 60)
    let updated = try call(
      "pathbound_update_contact", ["contact_id": .string(ada), "properties": ["company_id": .null]])["contact"]
    #expect(updated?["company_id"] == .null)
    #expect(updated?["properties"] == ["email": "ada@b.example"])
    #expect(updated?["updated_at"] == "2026-11-21T08:31:00.000Z")
    let wrong: [JSONValue] = ["co_nothing", 7, ""]
    for id in wrong {
      let error = try workspace.refusal(
        "pathbound_update_contact", ["contact_id": .string(ada), "properties": ["company_id": id]])
      #expect(error.details.first?.path == "/properties/company_id")
    }
    let other = try workspace.company("other.example")
    let differing: JSONObject = [
      "contact_id": .string(ada), "company_id": .string(acme), "properties": ["company_id": .string(other)],
    ]
    #expect(try workspace.refusal("pathbound_update_contact", differing).code == .validation)
    #expect(try companyOf(ada) == .null)
  }

  @Test("who gets an address at another company goes along, unless the link was made by hand")
  func movesWithAddress() throws {
    let old = try workspace.company("old.example")
    let new = try workspace.company("new.example")
    let mover = try workspace.contact("ada@old.example")
    let pinned = try workspace.contact("bob@private.example", ["company_id": .string(old)])
    func change(_ contact: String, _ email: JSONValue) throws -> String? {
      _ = try call("pathbound_update_contact", ["contact_id": .string(contact), "properties": ["email": email]])
      return try companyOf(contact)?.stringValue
    }
    #expect(try change(mover, "ada@gmail.com") == old)
    #expect(try change(mover, "ada@old.example") == old)
    #expect(try change(mover, "ada@new.example") == new)
    #expect(try change(pinned, "bob@new.example") == old)
    #expect(try change(try workspace.contact("eve@nowhere.example"), "eve@new.example") == new)
  }

  @Test("a deleted company is gone; its contacts and their events stay, its notes don't, its open actions end")
  func delete() throws {
    let id = try workspace.company("acme.example")
    let contact = try workspace.contact("ada@acme.example")
    let event = try workspace.track(["event": "x", "contact_id": .string(contact)])
    _ = try call("pathbound_create_company_note", ["company_id": .string(id), "content": "Big."])
    let open = try workspace.queue([
      "type": "create_note", "params": ["company_id": .string(id), "content": "x"], "require_approval": true,
    ])
    let other = try workspace.queue()
    workspace.clock.advance(seconds: 60)
    let answer = try call("pathbound_delete_company", ["company_id": .string(id)])
    #expect(answer == ["deleted": true, "company_id": .string(id), "cancelled_actions": 1])
    for tool in ["pathbound_get_company", "pathbound_delete_company", "pathbound_list_company_notes"] {
      #expect(try workspace.refusal(tool, ["company_id": .string(id)]).code == .notFound)
    }
    let after = try call("pathbound_get_contact", ["contact_id": .string(contact)])["contact"]
    #expect(after?["company_id"] == .null)
    #expect(after?["updated_at"] == "2026-11-21T08:31:00.000Z")
    #expect(try call("pathbound_list_events", [:]).texts("_id", of: "events") == event)
    #expect(try workspace.status(open) == "cancelled")
    #expect(try workspace.action(open)["logs"]?[1]?["comment"] == "The company was deleted.")
    #expect(try workspace.status(other) == "scheduled")
    #expect(try call("pathbound_list_companies", [:]).totalItems == 0)
    #expect(try call("pathbound_list_companies", ["search": "acme"]).totalItems == 0)
    #expect(try workspace.company("acme.example") != id)
  }

  /// So many contacts of a domain, by an import's way of storing them.
  private func people(_ count: Int, at domain: String) throws {
    for number in 0..<count { _ = try workspace.contact("p\(number)@\(domain)") }
  }

  private func upkeep() throws {
    for kind in workspace.store.upkeep { while try kind.doNext(shouldStop: { false }) {} }
  }

  /// The number of contacts that a list of the company has, and that counts give it.
  private func members(_ company: JSONValue) throws -> [Int64?] {
    let groups = try call("pathbound_aggregate", ["entity": "contacts", "group_by": "company_id"])["groups"]
    let group = groups?.arrayValue?.first { $0["key"] == company }
    return [
      try call("pathbound_list_contacts", ["company_id": company, "limit": 1]).totalItems,
      try call("pathbound_list_contacts", ["company_id": company, "count_only": true])["count"]?.integerValue,
      group?["count"]?.integerValue ?? 0,
    ]
  }

  @Test("a company with very many contacts goes and comes in small steps, and nobody sees a company that is not there")
  func manyContacts() throws {
    try people(1200, at: "acme.example")
    let first = try #require(try call("pathbound_create_company", ["domain": "acme.example"])["company"]?["_id"])
    #expect(try members(first) == [500, 500, 500])
    try upkeep()
    #expect(try members(first) == [1200, 1200, 1200])
    let someone = try #require(
      try call("pathbound_list_contacts", ["search": "p7@acme.example"])["contacts"]?[0]?["_id"]?.stringValue)
    try workspace.track(["event": "page_view", "contact_id": .string(someone)])
    _ = try call("pathbound_delete_company", ["company_id": first])
    try upkeep()
    #expect(try members(first) == [0, 0, 0])
    #expect(try companyOf(someone) == .null)
    let row = try call("pathbound_list_contacts", ["fields": "summary", "search": "p7@acme.example"])["contacts"]?[0]
    #expect(row?["company_id"] == .null)
    for event in try call("pathbound_list_events", [:])["events"]?.arrayValue ?? [] { #expect(event["company"] == nil) }
    let groups = try call("pathbound_aggregate", ["entity": "events", "group_by": "company_id"])["groups"]
    #expect(groups?.arrayValue?.compactMap { $0["key"] } == [.null])
    for filter: JSONObject in [["status": "not_enriched"], ["company_id": first]] {
      let counted = try call(
        "pathbound_aggregate", ["entity": "contacts", "group_by": "company_id", "filters": .object(filter)])
      #expect(counted["groups"]?.arrayValue?.contains { $0["key"] != .null } == false)
    }
    // Another company of that domain takes them in again; one that is named by hand stays.
    let other = try #require(try call("pathbound_create_company", ["domain": "other.example"])["company"]?["_id"])
    _ = try call("pathbound_update_contact", ["contact_id": .string(someone), "company_id": other])
    let second = try #require(try call("pathbound_create_company", ["domain": "acme.example"])["company"]?["_id"])
    try upkeep()
    #expect(try members(second) == [1199, 1199, 1199])
    #expect(try companyOf(someone) == other)
  }

  @Test("ids of other kinds are not found")
  func foreignIDs() throws {
    let contact = try workspace.contact("a@b.example")
    for id in [contact, "co_" + contact.dropFirst(3), "co_", "' OR 1=1 --"] {
      for tool in ["pathbound_get_company", "pathbound_delete_company"] {
        #expect(try workspace.refusal(tool, ["company_id": .string(id)]).code == .notFound)
      }
    }
  }
}
