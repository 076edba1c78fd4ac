import JSON
import LocalStore
import Service
import StoreSupport
import TestSupport
import Testing

/// A workspace in which one of everything can be changed.
struct UndoFixture {
  let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })
  let contact: String
  let note: String
  let company: String
  let companyNote: String
  let identity: JSONValue
  let agent: JSONValue
  let segment: JSONValue
  let profile: JSONValue
  let owl: String
  let sequence: JSONValue
  let workflow: JSONValue
  let pending: String
  let scheduled: String

  init() throws {
    company = try workspace.company("b.example", ["name": "B"])
    contact = try workspace.contact("ada@b.example", ["firstname": "Ada", "external_id": "x1"])
    _ = try workspace.call("pathbound_update_contact", ["contact_id": .string(contact), "visitor_id": "v1"])
    _ = try workspace.track(["event": "page_view", "visitorId": "v1", "url": "https://b.example/"])
    _ = try workspace.track(["event": "signed_up", "contact_id": .string(contact)])
    _ = try workspace.track(["event": "page_view", "visitorId": "v2", "url": "https://b.example/a"])
    note = try Self.text(
      workspace.call("pathbound_create_contact_note", ["contact_id": .string(contact), "content": "Likes tea"]), "note")
    companyNote = try Self.text(
      workspace.call("pathbound_create_company_note", ["company_id": .string(company), "content": "Big"]), "note")
    identity = try Self.id(
      workspace.call(
        "pathbound_create_identity", ["firstName": "Sam", "lastName": "Rivera", "role": "Sales"])["identity"])
    agent = try Self.id(
      workspace.call(
        "pathbound_create_agent",
        [
          "name": "Agent", "identity_id": "id_default", "enabled": true,
          "monitoring": ["schedule_cron": "0 23 * * *"],
        ])["agent"])
    segment = try Self.id(
      workspace.call("pathbound_save_segment", ["name": "Leads", "filter": ["lifecycle_stage": "lead"]])["segment"])
    profile = try Self.id(
      workspace.call("owlbound_save_icp_profile", ["name": "Buyers", "titles": ["CTO"]])["profile"])
    owl = try workspace.owlContact(["firstName": "Bo", "email": "bo@b.example", "title": "CTO", "company": "B"])
    sequence = try workspace.sequence()
    workflow = try workspace.workflow()
    let task: JSONValue = ["title": "Call", "contact_id": .string(contact)]
    pending = try workspace.queue(["params": task, "require_approval": true])
    scheduled = try workspace.queue(["params": task, "scheduled_time": "2027-01-01T08:00:00Z"])
    workspace.clock.advance(seconds: 3600)
  }

  private static func id(_ record: JSONValue?) throws -> JSONValue {
    try #require(
      record?["_id"] ?? record?["id"] ?? record?["segment_id"], "\(record?.text ?? "")")
  }

  private static func text(_ payload: JSONObject, _ name: String) throws -> String {
    let record = payload[name]
    return try #require((record?["note_id"] ?? record?["_id"] ?? record?["id"])?.stringValue, "\(payload)")
  }

  /// The newest change.
  func latest() throws -> JSONValue {
    try #require(try workspace.call("pathbound_list_changes", ["limit": 1])["changes"]?[0])
  }

  /// Takes a change back, and gives the undo's id.
  @discardableResult
  func undo(_ change: JSONValue?) throws -> JSONValue {
    try #require(try workspace.call("pathbound_undo_change", ["change_id": change?["id"] ?? change ?? ""])["undo_id"])
  }

  /// Does some of what keeps the workspace in order.
  func keepUp() throws {
    for kind in workspace.store.upkeep { _ = try kind.doNext(shouldStop: { false }) }
  }

  /// What stands against taking a change back.
  func refusal(_ change: JSONValue?) throws -> String {
    let refusal = try workspace.refusal("pathbound_undo_change", ["change_id": change?["id"] ?? change ?? ""])
    #expect(refusal.code == .conflict)
    return refusal.message
  }
}
