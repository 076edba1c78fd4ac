import Foundation
import JSON
import TestSupport
import Testing

@Suite("Resources, prompts and subscriptions of the program")
struct OfferTests {
  private let program = BuiltProgram()

  /// What is said to a server in the newest revision.
  private func modern(_ id: JSONValue, _ method: String, _ params: JSONObject = [:]) -> JSONValue {
    var params = params
    params["_meta"] = [
      "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": [:],
    ]
    return ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": .object(params)]
  }

  private func request(_ id: JSONValue, _ method: String, _ params: JSONObject) -> JSONValue {
    ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": .object(params)]
  }

  private func call(_ tool: String, _ arguments: String) throws -> JSONValue {
    let outcome = try program.run(["call", tool, arguments])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    return try JSONValue(parsing: outcome.output)
  }

  private static let mail = """
    {"type":"email_message","params":{"email":"ada@example.com","subject":"Hi","message":"Hello"},\
    "identity_id":"id_default","require_approval":true}
    """

  @Test("E-23: what is offered is listed without touching the disk")
  func noDisk() throws {
    let session = try program.serve()
    try session.initialize()
    for method in ["resources/list", "resources/templates/list", "prompts/list"] {
      #expect(session.conversation.ask(request(1, method, [:]))?["result"] != nil)
    }
    #expect(session.close() == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: program.home).isEmpty)
  }

  @Test("RS-06: an action that another process queues for approval reaches a subscribed client at once")
  func foreignApproval() throws {
    let session = try program.serve()
    try session.initialize()
    let subscribed = session.conversation.ask(
      request(1, "resources/subscribe", ["uri": "pathbound://actions/pending"]))
    #expect(subscribed?["result"] == [:])
    for _ in 1...2 {
      _ = try call("pathbound_queue_action", Self.mail.replacingOccurrences(of: "Hi", with: UUID().uuidString))
      let update = session.conversation.receive()
      #expect(update?["method"] == "notifications/resources/updated")
      #expect(update?["params"] == ["uri": "pathbound://actions/pending"])
    }
    #expect(session.close() == 0)
  }

  @Test("LS-01: a run that another process finishes reaches a stream that listens to it")
  func foreignRun() throws {
    _ = try call("pathbound_create_contact", #"{"email":"ada@example.com"}"#)
    let agent = try call(
      "pathbound_create_agent",
      #"""
      {"name":"A","playbook_template":"cold_outreach","identity_id":"id_default","capabilities":["email"],
      "llm_config":{"provider":"rules"}}
      """#)["agent"]?["_id"]?.stringValue
    let session = try program.serve()
    let filter: JSONObject = ["notifications": ["resourceSubscriptions": ["pathbound://runs"]]]
    let acknowledged = session.conversation.ask(modern("l", "subscriptions/listen", filter))
    #expect(acknowledged?["method"] == "notifications/subscriptions/acknowledged")
    // The command does what its call has made due before it ends, so the run is over when it has.
    _ = try call("pathbound_trigger_agent", "{\"id\":\"\(agent ?? "")\"}")
    var status: JSONValue?
    while status != "completed" {
      let update = try #require(session.conversation.receive())
      #expect(update["params"]?["uri"] == "pathbound://runs")
      session.conversation.send(modern("r", "resources/read", ["uri": "pathbound://runs"]))
      var answer = session.conversation.receive()
      while answer?["id"] != "r", answer != nil { answer = session.conversation.receive() }
      let text = answer?["result"]?["contents"]?[0]?["text"]?.stringValue ?? ""
      status = try JSONValue(parsing: text)["runs"]?[0]?["status"]
    }
    session.send(signal: SIGTERM)
    #expect(session.waitForExit() == 0)
  }

  @Test("R-13: a subscription to a record that is not there is refused in the words of the revision")
  func unknownRecord() throws {
    let session = try program.serve()
    try session.initialize()
    let refused = session.conversation.ask(request(1, "resources/subscribe", ["uri": "pathbound://runs/run_none"]))
    #expect(refused?["error"]?["code"] == -32002)
    #expect(session.close() == 0)
  }
}
