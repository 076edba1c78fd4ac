import JSON
import LocalStore
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Connectors")
struct ConnectorTests {
  let workspace = TestWorkspace()

  private func save(_ fields: JSONObject) throws -> JSONObject {
    try workspace.call("owlbound_save_connector", fields)
  }

  private func slack() throws -> JSONValue? {
    try workspace.call("owlbound_list_connectors", ["integrationSlug": "slack"])["connectors"]?[0]
  }

  @Test("the documented calls: one by its id, and those of an integration")
  func documented() throws {
    let saved = try save([
      "integrationSlug": "Slack", "name": "Sales", "config": ["bot_token": "$SLACK_TOKEN", "channel": "#sales"],
    ])
    #expect(saved["created"] == true)
    _ = try save(["integrationSlug": "hubspot"])
    let id = try #require(saved["connector"]?["id"])
    let read = try workspace.call("owlbound_get_connector", ["id": id])["connector"]
    #expect(read == saved["connector"])
    #expect(read?["config"] == ["bot_token": "[redacted]", "channel": "#sales"])
    #expect(read?["health"] == ["status": "unknown", "checkedAt": .null, "message": "Not used yet."])
    #expect(try slack()?["id"] == id)
    #expect(try workspace.call("owlbound_list_connectors")["connectors"]?.arrayValue?.count == 2)
    #expect(try workspace.refusal("owlbound_get_connector", ["id": "conn123"]).code == .notFound)
  }

  @Test("a secret is refused wherever it stands, named by its place and never repeated")
  func secrets() throws {
    let secret = "xoxb-12345678901-abcdefghijk"
    let configs: [(JSONObject, String)] = [
      (["token": .string(secret)], "/config/token"), (["api_key": "short"], "/config/api_key"),
      (["apiKey": ["value": "hidden"]], "/config/apiKey/value"), (["password": 1234], "/config/password"),
      (["note": .string(secret)], "/config/note"), (["list": ["x", .string(secret)]], "/config/list/1"),
      (["url": "https://hooks.slack.com/services/T0/B0/abc"], "/config/url"),
      (["url": "https://user:pass@example.com/"], "/config/url"), (["header": "Bearer abcdefgh"], "/config/header"),
      (["id": "a8f5f167f44f4964e6c998dee827110c"], "/config/id"),
      (["webhook_url": "https://example.com"], "/config/webhook_url"),
    ]
    for (config, path) in configs {
      let error = try workspace.refusal(
        "owlbound_save_connector", ["integrationSlug": "slack", "config": .object(config)])
      #expect(error.code == .validation)
      #expect(error.details.first?.path == path)
      #expect(!"\(error)".contains(secret))
    }
    #expect(try workspace.call("owlbound_list_connectors")["connectors"] == [])
    for name in ["xoxb-12345678901-abcdefghijk", "gtm_sk_1234567890"] {
      #expect(
        try workspace.refusal("owlbound_save_connector", ["integrationSlug": "slack", "name": .string(name)]).code
          == .validation)
    }
  }

  @Test("what no rule calls a secret is shown as it is")
  func harmless() throws {
    let config: JSONObject = [
      "url": "https://api.example.com/v1/contacts?limit=5", "region": "eu-central-1", "active": true, "limit": 50,
      "owner": "ada@b.example", "date": "2026-11-21T08:30:00.000Z",
    ]
    let saved = try save(["integrationSlug": "crm", "config": .object(config)])
    #expect(saved["connector"]?["config"]?.objectValue == config)
  }

  @Test("what is given replaces, the rest stays; archived ones are listed on request")
  func change() throws {
    let id = try #require(try save(["integrationSlug": "slack", "config": ["channel": "#a"]])["connector"]?["id"])
    let renamed = try save(["id": id, "name": "Sales"])
    #expect(renamed["created"] == false)
    #expect(renamed["connector"]?["config"] == ["channel": "#a"])
    #expect(renamed["connector"]?["integrationSlug"] == "slack")
    _ = try save(["integrationSlug": "slack", "name": "Other"])
    #expect(try workspace.refusal("owlbound_save_connector", ["id": id, "name": "Other"]).code == .conflict)
    let archived = try save(["id": id, "archived": true])
    #expect(archived["connector"]?["status"] == "archived")
    #expect(try workspace.call("owlbound_list_connectors")["connectors"]?.arrayValue?.count == 1)
    let all = try workspace.call("owlbound_list_connectors", ["includeArchived": true])["connectors"]
    #expect(all?.arrayValue?.count == 2)
    #expect(try save(["id": id, "archived": false])["connector"]?["archived"] == false)
    for fields in [[:], ["integrationSlug": " "], ["integrationSlug": "a b"], ["id": "nothing"]] as [JSONObject] {
      #expect(try [.validation, .notFound].contains(workspace.refusal("owlbound_save_connector", fields).code))
    }
  }

  @Test("health comes from the last real uses, without what they must not tell")
  func health() throws {
    func status() throws -> JSONValue? {
      // Reading waits for the uses before it, which are noted in the background.
      defer { workspace.clock.advance(seconds: 1) }
      return try slack()?["health"]
    }
    workspace.store.recordUse(of: "slack", failure: "401 for xoxb-12345678901-abcdefghijk")
    let failed = try status()
    #expect(failed?["status"] == "unhealthy")
    #expect(failed?["checkedAt"] == 1_795_249_800_000)
    #expect(failed?["message"]?.stringValue?.contains("xoxb") == false)
    workspace.store.recordUse(of: "Slack", failure: nil)
    #expect(try status()?["status"] == "degraded")
    workspace.clock.advance(seconds: 86_400)
    #expect(try status()?["status"] == "healthy")
    workspace.store.recordUse(of: "slack", failure: "timed out")
    #expect(try status()?["status"] == "degraded")
    for _ in 0..<2 { workspace.store.recordUse(of: "slack", failure: "timed out") }
    #expect(try status()?["status"] == "unhealthy")
    workspace.store.recordUse(of: "slack", failure: nil)
    #expect(try status()?["status"] == "degraded")
  }
}
