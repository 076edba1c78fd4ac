import JSON
import LocalStore
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Identities")
struct IdentityTests {
  let workspace = TestWorkspace()

  private func create(_ more: JSONObject = [:]) throws -> JSONValue {
    var arguments: JSONObject = ["firstName": "Grace", "lastName": " Hopper ", "role": "Sales"]
    for (key, value) in more { arguments[key] = value }
    return try #require(try workspace.call("pathbound_create_identity", arguments)["identity"])
  }

  private func id(_ identity: JSONValue) throws -> String { try #require(identity["_id"]?.stringValue) }

  private func refusal(_ tool: String, _ id: String) throws -> ServiceError {
    try workspace.refusal(tool, ["identity_id": .string(id)])
  }

  @Test("a created identity is read back and listed, its job title under both names, without credentials")
  func create() throws {
    let identity = try create(["email": " grace@b.example ", "linkedin_url": "https://linkedin.com/in/grace"])
    let id = try id(identity)
    #expect(id.hasPrefix("id_"))
    #expect(
      identity == [
        "_id": .string(id), "identity_id": .string(id), "firstName": "Grace", "lastName": "Hopper", "role": "Sales",
        "jobTitle": "Sales", "email": "grace@b.example", "linkedin_url": "https://linkedin.com/in/grace",
        "created_at": "2026-11-21T08:30:00.000Z", "updated_at": "2026-11-21T08:30:00.000Z",
      ])
    #expect(try workspace.call("pathbound_get_identity", ["identity_id": .string(id)]) == ["identity": identity])
    #expect(try workspace.call("pathbound_list_identities").texts("_id", of: "identities") == ["id_default", id])
  }

  @Test("names and role are required, addresses must be addresses")
  func required() throws {
    for missing in ["firstName", "lastName", "role"] {
      for value in [nil, "", " "] as [JSONValue?] {
        var arguments: JSONObject = ["firstName": "A", "lastName": "B", "role": "C"]
        arguments[missing] = value
        let error = try workspace.refusal("pathbound_create_identity", arguments)
        #expect(error.details.first?.path == "/" + missing)
      }
    }
    for wrong in [["email": "grace"], ["linkedin_url": "linkedin"], ["password": "x"]] as [JSONObject] {
      #expect(throws: ServiceError.self) { try create(wrong) }
    }
    #expect(try workspace.call("pathbound_list_identities")["identities"]?.arrayValue?.count == 1)
  }

  @Test("an update replaces what is given and keeps the rest")
  func update() throws {
    let id = try id(try create(["email": "grace@b.example"]))
    workspace.clock.advance(seconds: 60)
    func update(_ more: JSONObject) throws -> JSONObject {
      var arguments = more
      arguments["identity_id"] = .string(id)
      return try workspace.call("pathbound_update_identity", arguments)
    }
    let changed = try update(["jobTitle": "Admiral", "email": "admiral@b.example"])["identity"]
    #expect(changed?["role"] == "Admiral" && changed?["jobTitle"] == "Admiral")
    #expect(changed?["firstName"] == "Grace" && changed?["email"] == "admiral@b.example")
    #expect(changed?["updated_at"] == "2026-11-21T08:31:00.000Z")
    workspace.clock.advance(seconds: 60)
    #expect(try update(["jobTitle": "Admiral"])["identity"] == changed)
    #expect(#expect(throws: ServiceError.self) { try update([:]) }?.code == .validation)
  }

  @Test("actions are done as the identity, with its address")
  func sender() throws {
    let id = try id(try create(["email": "grace@b.example"]))
    let contact = try workspace.contact("ada@b.example")
    _ = try workspace.queueMail(
      ["contact_id": .string(contact), "message": "Hello"], ["identity_id": .string(id)])
    let claimed = try #require(try workspace.store.claimDueAction())
    #expect(claimed.identity.id == id)
    #expect(claimed.identity.name == "Grace Hopper")
    #expect(claimed.identity.email == "grace@b.example")
  }

  @Test("a deleted identity is gone, and finished actions still say who did them")
  func delete() throws {
    let id = try id(try create())
    let action = try workspace.queue(["identity_id": .string(id)])
    try workspace.work()
    let answer = try workspace.call("pathbound_delete_identity", ["identity_id": .string(id)])
    #expect(answer == ["deleted": true, "identity_id": .string(id)])
    for tool in [
      "pathbound_get_identity", "pathbound_delete_identity", "pathbound_check_linkedin_connection",
      "pathbound_update_identity",
    ] {
      #expect(try refusal(tool, id).code == .notFound)
    }
    #expect(try workspace.call("pathbound_list_identities").texts("_id", of: "identities") == ["id_default"])
    #expect(try workspace.action(action)["identity_id"]?.stringValue == id)
    #expect(try workspace.queueRefusal(["identity_id": .string(id), "item_id": "2"]).message.contains(id))
    #expect(throws: ServiceError.self) { try RunFixture(workspace, ["identity_id": .string(id)]) }
  }

  @Test("an identity that an open action or an agent needs is kept, and the refusal says what needs it")
  func inUse() throws {
    let id = try id(try create())
    let action = try workspace.queue(["identity_id": .string(id), "require_approval": true])
    let open = try refusal("pathbound_delete_identity", id)
    #expect(open.code == .conflict && open.message.contains(action))
    _ = try workspace.call("pathbound_reject_action", ["action_id": .string(action)])
    let agent = try RunFixture(workspace, ["identity_id": .string(id)]).agent
    let used = try refusal("pathbound_delete_identity", id)
    #expect(used.code == .conflict && used.message.contains(agent))
    #expect(try workspace.call("pathbound_list_identities")["identities"]?.arrayValue?.count == 2)
    #expect(try refusal("pathbound_delete_identity", "id_default").code == .conflict)
  }

  @Test("an identity that a sequence writes as is kept")
  func inSequence() throws {
    let id = try id(try create())
    _ = try workspace.call(
      "owlbound_save_sequence",
      [
        "name": "Welcome", "identityId": .string(id),
        "steps": [["type": "task", "title": "Call"]],
      ])
    let error = try refusal("pathbound_delete_identity", id)
    #expect(error.code == .conflict && error.message.contains("Welcome"))
  }

  @Test("a local workspace does not pretend to be logged in to LinkedIn")
  func linkedIn() throws {
    let answer = try workspace.call("pathbound_check_linkedin_connection", ["identity_id": "id_default"])
    #expect(answer["connected"] == false)
    #expect(answer["identity_id"] == "id_default")
    #expect(answer["message"]?.stringValue?.contains("LinkedIn") == true)
    #expect(try refusal("pathbound_check_linkedin_connection", "id_x").code == .notFound)
  }
}
