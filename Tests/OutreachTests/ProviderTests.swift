import HTTP
import JSON
import Operations
import Outreach
import Platform
import Service
import TestSupport
import Testing

/// What executors that ask other services are tested with.
struct ProviderBench {
  static let client = CurlClient(userAgent: "bound-mcp/test") { ServerProcess.path(ofProduct: "bound-mcp-http") }

  static func action(_ type: String, _ params: JSONObject, contactID: String? = nil) -> ClaimedAction {
    ClaimedAction(
      id: "act_1", type: type, params: params,
      identity: .init(id: "id_default", name: "Grace", email: "grace@example.com"), contactID: contactID, summary: nil,
      claim: 1)
  }

  static func result(_ outcome: ActionOutcome) throws -> JSONObject {
    guard case .completed(let result, _) = outcome else {
      Issue.record("\(outcome)")
      throw CancellationError()
    }
    return result
  }

  static func failure(_ outcome: ActionOutcome) -> String {
    if case .failed(let reason) = outcome { return reason }
    Issue.record("\(outcome)")
    return ""
  }
}

@Suite("Slack messages")
struct SlackMessageTests {
  private let action = ProviderBench.action("send_slack_message", ["channel": "#sales", "message": "Hi <ü>"])

  private func bot(_ server: LoopbackServer) -> SlackMessage {
    SlackMessage(.bot(.slack(token: "xoxb-secret-token", baseURL: server.url + "/api/", client: ProviderBench.client)))
  }

  @Test("a bot posts with its token, and the result says where and when")
  func posts() throws {
    let server = LoopbackServer(script: [.json(["ok": true, "channel": "C1", "ts": "171.2"])])
    let result = try ProviderBench.result(bot(server).perform(action))
    #expect(result == ["channel": "C1", "ts": "171.2", "via": "bot"])
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/api/chat.postMessage")
    #expect(request.header("authorization") == "Bearer xoxb-secret-token")
    #expect(request.header("content-type") == "application/json; charset=utf-8")
    #expect(request.json == ["channel": "#sales", "text": "Hi <ü>"])
  }

  @Test(
    "ok: false is a failure with Slack's own code, and what to do",
    arguments: [
      ("channel_not_found", "Name a channel"), ("not_in_channel", "Invite"), ("strange_thing", "strange_thing"),
    ])
  func refused(code: String, advice: String) {
    let server = LoopbackServer(script: [.json(["ok": false, "error": .string(code)])])
    let reason = ProviderBench.failure(bot(server).perform(action))
    #expect(reason.contains("\"\(code)\""))
    #expect(reason.contains(advice))
    #expect(reason.contains("Nothing was done"))
  }

  @Test("a refusal for now is waited for, and then the message goes out once")
  func rateLimited() throws {
    let server = LoopbackServer(script: [
      .response(status: 429, headers: ["Retry-After": "0"]), .json(["ok": true, "channel": "C1", "ts": "1"]),
    ])
    _ = try ProviderBench.result(bot(server).perform(action))
    #expect(server.requests.count == 2)
  }

  @Test("a long wait is not waited for")
  func longLimit() {
    let server = LoopbackServer(script: [.response(status: 429, headers: ["Retry-After": "900"])])
    #expect(ProviderBench.failure(bot(server).perform(action)).contains("429"))
    #expect(server.requests.count == 1)
  }

  @Test("a server error leaves the outcome unknown, and nothing is sent again")
  func serverError() {
    let server = LoopbackServer(script: [.response(status: 503), .json(["ok": true])])
    #expect(ProviderBench.failure(bot(server).perform(action)).contains("unknown"))
    #expect(server.requests.count == 1)
  }

  @Test("a cut connection leaves the outcome unknown, and nothing is sent again")
  func cut() {
    let server = LoopbackServer { _ in .cut }
    #expect(ProviderBench.failure(bot(server).perform(action)).contains("unknown"))
    #expect(server.requests.count == 1)
  }

  @Test("where nobody listens, nothing was done")
  func deaf() {
    let slack = Connector.slack(
      token: "t0ken", baseURL: "http://127.0.0.1:\(LoopbackServer.deafPort())",
      client: ProviderBench.client)
    let reason = ProviderBench.failure(SlackMessage(.bot(slack)).perform(action))
    #expect(reason.contains("Nothing was done"))
  }

  @Test("what a provider says is passed on short, on one line, and without the token")
  func harmless() {
    let body = "line one\r\nyour token xoxb-secret-token is bad \u{1B}[31m" + String(repeating: "x", count: 5000)
    let server = LoopbackServer(script: [.response(status: 403, body: Array(body.utf8))])
    let reason = ProviderBench.failure(bot(server).perform(action))
    #expect(!reason.contains("xoxb-secret-token"))
    #expect(reason.contains("your token [secret] is bad"))
    #expect(reason.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    #expect(reason.count < 600)
    #expect(reason.contains("SLACK_BOT_TOKEN"))
  }

  @Test("a webhook gets the text at its address, and the result is honest about the channel")
  func webhook() throws {
    let server = LoopbackServer(script: [.response(status: 200, body: Array("ok".utf8))])
    let executor = SlackMessage(.webhook(.slackWebhook(server.url + "/services/T/B/x", client: ProviderBench.client)))
    let result = try ProviderBench.result(executor.perform(action))
    #expect(result["via"] == "webhook")
    #expect(result["notice"]?.stringValue?.contains("channel that the webhook was made for") == true)
    #expect(server.requests.first?.target == "/services/T/B/x")
    #expect(server.requests.first?.json == ["text": "Hi <ü>"])
    #expect(server.requests.first?.header("authorization") == nil)
  }

  @Test("the preview shows the text and sends nothing")
  func preview() {
    let server = LoopbackServer { _ in .response(status: 200) }
    guard case .content(let content) = bot(server).preview(action) else {
      Issue.record("no content")
      return
    }
    #expect(content == ["channel": "#sales", "text": "Hi <ü>"])
    #expect(server.requests.isEmpty)
  }
}

@Suite("Resend")
struct ResendTests {
  private func connector(_ server: LoopbackServer) -> Connector {
    .resend(key: "re_key_123456", baseURL: server.url, client: ProviderBench.client)
  }

  private let mail: JSONObject = [
    "to": "ada@example.org", "from": "Grace <grace@example.com>", "subject": "Hi", "text": "Hello", "html": nil,
    "reply_to": "team@example.com", "contact_id": "ct_1",
  ]

  @Test("a mail goes out under the action's own key, with all that the provider knows")
  func send() throws {
    let server = LoopbackServer(script: [.json(["id": "em_1"])])
    let outcome = ResendSendEmail(connector(server)).perform(ProviderBench.action("resend_send_email", mail))
    #expect(try ProviderBench.result(outcome) == ["id": "em_1", "to": "ada@example.org", "subject": "Hi"])
    let request = try #require(server.requests.first)
    #expect(request.target == "/emails")
    #expect(request.header("idempotency-key") == "act_1")
    #expect(request.header("authorization") == "Bearer re_key_123456")
    #expect(
      request.json == [
        "to": "ada@example.org", "from": "Grace <grace@example.com>", "subject": "Hi", "text": "Hello",
        "reply_to": "team@example.com",
      ])
  }

  @Test("with its key, a mail is sent again after a broken connection, and arrives once for Resend")
  func repeated() throws {
    let server = LoopbackServer(script: [.cut, .json(["id": "em_1"])])
    let outcome = ResendSendEmail(connector(server)).perform(ProviderBench.action("resend_send_email", mail))
    #expect(try ProviderBench.result(outcome)["id"] == "em_1")
    #expect(Set(server.requests.map { $0.header("idempotency-key") ?? "" }) == ["act_1"])
  }

  @Test(
    "what can't be sent is refused before anything is",
    arguments: [
      ("from", "nobody"), ("to", "a@b@c"), ("subject", " "), ("text", nil), ("from", "a\r\nBcc: x@y.z <g@e.com>"),
    ] as [(String, JSONValue)])
  func refused(field: String, value: JSONValue) {
    let server = LoopbackServer { _ in .response(status: 200) }
    var params = mail
    params[field] = value
    let reason = ProviderBench.failure(
      ResendSendEmail(connector(server)).perform(ProviderBench.action("resend_send_email", params)))
    #expect(reason.contains(field == "text" ? "html" : field))
    #expect(server.requests.isEmpty)
  }

  @Test("the provider's own words explain a refusal")
  func providerError() {
    let server = LoopbackServer(script: [
      .json(["statusCode": 422, "name": "validation_error", "message": "The domain is not verified"], status: 422)
    ])
    let reason = ProviderBench.failure(
      ResendSendEmail(connector(server)).perform(ProviderBench.action("resend_send_email", mail)))
    #expect(
      reason
        == "Resend answered 422: \"The domain is not verified\". Nothing was done. Queue a new action with what is right."
    )
  }

  @Test("a contact is added to its audience")
  func contact() throws {
    let server = LoopbackServer(script: [.json(["object": "contact", "id": "c1"], status: 201)])
    let params: JSONObject = ["audience_id": "aud-1", "email": "ada@example.org", "first_name": "Ada"]
    let outcome = ResendCreateContact(connector(server)).perform(ProviderBench.action("resend_create_contact", params))
    #expect(try ProviderBench.result(outcome) == ["id": "c1", "audience_id": "aud-1", "email": "ada@example.org"])
    #expect(server.requests.first?.target == "/audiences/aud-1/contacts")
    #expect(server.requests.first?.json == ["email": "ada@example.org", "first_name": "Ada"])
    let broken = ResendCreateContact(connector(server)).perform(
      ProviderBench.action("resend_create_contact", ["audience_id": "../emails", "email": "ada@example.org"]))
    #expect(ProviderBench.failure(broken).contains("audience_id"))
    #expect(server.requests.count == 1)
  }

  @Test("a broadcast is a draft, and the result says so")
  func broadcast() throws {
    let server = LoopbackServer(script: [.json(["id": "b1"])])
    let params: JSONObject = ["audience_id": "aud-1", "from": "g@example.com", "subject": "News", "html": "<p>x</p>"]
    let outcome = ResendCreateBroadcast(connector(server)).perform(
      ProviderBench.action("resend_create_broadcast", params))
    let result = try ProviderBench.result(outcome)
    #expect(result["id"] == "b1")
    #expect(result["notice"]?.stringValue?.contains("draft") == true)
    #expect(server.requests.first?.target == "/broadcasts")
    #expect(server.requests.first?.json == .object(params))
  }
}

@Suite("CRM sync")
struct CRMSyncTests {
  private struct Records: RecordSource {
    func contact(_ id: String) throws(ServiceError) -> JSONObject? {
      id != "ct_1"
        ? nil
        : [
          "_id": "ct_1",
          "properties": [
            "email": "ada@example.org", "firstname": "Ada", "lifecyclestage": "mql", "own_field": "x", "score": 5,
          ],
        ]
    }

    func company(_ id: String) throws(ServiceError) -> JSONObject? {
      id != "co_1" ? nil : ["_id": "co_1", "domain": "acme.com", "properties": ["name": "Acme", "tier": "gold"]]
    }
  }

  private func sync(_ server: LoopbackServer) -> CRMSync {
    CRMSync(.hubSpot(token: "pat-1", baseURL: server.url, client: ProviderBench.client), records: Records())
  }

  @Test("a contact is brought over by its address, with the properties that HubSpot has")
  func contact() throws {
    let server = LoopbackServer(script: [.json(["status": "COMPLETE", "results": [["id": "901", "new": true]]])])
    let outcome = sync(server).perform(ProviderBench.action("sync_to_crm", [:], contactID: "ct_1"))
    let result = try ProviderBench.result(outcome)
    #expect(result["crm_id"] == "901")
    #expect(result["created"] == true)
    let request = try #require(server.requests.first)
    #expect(request.target == "/crm/v3/objects/contacts/batch/upsert")
    #expect(request.header("authorization") == "Bearer pat-1")
    #expect(
      request.json == [
        "inputs": [
          [
            "idProperty": "email", "id": "ada@example.org",
            "properties": ["firstname": "Ada", "lifecyclestage": "marketingqualifiedlead", "email": "ada@example.org"],
          ]
        ]
      ])
  }

  @Test("an error of the one record in the batch is a failure")
  func partial() {
    let server = LoopbackServer(script: [
      .json(["status": "COMPLETE", "results": [], "errors": [["message": "Invalid email"]]], status: 207)
    ])
    let reason = ProviderBench.failure(
      sync(server).perform(ProviderBench.action("sync_to_crm", ["contact_id": "ct_1"])))
    #expect(reason.contains("Invalid email"))
  }

  @Test("a company is found by its domain and changed, else made")
  func company() throws {
    let server = LoopbackServer(script: [
      .json(["total": 1, "results": [["id": "77"]]]), .json(["id": "77"]), .json(["total": 0, "results": []]),
      .json(["id": "78"], status: 201),
    ])
    let action = ProviderBench.action("sync_to_crm", ["company_id": "co_1", "properties": ["city": "Berlin"]])
    let changed = try ProviderBench.result(sync(server).perform(action))
    #expect(changed["crm_id"] == "77" && changed["created"] == false)
    let made = try ProviderBench.result(sync(server).perform(action))
    #expect(made["crm_id"] == "78" && made["created"] == true)
    #expect(
      server.requests.map { "\($0.method) \($0.target)" } == [
        "POST /crm/v3/objects/companies/search", "PATCH /crm/v3/objects/companies/77",
        "POST /crm/v3/objects/companies/search", "POST /crm/v3/objects/companies",
      ])
    #expect(server.requests[1].json == ["properties": ["name": "Acme", "domain": "acme.com", "city": "Berlin"]])
  }

  @Test("a record that is not there is named")
  func unknown() {
    let server = LoopbackServer { _ in .response(status: 200) }
    for params: JSONObject in [["contact_id": "ct_9"], ["company_id": "co_9"], [:]] {
      #expect(!ProviderBench.failure(sync(server).perform(ProviderBench.action("sync_to_crm", params))).isEmpty)
    }
    #expect(server.requests.isEmpty)
  }
}

@Suite("LinkedIn requests")
struct LinkedInTests {
  @Test("a request becomes a task with address and text, and the result says that nothing was sent")
  func task() throws {
    let params: JSONObject = ["linkedin_url": "https://www.linkedin.com/in/ada", "message": "Hello Ada"]
    let outcome = LinkedInConnection().perform(ProviderBench.action("linkedin_connection", params, contactID: "ct_1"))
    guard case .completed(let result, let changes) = outcome,
      case .createTask(_, let details?, nil, "ct_1") = changes.first
    else {
      Issue.record("\(outcome)")
      return
    }
    #expect(result["sent"] == false)
    #expect(details.contains("https://www.linkedin.com/in/ada") && details.contains("Hello Ada"))
  }

  @Test(
    "only profiles at LinkedIn are accepted",
    arguments: [
      "https://evil.com/linkedin.com/in/ada", "https://notlinkedin.com/in/a", "linkedin.com/in/a", "javascript:x",
    ])
  func elsewhere(url: String) {
    let outcome = LinkedInConnection().perform(
      ProviderBench.action("linkedin_connection", ["linkedin_url": .string(url)]))
    #expect(ProviderBench.failure(outcome).contains("linkedin_url"))
  }

  @Test("a note that LinkedIn would cut is refused")
  func longNote() {
    let params: JSONObject = [
      "linkedin_url": "https://linkedin.com/in/a", "message": .string(String(repeating: "x", count: 301)),
    ]
    #expect(
      ProviderBench.failure(LinkedInConnection().perform(ProviderBench.action("linkedin_connection", params)))
        .contains("300 characters"))
  }
}
