import JSON
import Service
import StoreSupport
import Testing

@Suite("Owlbound companies")
struct OwlCompanyTests {
  let workspace = TestWorkspace()

  private func upsert(_ fields: JSONObject) throws -> JSONObject {
    try workspace.call("owlbound_upsert_company", fields)
  }

  private func get(_ id: JSONValue?) throws -> JSONValue? {
    try workspace.call("owlbound_get_company", ["id": try #require(id)])["company"]
  }

  @Test("the documented company is created, filled in, and never overwritten")
  func documented() throws {
    let first = try upsert([
      "linkedInUrl": "https://www.linkedin.com/company/acme", "name": "Acme Corp", "domain": "acme.com",
      "industry": "SaaS",
    ])
    #expect(first["created"] == true)
    let again = try upsert([
      "linkedInUrl": "http://linkedin.com/company/Acme/?trk=x", "name": "Other", "industry": " ",
      "website": "https://a",
      "size": "51-200",
    ])
    #expect(again == ["companyId": try #require(first["companyId"]), "created": false])
    let company = try get(first["companyId"])
    #expect(company?["linkedInUrl"] == "https://www.linkedin.com/company/acme")
    #expect(company?["name"] == "Acme Corp")
    #expect(company?["industry"] == "SaaS")
    #expect(company?["website"] == "https://a")
    #expect(company?["size"] == "51-200")
    #expect(company?["location"] == .null)
  }

  @Test("only a company's LinkedIn address tells companies apart")
  func addresses() throws {
    for url in [
      "", "acme", "https://linkedin.com/in/ada", "https://linkedin.com/company/", "https://evil.com/company/a",
      "https://notlinkedin.com/company/a", "https://linkedin.com/company/a/b",
    ] {
      #expect(
        try workspace.refusal("owlbound_upsert_company", ["linkedInUrl": .string(url)]).code == .validation, "\(url)")
    }
    #expect(try upsert(["linkedInUrl": "de.linkedin.com/company/a"])["created"] == true)
    #expect(
      try workspace.refusal("owlbound_upsert_company", ["linkedInUrl": "linkedin.com/company/a", "x": "y"]).code
        == .validation)
  }

  @Test("a company counts the contacts who name it, in whatever case, archived ones left out")
  func contacts() throws {
    let id = try upsert(["linkedInUrl": "linkedin.com/company/uebung", "name": "ÜBUNG GmbH"])["companyId"]
    for name in ["Übung GmbH", "übung gmbh ", "Übung"] {
      _ = try workspace.owlContact(["firstName": "A", "company": .string(name)])
    }
    let gone = try workspace.owlContact(["firstName": "B", "company": "Übung GmbH"])
    _ = try workspace.call("owlbound_archive_contact", ["id": .string(gone)])
    #expect(try get(id)?["contactCount"] == 2)
    let nameless = try upsert(["linkedInUrl": "linkedin.com/company/x"])["companyId"]
    #expect(try get(nameless)?["contactCount"] == 0)
    #expect(try workspace.refusal("owlbound_get_company", ["id": "nothing"]).code == .notFound)
  }

  @Test("the list goes page by page, newest first, filtered by industry in whatever case, while companies come")
  func list() throws {
    var ids: [JSONValue] = []
    for number in 0..<23 {
      ids.append(
        try #require(
          try upsert([
            "linkedInUrl": .string("linkedin.com/company/c\(number)"), "industry": number % 2 == 0 ? "SaaS" : "Retail",
          ])["companyId"]))
    }
    func walk(_ filter: JSONObject) throws -> [JSONValue] {
      var arguments = filter
      var met: [JSONValue] = []
      for number in 0..<30 {
        let page = try workspace.call("owlbound_list_companies", arguments)
        met += try #require(page["companies"]?.arrayValue).compactMap { $0["id"] }
        guard page["hasMore"] == true else { return met }
        arguments["cursor"] = page["nextCursor"]
        _ = try upsert(["linkedInUrl": .string("linkedin.com/company/new-\(met.count)-\(number)"), "industry": "SaaS"])
      }
      return met
    }
    #expect(try walk(["limit": 4]) == ids.reversed())
    let retail = ids.indices.filter { $0 % 2 == 1 }.map { ids[$0] }
    #expect(try walk(["limit": 3, "industry": "retail"]) == retail.reversed())
    #expect(try workspace.refusal("owlbound_list_companies", ["limit": 51]).code == .validation)
    let cursor = try #require(try workspace.call("owlbound_list_companies", ["limit": 1])["nextCursor"])
    #expect(
      try workspace.refusal("owlbound_list_companies", ["industry": "SaaS", "cursor": cursor]).code == .validation)
    #expect(try workspace.refusal("owlbound_list_contacts", ["cursor": cursor]).code == .validation)
  }
}
