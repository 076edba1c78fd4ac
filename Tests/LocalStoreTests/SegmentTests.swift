import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Segments")
struct SegmentTests {
  let workspace = TestWorkspace()

  /// Ada looks at prices twice, Bob once and long ago, Cy never; Ada and Bob are leads.
  private func fill() throws -> [String] {
    let people = [
      try workspace.contact("ada@b.example", ["lifecyclestage": "lead", "country": "UK"]),
      try workspace.contact("bob@b.example", ["lifecyclestage": "lead"]),
      try workspace.contact("cy@b.example", ["lifecyclestage": "customer", "country": "UK"]),
    ]
    func view(_ person: Int, _ time: String, _ url: String = "https://shop.example/pricing") -> JSONValue {
      ["event": "page_view", "contact_id": .string(people[person]), "timestamp": .string(time), "url": .string(url)]
    }
    try workspace.track(
      view(0, "2026-11-19T10:00:00Z"), view(0, "2026-11-20T10:00:00Z"), view(1, "2026-09-01T10:00:00Z"),
      view(2, "2026-11-20T10:00:00Z", "https://shop.example/docs"), ["event": "page_view", "visitorId": "stranger"])
    return people
  }

  @discardableResult
  private func save(_ name: String, _ filter: JSONObject) throws -> String {
    let saved = try workspace.call("pathbound_save_segment", ["name": .string(name), "filter": .object(filter)])
    return try #require(saved["segment"]?["_id"]?.stringValue)
  }

  /// First letters of the members' addresses, newest first; the count agrees.
  private func members(_ segment: String) throws -> String {
    let list = try workspace.call(
      "pathbound_list_segment_contacts", ["segment_id": .string(segment), "fields": "summary"])
    let letters = list["contacts"]?.arrayValue?.compactMap { $0["email"]?.stringValue?.prefix(1) }.joined() ?? "?"
    #expect(list.totalItems == Int64(letters.count))
    let read = try workspace.call("pathbound_get_segment", ["segment_id": .string(segment)])["segment"]
    #expect(read?["contact_count"] == .integer(Int64(letters.count)))
    return letters
  }

  @Test(
    "a filter selects who fulfils all of it",
    arguments: [
      (["lifecycle_stage": "lead"], "ba"), (["country": "UK", "lifecycle_stage": "lead"], "a"), ([:], "cba"),
      (["events": [["url_contains": "pricing"]]], "ba"),
      (["events": [["url_contains": "pricing", "within_days": 30]]], "a"),
      (["events": [["event_type": "page_view", "min_count": 2]]], "a"),
      (["events": [["event_type": "page_view", "domain": "shop.example"]], "country": "UK"], "ca"),
      (["events": [["url_contains": "pricing", "none": true]]], "c"),
      (["events": [["url_contains": "pricing", "within_days": 30, "none": true]], "lifecycle_stage": "lead"], "b"),
      (["events": [["url_contains": "pricing"], ["url_contains": "docs"]]], ""),
      (["events": ["event_type": "signup"]], ""), (["not_emailed_days": 7], "cba"), (["search": "ada"], "a"),
      (["search": "!!"], ""),
    ] as [(JSONObject, String)])
  func filters(filter: JSONObject, wanted: String) throws {
    let people = try fill()
    let segment = try save("Some", filter)
    #expect(try members(segment) == wanted)
    for (person, letter) in zip(people, ["a", "b", "c"]) {
      let contact = try workspace.call("pathbound_get_contact", ["contact_id": .string(person)])["contact"]
      #expect(contact?["segment_ids"] == .array(wanted.contains(letter) ? [.string(segment)] : []))
    }
    let counted = try workspace.call(
      "pathbound_aggregate",
      ["entity": "contacts", "group_by": "status", "filters": ["segment_id": .string(segment)]])
    #expect(counted["total"] == .integer(Int64(wanted.count)))
  }

  @Test("counts are those of now")
  func live() throws {
    let people = try fill()
    let segment = try save("Signed up", ["events": [["event_type": "signup"]], "lifecycle_stage": "lead"])
    #expect(try members(segment) == "")
    try workspace.track(["event": "signup", "contact_id": .string(people[1])])
    #expect(try members(segment) == "b")
    _ = try workspace.call(
      "pathbound_update_contact", ["contact_id": .string(people[1]), "properties": ["lifecyclestage": "mql"]])
    #expect(try members(segment) == "")
  }

  @Test("who was written to lately is left out")
  func mailed() throws {
    let people = try fill()
    let segment = try save("Not mailed", ["not_emailed_days": 7, "lifecycle_stage": "lead"])
    _ = try workspace.queueMail(["contact_id": .string(people[0]), "message": "Hello"], [:])
    let mail = SentMail(
      threadID: nil, messageID: "<1@b.example>", references: [], subject: "Hello", contactID: people[0])
    #expect(try workspace.work(.completed(result: [:], changes: [.recordMail(mail)])).count == 1)
    #expect(try members(segment) == "b")
    workspace.clock.advance(milliseconds: 8 * 86_400_000)
    #expect(try members(segment) == "ba")
  }

  @Test("segments are listed, changed by name or id, and deleted")
  func life() throws {
    let empty = try workspace.call("pathbound_list_segments")
    #expect(empty["segments"] == [])
    #expect(empty["pagination"]?["limit"] == 50)
    _ = try fill()
    let segment = try save("Leads", ["lifecycle_stage": "lead"])
    #expect(segment.hasPrefix("seg_"))
    let changed = try workspace.call(
      "pathbound_save_segment", ["name": "  LEADS ", "description": "All leads"])
    #expect(changed["created"] == false)
    #expect(changed["segment"]?["_id"]?.stringValue == segment)
    #expect(changed["segment"]?["filter"] == ["lifecycle_stage": "lead"])
    _ = try workspace.call(
      "pathbound_save_segment",
      ["segment_id": .string(segment), "name": "Customers", "filter": ["lifecycle_stage": "customer"]])
    let list = try workspace.call("pathbound_list_segments")
    #expect(list["segments"]?.arrayValue?.count == 1)
    #expect(list["segments"]?[0]?["name"] == "Customers")
    #expect(list["segments"]?[0]?["description"] == "All leads")
    #expect(list["segments"]?[0]?["contact_count"] == 1)
    _ = try workspace.call("pathbound_delete_segment", ["segment_id": .string(segment)])
    #expect(
      try workspace.refusal("pathbound_get_segment", ["segment_id": .string(segment)]).code == .notFound)
  }

  @Test("two segments can't have one name")
  func names() throws {
    let first = try save("One", [:])
    _ = try save("Two", [:])
    let error = try workspace.refusal(
      "pathbound_save_segment", ["segment_id": .string(first), "name": "two", "filter": [:]])
    #expect(error.code == .conflict)
    #expect(try workspace.refusal("pathbound_save_segment", ["name": "Three"]).details.first?.path == "/filter")
  }

  @Test(
    "a filter that says nothing sensible is refused where it is wrong, with the nearest word",
    arguments: [
      (["lifecyle_stage": "lead"], "/filter/lifecyle_stage", "lifecycle_stage"),
      (["lifecycle_stage": "leed"], "/filter/lifecycle_stage", "lead"),
      (["events": [["within_day": 3]]], "/filter/events/0/within_day", "within_days"),
      (["events": [["within_days": 0]]], "/filter/events/0/within_days", "1"),
      (["not_emailed_days": "7"], "/filter/not_emailed_days", "integer"),
      (["company_id": "co_nobody"], "/filter/company_id", "co_nobody"),
      (["segment_id": "seg_x"], "/filter/segment_id", "nknown"),
    ] as [(JSONObject, String, String)])
  func refused(filter: JSONObject, path: String, word: String) throws {
    let error = try workspace.refusal("pathbound_save_segment", ["name": "X", "filter": .object(filter)])
    #expect(error.code == .validation)
    #expect(error.details.first?.path == path)
    #expect(error.details.first?.message.contains(word) == true, "\(error.details)")
  }

  @Test("an agent can watch a segment, which then can't be deleted")
  func agents() throws {
    let people = try fill()
    let segment = try save("Price watchers", ["events": [["url_contains": "pricing", "within_days": 30]]])
    let monitoring: JSONObject = ["filter": ["segment_id": .string(segment)]]
    let agent = try workspace.call(
      "pathbound_create_agent",
      ["name": "Watcher", "playbook_template": "cold_outreach", "monitoring": .object(monitoring)])["agent"]?["_id"]
    let id = try #require(agent)
    _ = try workspace.call("pathbound_trigger_agent", ["id": id])
    #expect(
      try workspace.refusal("pathbound_delete_segment", ["segment_id": .string(segment)]).code == .conflict)
    let refused = try workspace.refusal(
      "pathbound_create_agent", ["name": "X", "monitoring": ["filter": ["segment_id": "seg_nobody"]]])
    #expect(refused.details.first?.path == "/monitoring/filter/segment_id")
    #expect(people.count == 3)
  }
}
