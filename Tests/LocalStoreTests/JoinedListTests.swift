import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

/// Contacts that several filters select, compared with a look at every contact.
@Suite("Contacts by several filters")
struct JoinedListTests {
  private let workspace = TestWorkspace()

  /// What was stored, to compare with.
  private struct Person {
    let number: Int
    let properties: JSONObject
    var email: String { "p\(number)@mail.example" }

    func has(_ name: String, _ value: String) -> Bool { properties.text(name) == value }
  }

  /// Contacts a minute apart, whose last names are not in the order of time.
  private func fill(_ count: Int = 120) throws -> [Person] {
    let people = (0..<count).map { number in
      var properties: JSONObject = [
        "firstname": .string("Given\(number % 10)"), "lastname": .string("Family\((number * 37) % 101)"),
        "lifecyclestage": .string(["lead", "mql", "customer"][number % 3]),
        "country": .string(["Japan", "Norway"][number % 2]), "company": .string("Company \(number % 5)"),
      ]
      if number % 4 == 0 { properties["linkedin_url"] = .string("https://linkedin.example/in/\(number)") }
      return Person(number: number, properties: properties)
    }
    for person in people {
      _ = try workspace.contact(person.email, person.properties)
      workspace.clock.advance(seconds: 60)
    }
    return people
  }

  /// The pages of a list in both directions, and its count, are those of the people who fulfil the condition.
  private func expect(
    _ filter: JSONObject, _ people: [Person], by key: @escaping (Person) -> String = { _ in "" },
    where condition: (Person) -> Bool
  ) throws {
    let wanted = people.filter(condition).sorted { (key($0), $0.number) < (key($1), $1.number) }
    for direction in ["asc", "desc"] {
      let ordered = direction == "asc" ? wanted : wanted.reversed()
      for page in 1...3 {
        var arguments = filter
        arguments["sort_dir"] = .string(direction)
        arguments["fields"] = "summary"
        arguments["limit"] = 7
        arguments["page"] = .integer(Int64(page))
        let list = try workspace.call("pathbound_list_contacts", arguments)
        #expect(
          list.texts("email", of: "contacts") == ordered.dropFirst(7 * (page - 1)).prefix(7).map(\.email),
          "\(arguments)")
        #expect(list.totalItems == Int64(wanted.count), "\(arguments)")
      }
    }
    var counted = filter
    counted["count_only"] = true
    #expect(try workspace.call("pathbound_list_contacts", counted) == ["count": .integer(Int64(wanted.count))])
  }

  @Test("whoever fulfils all of them is listed, page by page, in either direction")
  func filters() throws {
    let people = try fill()
    try expect(["lifecycle_stage": "lead", "country": "Japan"], people) {
      $0.has("lifecyclestage", "lead") && $0.has("country", "Japan")
    }
    try expect(["lifecycle_stage": "lead", "has_linkedin": true], people) {
      $0.has("lifecyclestage", "lead") && $0.number % 4 == 0
    }
    try expect(["status": "not_enriched", "has_linkedin": false], people) { $0.number % 4 != 0 }
    try expect(["country": "Norway", "has_linkedin": false, "status": "not_enriched"], people) {
      $0.has("country", "Norway") && $0.number % 4 != 0
    }
    try expect(["country": "Norway", "status": "enriched"], people) { _ in false }
    try expect(["country": "Norway", "lifecycle_stage": "opportunity"], people) { _ in false }
  }

  @Test("a search is joined with filters, and alone finds the beginnings of words of any length")
  func search() throws {
    let people = try fill()
    try expect(["search": "company"], people) { _ in true }
    try expect(["search": "compan family1"], people) { $0.properties.text("lastname")?.hasPrefix("Family1") == true }
    try expect(["search": "given3", "country": "Norway"], people) {
      $0.has("firstname", "Given3") && $0.has("country", "Norway")
    }
    try expect(["search": "mail.exam", "lifecycle_stage": "mql", "country": "Japan"], people) {
      $0.has("lifecyclestage", "mql") && $0.has("country", "Japan")
    }
    try expect(["search": "nobody", "country": "Norway"], people) { _ in false }
  }

  @Test("times hold for whatever else is asked")
  func times() throws {
    let people = try fill()
    let start = workspace.clock.now().adding(milliseconds: -60_000 * 90)
    func isLate(_ person: Person) -> Bool { person.number >= 30 }
    func filter(_ name: String, _ value: JSONValue, _ second: String, _ other: JSONValue) -> JSONObject {
      ["created_after": .string(start.iso8601), name: value, second: other]
    }
    try expect(filter("lifecycle_stage", "lead", "country", "Japan"), people) {
      isLate($0) && $0.has("lifecyclestage", "lead") && $0.has("country", "Japan")
    }
    try expect(filter("search", "given3", "country", "Norway"), people) {
      isLate($0) && $0.has("firstname", "Given3") && $0.has("country", "Norway")
    }
    try expect(filter("status", "not_enriched", "has_linkedin", false), people) { isLate($0) && $0.number % 4 != 0 }
    try expect(["created_after": .string(start.iso8601), "search": "given3"], people) {
      isLate($0) && $0.has("firstname", "Given3")
    }
  }

  @Test("another order is that order, whether few match or many")
  func orders() throws {
    let people = try fill()
    let family = { (person: Person) in (person.properties.text("lastname") ?? "").lowercased() }
    try expect(["search": "given", "sort_by": "lastname"], people, by: family) { _ in true }
    try expect(["country": "Japan", "status": "not_enriched", "sort_by": "lastname"], people, by: family) {
      $0.has("country", "Japan")
    }
    try expect(["search": "given7", "country": "Norway", "sort_by": "lastname"], people, by: family) {
      $0.has("firstname", "Given7") && $0.has("country", "Norway")
    }
  }
}
