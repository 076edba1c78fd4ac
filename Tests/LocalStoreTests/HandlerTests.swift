import JSON
import Operations
import Testing

@testable import LocalStore

@Suite("Handlers")
struct HandlerTests {
  @Test("every operation has a handler, and every handler an operation")
  func complete() {
    let operations = Set((Catalogue.all + Inner.all).map(\.name))
    #expect(operations.subtracting(Handlers.all.keys).isEmpty)
    #expect(Set(Handlers.all.keys).subtracting(operations).isEmpty)
  }

  @Test(
    "what the catalogue calls a write is one, and what it calls a read is none", arguments: Catalogue.all.map(\.name))
  func kinds(name: String) throws {
    let operation = try #require(Catalogue.operation(named: name))
    switch (operation.access, Handlers.handler(of: operation)) {
    case (.write, .write?), (.write, .preparedWrite?), (.read, .read?), (.quickRead, .read?): break
    default: Issue.record("\(name) is not what the catalogue says")
    }
  }

  @Test("lists are quick where an index leaves few rows to look at, and only there")
  func quickness() {
    let quickEvents: [JSONObject] = [
      [:], ["contact_id": "x"], ["contact_id": "x", "date_after": "2026-01-01"], ["event_type": "page_view"],
      ["sort_by": "event"], ["page": 100, "limit": 20], ["event_type": "x", "sort_by": "event"],
    ]
    let slowEvents: [JSONObject] = [
      ["search": "x"], ["url_contains": "x"], ["contact_id": "x", "url_contains": "x"],
      ["domain": "x"], ["domain": "x", "sort_by": "event"],
      ["identified_only": true], ["domain": "x", "event_type": "x"], ["date_after": "2026-01-01"], ["page": 100_000],
      ["event_type": "x", "sort_by": "createdAt"],
    ]
    for arguments in quickEvents { #expect(EventList.isQuick(arguments), "\(arguments)") }
    for arguments in slowEvents { #expect(!EventList.isQuick(arguments), "\(arguments)") }
    for arguments in [[:], ["company_id": "x"], ["job_title": "x"], ["sort_by": "email"]] as [JSONObject] {
      #expect(ContactList.isQuick(arguments), "\(arguments)")
    }
    for arguments in [["search": "x"], ["country": "x"], ["has_linkedin": false], ["page": 1_000_000]] as [JSONObject] {
      #expect(!ContactList.isQuick(arguments), "\(arguments)")
    }
  }
}
