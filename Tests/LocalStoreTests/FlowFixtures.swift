import JSON
import Service
import StoreSupport
import Testing

/// Short ways to what tests of signals, workflows and sequences begin with.
extension TestWorkspace {
  /// Takes in a signal and gives its id.
  @discardableResult
  func signal(_ arguments: JSONObject = [:]) throws -> JSONValue {
    var whole: JSONObject = ["type": "website_visit", "data": [:]]
    for (key, value) in arguments { whole[key] = value }
    return try #require(try call("owlbound_ingest_signal", whole)["signalId"])
  }

  /// Saves a workflow that listens to visits and puts a contact on ready, or what the arguments say; gives its id.
  @discardableResult
  func workflow(_ arguments: JSONObject = [:]) throws -> JSONValue {
    var whole: JSONObject = [
      "name": "Visitors", "triggers": [["type": "website_visit"]],
      "steps": [["type": "notify", "message": "A visit."]],
    ]
    for (key, value) in arguments { whole[key] = value }
    return try #require(try call("owlbound_save_workflow", whole)["workflow"]?["id"])
  }

  /// The latest runs of a workflow, newest first.
  func runs(_ id: JSONValue) throws -> [JSONValue] {
    try #require(try call("owlbound_list_workflows", ["id": id])["workflows"]?[0]?["recentRuns"]?.arrayValue)
  }

  /// Saves a sequence of one e-mail that needs no approval, or what the arguments say; gives its id.
  @discardableResult
  func sequence(_ arguments: JSONObject = [:]) throws -> JSONValue {
    var whole: JSONObject = [
      "name": "Welcome", "requireApproval": false,
      "steps": [["type": "email", "subject": "Hello", "message": "Hi {{firstName|there}}!"]],
    ]
    for (key, value) in arguments { whole[key] = value }
    return try #require(try call("owlbound_save_sequence", whole)["sequence"]?["id"])
  }

  /// Enrolls a contact and gives the answer.
  @discardableResult
  func enroll(_ contact: String, _ sequence: JSONValue) throws -> JSONObject {
    try call("owlbound_enroll_in_sequence", ["id": sequence, "contactId": .string(contact)])
  }

  /// The latest enrollments of a sequence, newest first.
  func enrollments(_ sequence: JSONValue) throws -> [JSONValue] {
    try #require(try call("owlbound_list_sequences", ["id": sequence])["sequences"]?[0]?["enrollments"]?.arrayValue)
  }

  /// All actions, oldest first.
  func actions() throws -> [JSONValue] {
    let list = try call("pathbound_list_actions", ["limit": 100])["actions"]?.arrayValue ?? []
    return list.sorted { ($0["_id"]?.stringValue ?? "") < ($1["_id"]?.stringValue ?? "") }
  }
}
