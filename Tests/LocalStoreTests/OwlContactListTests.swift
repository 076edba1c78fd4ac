import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

extension TestWorkspace {
  /// The ids of a page of Owlbound contacts, and where the next one begins.
  fileprivate func page(_ arguments: JSONObject) throws -> (ids: [String], next: JSONValue?) {
    let page = try call("owlbound_list_contacts", arguments)
    let ids = try #require(page["contacts"]?.arrayValue).compactMap { $0["id"]?.stringValue }
    let hasMore = page["hasMore"] == true
    let next = try #require(page["nextCursor"])
    #expect(hasMore != next.isNull)
    // Not as a ternary: there `nil` would be the JSON null.
    if next.isNull { return (ids, nil) }
    return (ids, next)
  }

  /// All pages, one after the other; the body runs between them.
  fileprivate func walk(_ arguments: JSONObject, between: (Int) throws -> Void = { _ in }) throws -> [String] {
    var arguments = arguments
    var all: [String] = []
    for number in 0..<200 {
      let (ids, next) = try page(arguments)
      all += ids
      guard let next else { return all }
      arguments["cursor"] = next
      try between(number)
    }
    Issue.record("the list has no end")
    return all
  }
}

@Suite("The list of Owlbound contacts")
struct OwlContactListTests {
  let workspace = TestWorkspace()

  private func add(_ count: Int, _ fields: (Int) -> JSONObject = { _ in [:] }) throws -> [String] {
    try (0..<count).map { number in
      var contact = fields(number)
      contact["firstName"] = .string("P\(number)")
      workspace.clock.advance(milliseconds: 5)
      return try workspace.owlContact(contact)
    }
  }

  /// Sets what only scoring and enrichment set.
  private func set(_ column: String, _ value: Double?, _ id: String) throws {
    try workspace.store.writer.change { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        composed: "UPDATE owl_contacts SET \(column) = ?1 WHERE id = ?2")
      if column == "score" {
        statement.bind(value.map { Int64($0) }, at: 1)
      } else {
        statement.bind(value, at: 1)
      }
      statement.bind(try transaction.ids.require(.owlContact, id), at: 2)
      try statement.run()
    }
  }

  @Test("the documented call: status and limit, newest first, with a cursor")
  func documented() throws {
    let ids = try add(12)
    let first = try workspace.page(["status": "new", "limit": 10])
    #expect(first.ids == Array(ids.reversed().prefix(10)))
    let cursor = try #require(first.next)
    let second = try workspace.page(["status": "new", "limit": 10, "cursor": cursor])
    #expect(second.ids == Array(ids.prefix(2).reversed()))
    #expect(second.next == nil)
  }

  @Test("filters by status, source and part of the company's name, in whatever case")
  func filters() throws {
    _ = try add(4) {
      [
        "company": .string(["Acme Corp", "Großmann AG", "ÄRZTEHAUS", "Other"][$0]),
        "source": $0 < 2 ? "csv" : "linkedin",
      ]
    }
    func names(_ arguments: JSONObject) throws -> [String] {
      try workspace.call("owlbound_list_contacts", arguments).texts("company", of: "contacts")
    }
    #expect(try names(["source": "csv"]) == ["Großmann AG", "Acme Corp"])
    #expect(try names(["company": "CME"]) == ["Acme Corp"])
    #expect(try names(["company": "ärzte"]) == ["ÄRZTEHAUS"])
    #expect(try names(["company": "ag", "source": "csv"]) == ["Großmann AG"])
    #expect(try names(["company": "%"]) == [])
    #expect(try names(["company": "\"a\" OR"]) == [])
    #expect(try names(["status": "replied"]) == [])
    #expect(try names(["status": "new", "source": "linkedin", "company": "other", "sort_by": "score"]) == ["Other"])
    for arguments in [["limit": 0], ["limit": 101], ["status": "open"], ["sort_by": "name"]] as [JSONObject] {
      #expect(try workspace.refusal("owlbound_list_contacts", arguments).code == .validation)
    }
  }

  @Test(
    "sorted by a value, those without it come last in both directions",
    arguments: [("score", "score"), ("activityScore", "activity_score")])
  func order(key: String, column: String) throws {
    let ids = try add(9)
    let values: [Double?] = [50, nil, 80, 10, nil, 50, nil, 99, 10]
    for (id, value) in zip(ids, values) { try set(column, value, id) }
    func positions(_ ids: [String], _ all: [String]) -> [Int] { ids.compactMap { all.firstIndex(of: $0) } }
    for limit in 1...9 {
      let down = try workspace.walk(["sort_by": .string(key), "limit": .integer(Int64(limit))])
      #expect(positions(down, ids) == [7, 2, 5, 0, 8, 3, 6, 4, 1])
      let up = try workspace.walk(
        ["sort_by": .string(key), "sort_direction": "asc", "limit": .integer(Int64(limit)), "status": "new"])
      #expect(positions(up, ids) == [3, 8, 0, 5, 2, 7, 1, 4, 6])
    }
  }

  @Test("pages meet everybody once while contacts are added and archived", arguments: ["asc", "desc"])
  func stable(direction: String) throws {
    let ids = try add(40)
    var archived: Set<String> = []
    let met = try workspace.walk(["limit": 7, "sort_direction": .string(direction)]) { number in
      _ = try add(2)
      // One who was shown, and one who was not.
      for id in [ids[(number * 5) % 40], ids[39 - (number * 3) % 40]] where archived.insert(id).inserted {
        _ = try workspace.call("owlbound_archive_contact", ["id": .string(id)])
      }
    }
    #expect(Set(met).count == met.count)
    let known = Set(ids)
    #expect(Set(met).intersection(known).union(archived) == known)
    let order = met.filter { known.contains($0) }
    #expect(order == ids.filter { order.contains($0) } || order == ids.reversed().filter { order.contains($0) })
  }

  @Test("archived contacts are shown only on request, with time and reason")
  func archived() throws {
    let ids = try add(3)
    let answer = try workspace.call("owlbound_archive_contact", ["id": .string(ids[1]), "reason": "left"])
    #expect(answer == ["contactId": .string(ids[1]), "archived": true])
    #expect(try workspace.walk([:]) == [ids[2], ids[0]])
    #expect(try workspace.walk(["include_archived": true, "limit": 1]) == ids.reversed())
    let again = try workspace.call("owlbound_archive_contact", ["id": .string(ids[1]), "reason": "twice"])
    #expect(again == answer)
    let contact = try workspace.call("owlbound_get_contact", ["id": .string(ids[1])])["contact"]
    #expect(contact?["archived"] == true)
    #expect(contact?["archiveReason"] == "left")
    #expect(try workspace.call("owlbound_search_contacts", ["query": "P1"])["contacts"] == [])
    #expect(try workspace.refusal("owlbound_archive_contact", ["id": "nobody"]).code == .notFound)
  }

  @Test("a cursor that is forged, cut, foreign or of another list is refused")
  func cursors() throws {
    _ = try add(5)
    let cursor = try #require(try workspace.page(["limit": 2]).next?.stringValue)
    let other = TestWorkspace()
    for _ in 0..<3 { _ = try other.owlContact(["firstName": "X"]) }
    let foreign = try #require(try other.page(["limit": 1]).next?.stringValue)
    let forged = String(cursor.dropLast()) + (cursor.hasSuffix("0") ? "1" : "0")
    for text in [forged, foreign, "", "x", String(cursor.dropLast()), cursor + "0", cursor.uppercased(), "ct_1"] {
      let error = try workspace.refusal("owlbound_list_contacts", ["limit": 2, "cursor": .string(text)])
      #expect(error.code == .validation)
      #expect(error.details.first?.path == "/cursor")
    }
    let others: [JSONObject] = [
      ["status": "new"], ["source": "api"], ["sort_by": "score"], ["sort_direction": "asc"], ["include_archived": true],
      ["company": "x"],
    ]
    for var arguments in others {
      arguments["cursor"] = .string(cursor)
      #expect(try workspace.refusal("owlbound_list_contacts", arguments).code == .validation)
    }
    // The number of rows is no part of what is listed.
    #expect(try workspace.page(["limit": 50, "cursor": .string(cursor)]).ids.count == 3)
  }

  @Test("a page that is cut for its length goes on where it was cut")
  func long() throws {
    let notes = JSONValue.string(String(repeating: "n", count: 9000))
    let ids = try add(7) { _ in ["notes": notes] }
    #expect(try workspace.page([:]).ids.count < 7)
    #expect(try workspace.walk([:]) == ids.reversed())
  }

  @Test("many filters and orders give what looking at everybody gives")
  func ways() throws {
    let ids = try add(60) {
      ["company": .string($0 % 3 == 0 ? "Alpha \($0)" : "Beta \($0)"), "source": $0 % 4 == 0 ? "csv" : "api"]
    }
    for (number, id) in ids.enumerated() where number % 5 == 0 {
      _ = try workspace.call("owlbound_update_contact", ["id": .string(id), "status": "contacted"])
    }
    for (status, source, company) in [
      ("contacted", nil, nil), (nil, "csv", nil), (nil, nil, "alpha"), ("contacted", "csv", nil), ("new", "api", "be"),
      ("contacted", "csv", "alpha"), (nil, "api", "beta 1"),
    ] as [(String?, String?, String?)] {
      var arguments: JSONObject = ["limit": 4]
      arguments["status"] = status.map { .string($0) }
      arguments["source"] = source.map { .string($0) }
      arguments["company"] = company.map { .string($0) }
      let expected = ids.indices.filter { number in
        (status == nil || (status == "contacted") == (number % 5 == 0))
          && (source == nil || (source == "csv") == (number % 4 == 0))
          && (company == nil || "\(number % 3 == 0 ? "alpha" : "beta") \(number)".contains(company ?? ""))
      }
      for order in ["createdAt", "score"] {
        arguments["sort_by"] = .string(order)
        #expect(try workspace.walk(arguments) == expected.reversed().map { ids[$0] }, "\(arguments)")
      }
    }
  }
}
