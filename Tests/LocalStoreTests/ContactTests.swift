import JSON
import Service
import StoreSupport
import Testing

@Suite("Pathbound contacts")
struct ContactTests {
  let workspace = TestWorkspace()

  @Test("a created contact is read back with its properties under both ids")
  func create() throws {
    let created = try workspace.call(
      "pathbound_create_contact",
      ["email": "Maria@Acme.example", "properties": ["firstname": "María", "lifecyclestage": "lead", "plan": 7]])
    let id = try #require(created["contact"]?["contact_id"]?.stringValue)
    #expect(id.hasPrefix("ct_"))
    #expect(created["contact"]?["_id"]?.stringValue == id)
    let read = try workspace.call("pathbound_get_contact", ["contact_id": .string(id)])
    #expect(read["contact"] == created["contact"])
    #expect(
      read["contact"]?["properties"]
        == ["email": "Maria@Acme.example", "firstname": "María", "lifecyclestage": "lead", "plan": 7])
    #expect(read["contact"]?["created_at"] == "2026-11-21T08:30:00.000Z")
    #expect(read["events"] == [])
    #expect(read["actions"] == [])
    #expect(read["unified_profile"]?["name"] == "María")
  }
}
