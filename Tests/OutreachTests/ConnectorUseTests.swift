import JSON
import Outreach
import Platform
import Service
import Synchronization
import TestSupport
import Testing

/// Notes what it is told.
private final class NotedUses: ConnectorUses {
  private let noted = Mutex<[(slug: String, failure: String?)]>([])

  func recordUse(of integrationSlug: String, failure: String?) {
    noted.withLock { $0.append((integrationSlug, failure)) }
  }

  /// The system and whether it worked, use by use.
  var all: [String] { noted.withLock { $0.map { "\($0.slug) \($0.failure == nil ? "worked" : "failed")" } } }
}

@Suite("Uses of connectors")
struct ConnectorUseTests {
  private let uses = NotedUses()
  private let message = ProviderBench.action("send_slack_message", ["channel": "#sales", "message": "Hi"])
  private let mail = ProviderBench.action(
    "resend_send_email", ["from": "a@b.example", "to": ["c@d.example"], "subject": "Hi", "text": "Hi"])

  private func post(_ answer: LoopbackReply) {
    let server = LoopbackServer(script: [answer])
    let slack = Connector.slack(token: "xoxb-1", baseURL: server.url, client: ProviderBench.client, uses: uses)
    _ = SlackMessage(.bot(slack)).perform(message)
    #expect(server.requests.count == 1)
  }

  @Test(
    "of a service that works are good ones, also where it refuses what it is asked for",
    arguments: [
      LoopbackReply.json(["ok": true, "channel": "C1", "ts": "1"]),
      .json(["ok": false, "error": "channel_not_found"]), .response(status: 422),
    ])
  func working(answer: LoopbackReply) {
    post(answer)
    #expect(uses.all == ["slack worked"])
  }

  @Test(
    "of a service that is out of order or refuses the key are failures",
    arguments: [
      LoopbackReply.json(["ok": false, "error": "invalid_auth"]), .response(status: 401), .response(status: 503), .cut,
      .raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
    ])
  func broken(answer: LoopbackReply) {
    post(answer)
    #expect(uses.all == ["slack failed"])
  }

  @Test("are noted for each service, once for each action, and for none that was not asked")
  func services() throws {
    let server = LoopbackServer { request in
      request.target.contains("/search") ? .json(["results": []]) : .json(["id": "1", "results": [["id": "1"]]])
    }
    let resend = Connector.resend(key: "re_1", baseURL: server.url, client: ProviderBench.client, uses: uses)
    _ = try ProviderBench.result(ResendSendEmail(resend).perform(mail))
    let hubSpot = Connector.hubSpot(token: "pat", baseURL: server.url, client: ProviderBench.client, uses: uses)
    _ = try ProviderBench.result(
      CRMSync(hubSpot, records: OneCompany()).perform(ProviderBench.action("sync_to_crm", ["company_id": "co_1"])))
    #expect(uses.all == ["resend worked", "hubspot worked"])
    _ = ResendSendEmail(resend).perform(ProviderBench.action("resend_send_email", ["to": ["nobody"]]))
    #expect(uses.all.count == 2)
  }

  @Test("of programs are noted by their names")
  func programs() throws {
    let folder = try TemporaryFolder()
    let sender = try Mailbox(parsing: "a@b.example", field: "sender")
    for (program, word) in [("/bin/true", "worked"), ("/bin/false", "failed")] {
      let before = uses.all
      let sendmail = EmailMessage(outbox: folder.file("outbox"), sendmail: program, sender: sender, uses: uses)
      _ = sendmail.perform(
        ProviderBench.action("email_message", ["email": "c@d.example", "subject": "Hi", "message": "Hi"]))
      let tool = MCPToolCall(servers: ["notes": ProgramCommand("/bin/false")], version: "1", uses: uses)
      _ = tool.perform(ProviderBench.action("mcp_tool_call", ["server": "notes", "tool": "t"]))
      #expect(Array(uses.all.dropFirst(before.count)) == ["sendmail \(word)", "notes failed"])
    }
  }
}

private struct OneCompany: RecordSource {
  func contact(_ id: String) throws(ServiceError) -> JSONObject? { nil }
  func company(_ id: String) throws(ServiceError) -> JSONObject? { ["properties": ["domain": "acme.example"]] }
}
