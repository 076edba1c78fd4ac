import JSON
import Service
import StoreSupport
import TestSupport
import Testing

/// What a caller may rely on of events, segments, batch reads and counts, whoever serves the platform.
@Suite("Contract: events and segments", .serialized)
struct EventContractTests {
  private func id(_ value: JSONValue?, _ key: String) throws -> JSONValue {
    let id = try #require(value?[key])
    #expect(id.stringValue?.isEmpty == false)
    return id
  }

  /// A contact with two page views; the ids of the contact and of the later event.
  private func visit(_ workspace: TestWorkspace) throws -> (contact: JSONValue, event: JSONValue) {
    let created = try workspace.call(
      "pathbound_create_contact",
      ["email": "ada@b.example", "properties": ["lifecyclestage": "lead"], "visitor_id": "v1"])
    let tracked = try workspace.call(
      "pathbound_track_events",
      [
        "events": [
          ["event": "page_view", "url": "https://b.example/docs", "visitorId": "v1", "timestamp": "2026-11-19"],
          [
            "event": "page_view", "url": "https://b.example/pricing", "visitorId": "v1", "timestamp": "2026-11-20",
            "data": ["title": "Prices"],
          ],
        ]
      ])
    return (try id(created["contact"], "_id"), try #require(tracked["event_ids"]?[1]))
  }

  @Test("the quickstart's request for recent events works, on an empty workspace too", arguments: Place.allCases)
  func quickstart(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let recent: JSONObject = ["limit": 5, "sort_dir": "desc"]
    #expect(try workspace.call("pathbound_list_events", recent)["events"] == [])
    _ = try visit(workspace)
    let urls = try workspace.call("pathbound_list_events", recent)["events"]?.arrayValue?.map { $0["url"] }
    #expect(urls == ["https://b.example/pricing", "https://b.example/docs"])
  }

  @Test("an event is read alone, counted by type, and summed up", arguments: Place.allCases)
  func events(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let (contact, event) = try visit(workspace)
    let read = try workspace.call("pathbound_get_event", ["event_id": event])["event"]
    #expect(read?["_id"] == event)
    #expect(read?["internal_contact_id"] == contact)
    #expect(read?["data"]?["title"] == "Prices")
    let types = try workspace.call("pathbound_list_event_types")["event_types"]
    #expect(types?[0]?["event"] == "page_view")
    #expect(types?[0]?["count"] == 2)
    let stats = try workspace.call("pathbound_get_event_stats", ["date_after": "2026-11-20"])["stats"]
    #expect(stats?["total_events"] == 1)
    #expect(stats?["identified_events"] == 1)
    #expect(stats?["unique_visitors"] == 1)
    #expect(stats?["unique_contacts"] == 1)
  }

  @Test("many records come in one call", arguments: Place.allCases)
  func batch(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let (contact, event) = try visit(workspace)
    let details = try workspace.call(
      "pathbound_batch_get_details", ["entity_type": "contacts", "ids": [contact, "ct_unknown"]])
    #expect(details["contacts"]?.arrayValue?.count == 1)
    #expect(details["contacts"]?[0]?["_id"] == contact)
    let activity = try workspace.call("pathbound_batch_get_activity", ["contact_ids": [contact], "events_limit": 1])
    #expect(activity["contact_count"] == 1)
    let own = activity["activity"]?[contact.stringValue ?? ""]
    #expect(own?["total_events"] == 2)
    #expect(
      own?["events"]
        == [
          [
            "id": event, "event": "page_view", "url": "https://b.example/pricing",
            "timestamp": "2026-11-20T00:00:00.000Z", "title": "Prices",
          ]
        ])
  }

  @Test("records are counted by group", arguments: Place.allCases)
  func aggregate(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    _ = try visit(workspace)
    let events = try workspace.call("pathbound_aggregate", ["entity": "events", "group_by": "event"])
    #expect(events["groups"]?[0]?["key"] == "page_view")
    #expect(events["groups"]?[0]?["count"] == 2)
    #expect(events["total"] == 2)
    let contacts = try workspace.call("pathbound_aggregate", ["entity": "contacts", "group_by": "lifecycle_stage"])
    #expect(contacts["groups"]?[0]?["key"] == "lead")
    #expect(
      try #require(throws: ServiceError.self) {
        try workspace.call("pathbound_aggregate", ["entity": "events", "group_by": "colour"])
      }.code == .validation)
  }

  @Test("a segment has a filter, a count and contacts", arguments: Place.allCases)
  func segments(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let (contact, _) = try visit(workspace)
    let filter: JSONValue = ["lifecycle_stage": "lead", "events": [["url_contains": "pricing", "within_days": 7]]]
    let saved = try workspace.call("pathbound_save_segment", ["name": "Price watchers", "filter": filter])
    let segment = try id(saved["segment"], "_id")
    let listed = try workspace.call("pathbound_list_segments")
    #expect(listed["segments"]?[0]?["contact_count"] == 1)
    #expect(listed["pagination"] == ["page": 1, "limit": 50, "total_pages": 1, "total_items": 1])
    let read = try workspace.call("pathbound_get_segment", ["segment_id": segment])["segment"]
    #expect(read?["name"] == "Price watchers")
    #expect(read?["filter"] == filter)
    let members = try workspace.call("pathbound_list_segment_contacts", ["segment_id": segment])
    #expect(members["segment_name"] == "Price watchers")
    #expect(members["contacts"]?[0]?["_id"] == contact)
    #expect(members["pagination"]?["total_items"] == 1)
    let person = try workspace.call("pathbound_get_contact", ["contact_id": contact])["contact"]
    #expect(person?["segment_ids"] == [segment])
  }
}
