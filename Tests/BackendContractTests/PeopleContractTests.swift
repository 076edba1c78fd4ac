import JSON
import Service
import StoreSupport
import TestSupport
import Testing

/// Where a workspace can live; each must answer alike.
enum Place: CaseIterable {
  case memory, file, hosted

  func workspace(_ folder: TemporaryFolder, performer: any ActionPerformer = Performer()) -> TestWorkspace {
    switch self {
    case .memory: TestWorkspace(performer: performer)
    case .file: TestWorkspace(path: folder.file("workspace.db"), performer: performer)
    case .hosted: TestWorkspace(behindHTTP: TestWorkspace(performer: performer))
    }
  }
}

/// What a caller may rely on whoever serves the platform: the shapes that the API pages promise.
@Suite("Contract: people", .serialized)
struct PeopleContractTests {
  private func id(_ value: JSONValue?, _ key: String) throws -> JSONValue {
    let id = try #require(value?[key])
    #expect(id.stringValue?.isEmpty == false)
    return id
  }

  @Test("a Pathbound contact lives through create, get, list, update and note", arguments: Place.allCases)
  func pathboundContact(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let created = try workspace.call(
      "pathbound_create_contact", ["email": "ada@b.example", "properties": ["firstname": "Ada"]])["contact"]
    let contact = try id(created, "_id")
    #expect(created?["properties"]?["email"] == "ada@b.example")
    #expect(
      try #require(throws: ServiceError.self) {
        try workspace.call("pathbound_create_contact", ["email": "ada@b.example"])
      }.code == .conflict)
    let read = try workspace.call("pathbound_get_contact", ["contact_id": contact])
    #expect(read["contact"]?["_id"] == contact)
    #expect(read["events"]?.arrayValue != nil && read["actions"]?.arrayValue != nil)
    let list = try workspace.call("pathbound_list_contacts", ["search": "ada"])
    #expect(list["contacts"]?[0]?["_id"] == contact)
    #expect(list["pagination"]?["total_items"] == 1)
    let updated = try workspace.call(
      "pathbound_update_contact", ["contact_id": contact, "properties": ["lifecyclestage": "mql"]])["contact"]
    #expect(updated?["properties"] == ["email": "ada@b.example", "firstname": "Ada", "lifecyclestage": "mql"])
    let note = try workspace.call(
      "pathbound_create_contact_note", ["contact_id": contact, "content": "Call back."])["note"]
    #expect(note?["content"] == "Call back.")
  }

  @Test("events are taken in and found again", arguments: Place.allCases)
  func events(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    #expect(try workspace.call("pathbound_list_events")["events"] == [])
    let tracked = try workspace.call(
      "pathbound_track_events",
      ["events": [["event": "page_view", "url": "https://a.example/x"], ["event": "signup"]]])
    #expect(tracked["received"] == 2)
    #expect(try workspace.call("pathbound_list_events", ["count_only": true]) == ["count": 2])
    let summary = try workspace.call("pathbound_list_events", ["event_type": "page_view", "fields": "summary"])
    #expect(summary["events"]?.arrayValue?.count == 1)
    #expect(summary["events"]?[0]?["url"] == "https://a.example/x")
  }

  @Test("an Owlbound contact is created, found, read, signalled and scored", arguments: Place.allCases)
  func owlboundContact(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let fields: JSONObject = ["firstName": "Ada", "email": "ada@b.example", "title": "CTO"]
    let contact = try #require(try workspace.call("owlbound_create_contact", fields)["contactId"])
    #expect(try workspace.call("owlbound_search_contacts", ["query": "ada"])["contacts"]?[0]?["id"] == contact)
    #expect(try workspace.call("owlbound_get_contact", ["id": contact])["contact"]?["email"] == "ada@b.example")
    let signal = try workspace.call(
      "owlbound_ingest_signal", ["type": "job_change", "data": ["to": "CTO"], "contactId": contact])["signalId"]
    #expect(try workspace.call("owlbound_list_signals")["signals"]?[0]?["id"] == signal)
    let profile = try id(
      try workspace.call("owlbound_save_icp_profile", ["name": "Leaders", "titles": ["CTO"]])["profile"], "id")
    let score = try workspace.call("owlbound_score_contact", ["id": contact, "icpProfileId": profile])
    #expect(score["score"] == 100)
    #expect(score["breakdown"]?["titles"]?["max"] == 100)
    let brief = try workspace.call("bound_lead_brief", ["email": "ada@b.example"])
    #expect(brief["scores"]?[0]?["score"] == 100)
  }

  @Test("both platforms tell that they are up", arguments: Place.allCases)
  func account(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    #expect(try workspace.call("pathbound_get_auth_status")["authenticated"] == true)
    #expect(try workspace.call("pathbound_get_health")["timestamp"]?.stringValue != nil)
    #expect(try workspace.call("owlbound_get_health")["status"] == "operational")
    #expect(try workspace.call("pathbound_list_identities")["identities"]?[0]?["_id"] == "id_default")
  }
}
