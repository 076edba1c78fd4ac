import JSON
import LocalStore
import Logging
import Operations
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("The Owlbound account")
struct OwlAccountTests {
  @Test("the root is the documented one, made from the catalogue")
  func root() throws {
    let root = try TestWorkspace().call("owlbound_get_api_root")
    #expect(root["name"] == "Owlbound API")
    #expect(root["version"] == "1.0.0")
    let endpoints = try #require(root["endpoints"]?.objectValue)
    #expect(endpoints["contacts.list"] == ["path": "/api/v1/contacts", "method": "GET", "scope": "contacts:read"])
    let expected: Set<String> = [
      "root.get", "health.get", "me.get", "capabilities.list", "contacts.list", "contacts.create", "contacts.search",
      "contacts.get", "contacts.update", "contacts.archive", "contacts.enrich", "contacts.score", "enrichment.get",
      "signals.list", "signals.create", "signals.stats", "companies.list", "companies.create", "companies.get",
      "sequences.enroll", "workflows.trigger", "connectors.list", "connectors.get",
    ]
    #expect(Set(endpoints.keys) == expected)
    #expect(root["authentication"]?["methods"] == ["X-API-Key header", "Authorization: Bearer <key>"])
    #expect(root["authentication"]?["keyFormat"] == "gtm_sk_* (secret) or gtm_pk_* (publishable)")
  }

  @Test("every capability has scope and price, as documented for the four of the page")
  func capabilities() throws {
    let list = try #require(try TestWorkspace().call("owlbound_list_capabilities")["capabilities"]?.arrayValue)
    #expect(list.count == 23)
    let documented: [(String, String, Int64)] = [
      ("api.contacts.create", "contacts:write", 1), ("api.workflows.trigger", "workflows:write", 2),
      ("api.sequences.enroll", "sequences:write", 3), ("api.contacts.enrich", "enrichment:write", 5),
    ]
    for (id, scope, credits) in documented {
      let capability = try #require(list.first { $0["id"]?.stringValue == id })
      #expect(capability["scope"]?.stringValue == scope)
      #expect(capability["credits"]?.integerValue == credits)
      #expect(Catalogue.operation(named: capability["tool"]?.stringValue ?? "") != nil)
    }
  }

  @Test("an owner has the fourteen scopes and no limits")
  func owner() throws {
    let workspace = TestWorkspace()
    let me = try workspace.call("owlbound_get_me")
    #expect(me["workspace"]?["plan"] == "local")
    #expect(me["workspace"]?["status"] == "active")
    #expect(me["workspace"]?["id"]?.stringValue?.isEmpty == false)
    #expect(me["apiKey"]?["type"] == "secret")
    #expect(me["apiKey"]?["scopes"]?.arrayValue?.count == 14)
    #expect(me["rateLimits"] == ["perMinute": .null, "perHour": .null, "perDay": .null])
    #expect(try workspace.call("owlbound_get_me")["workspace"]?["id"] == me["workspace"]?["id"])
  }

  @Test("plan, scopes and key type are told as they are")
  func limited() throws {
    let store = LocalStore(
      path: ":memory:", account: Account(plan: .enterprise, scopes: [.signalsWrite, .contactsRead, .agentsRead]),
      log: Log(level: .error))
    let operation = try #require(Catalogue.operation(named: "owlbound_get_me"))
    var payload = JSONWriter()
    _ = try store.read(
      Call(operation: operation, arguments: [:], caller: Caller(client: "t", session: "1")), into: &payload)
    let me = try JSONValue(parsing: payload.finish())
    #expect(me["workspace"]?["plan"] == "enterprise")
    #expect(me["apiKey"]?["scopes"] == ["signals:write", "contacts:read"])
    #expect(me["rateLimits"] == ["perMinute": 300, "perHour": 15_000, "perDay": .null])
    #expect(Account(keyType: .publishable).owlboundScopes == [.signalsWrite])
  }

  @Test("the ledger is summed up, calls that are not stored yet included, and old days left out")
  func usage() throws {
    let folder = try TemporaryFolder()
    let workspace = TestWorkspace(path: folder.file("workspace.db"))
    let now = workspace.clock.now()
    workspace.store.record(capability: "api.contacts.list", credits: 1, at: now)
    workspace.store.record(capability: "api.contacts.enrich", credits: 5, at: now.adding(milliseconds: -86_400_000))
    workspace.store.record(capability: "api.contacts.list", credits: 1, at: now.adding(milliseconds: -40 * 86_400_000))
    func usage(_ workspace: TestWorkspace) throws -> JSONValue? { try workspace.call("owlbound_get_me")["usage"] }
    // The one of forty days ago counts while it waits to be stored; nothing is that old then.
    #expect(try usage(workspace)?["today"] == ["calls": 1, "credits": 1])
    workspace.close()
    let again = TestWorkspace(path: folder.file("workspace.db"))
    let stored = try usage(again)
    #expect(stored?["today"] == ["calls": 1, "credits": 1])
    #expect(stored?["last30Days"] == ["calls": 2, "credits": 6])
    #expect(stored?["capabilities"]?[0] == ["id": "api.contacts.enrich", "calls": 1, "credits": 5])
  }
}
