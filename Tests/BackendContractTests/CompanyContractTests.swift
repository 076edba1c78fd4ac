import JSON
import Service
import StoreSupport
import TestSupport
import Testing

/// Companies and senders, in calls and payloads alone (Pathbound API 6 and 9).
@Suite("Contract: companies and identities", .serialized)
struct CompanyContractTests {
  private func code(_ workspace: TestWorkspace, _ tool: String, _ arguments: JSONObject) throws -> ServiceError.Code {
    try #require(throws: ServiceError.self) { try workspace.call(tool, arguments) }.code
  }

  @Test("a company lives through create, get, list, update and delete", arguments: Place.allCases)
  func company(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let properties: JSONObject = ["name": "Acme", "industry": "Toys", "employee_count": 12]
    let created = try #require(
      try workspace.call(
        "pathbound_create_company", ["domain": "acme.example", "properties": .object(properties)])["company"])
    let id = try #require(created["_id"])
    #expect(created["company_id"] == id && created["tenant_id"]?.stringValue != nil)
    #expect(created["properties"]?["domain"] == "acme.example")
    #expect(try code(workspace, "pathbound_create_company", ["domain": "https://www.ACME.example/"]) == .conflict)
    #expect(try code(workspace, "pathbound_create_company", [:]) == .validation)
    let updated = try workspace.call(
      "pathbound_update_company", ["company_id": id, "properties": ["industry": .null, "name": "ACME"]])["company"]
    #expect(updated?["properties"] == ["domain": "acme.example", "name": "ACME", "employee_count": 12])
    for filter in [["search": "acme"], ["sort_by": "name"], ["sort_by": "createdate", "sort_dir": "asc"]]
      as [JSONObject]
    {
      let list = try workspace.call("pathbound_list_companies", filter)
      #expect(list["companies"]?[0]?["_id"] == id)
      #expect(list["pagination"] == ["page": 1, "limit": 20, "total_pages": 1, "total_items": 1])
    }
    let summary = try workspace.call("pathbound_list_companies", ["fields": "summary"])["companies"]?[0]
    let names = summary?.objectValue.map { Set($0.keys) } ?? []
    #expect(names.isSuperset(of: ["company_id", "id", "name", "domain", "industry", "last_activity_at"]))
    _ = try workspace.call("pathbound_delete_company", ["company_id": id])
    #expect(try code(workspace, "pathbound_get_company", ["company_id": id]) == .notFound)
  }

  @Test("contacts of a company are shown with it, and outlive it", arguments: Place.allCases)
  func contacts(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try #require(
      try workspace.call("pathbound_create_company", ["domain": "acme.example"])["company"]?["_id"])
    let contact = try #require(
      try workspace.call("pathbound_create_contact", ["email": "ada@example.com", "company_id": id])["contact"])
    #expect(contact["company_id"] == id && contact["associations"] == ["companies": [id]])
    let read = try workspace.call("pathbound_get_company", ["company_id": id])
    #expect(read["contacts"]?.arrayValue?.map { $0["_id"] } == [contact["_id"]])
    _ = try workspace.call("pathbound_delete_company", ["company_id": id])
    let after = try workspace.call("pathbound_get_contact", ["contact_id": try #require(contact["_id"])])["contact"]
    #expect(after?["company_id"] == .null && after?["associations"] == ["companies": []])
  }

  @Test("a company's notes work as a contact's", arguments: Place.allCases)
  func notes(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let id = try #require(
      try workspace.call("pathbound_create_company", ["domain": "acme.example"])["company"]?["_id"])
    let note = try #require(
      try workspace.call("pathbound_create_company_note", ["company_id": id, "content": "Big."])["note"]?["_id"])
    let changed = try workspace.call(
      "pathbound_update_company_note", ["company_id": id, "note_id": note, "content": "Bigger."])["note"]
    #expect(changed?["content"] == "Bigger.")
    let list = try workspace.call("pathbound_list_company_notes", ["company_id": id])["notes"]
    #expect(list?.arrayValue?.map { $0["_id"] } == [note])
    _ = try workspace.call("pathbound_delete_company_note", ["company_id": id, "note_id": note])
    #expect(try workspace.call("pathbound_list_company_notes", ["company_id": id])["notes"] == [])
  }

  @Test("an identity lives through create, get, list, update and delete", arguments: Place.allCases)
  func identity(place: Place) throws {
    let folder = try TemporaryFolder()
    let workspace = place.workspace(folder)
    let given: JSONObject = ["firstName": "Grace", "lastName": "Hopper", "role": "Sales"]
    let created = try #require(try workspace.call("pathbound_create_identity", given)["identity"])
    let id = try #require(created["_id"])
    for (name, value) in given { #expect(created[name] == value) }
    #expect(try workspace.call("pathbound_get_identity", ["identity_id": id])["identity"]?["_id"] == id)
    let updated = try workspace.call(
      "pathbound_update_identity", ["identity_id": id, "jobTitle": "Admiral", "lastName": "H."])["identity"]
    #expect(updated?["jobTitle"] == "Admiral" && updated?["firstName"] == "Grace" && updated?["lastName"] == "H.")
    let list = try workspace.call("pathbound_list_identities")["identities"]?.arrayValue ?? []
    #expect(list.contains { $0["_id"] == id })
    #expect(try workspace.call("pathbound_check_linkedin_connection", ["identity_id": id]).isEmpty == false)
    for missing in given.keys {
      var arguments = given
      arguments[missing] = nil
      #expect(try code(workspace, "pathbound_create_identity", arguments) == .validation)
    }
    let queued = try workspace.call(
      "pathbound_queue_action",
      ["type": "create_task", "params": ["title": "Call"], "identity_id": id, "require_approval": true])
    #expect(try code(workspace, "pathbound_delete_identity", ["identity_id": id]) == .conflict)
    _ = try workspace.call("pathbound_reject_action", ["action_id": try #require(queued["action_id"])])
    _ = try workspace.call("pathbound_delete_identity", ["identity_id": id])
    #expect(try code(workspace, "pathbound_get_identity", ["identity_id": id]) == .notFound)
  }
}
