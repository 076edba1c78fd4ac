import JSON
import JSONSchema
import Operations
import Testing

@Suite("Action types")
struct ActionTypeTests {
  @Test("are the fourteen that the API documents")
  func names() {
    #expect(
      ActionType.all.map(\.name) == [
        "email_message", "linkedin_connection", "create_note", "create_task", "update_contact", "update_company",
        "update_lifecycle_stage", "escalate_to_human", "sync_to_crm", "send_slack_message", "resend_send_email",
        "resend_create_contact", "resend_create_broadcast", "mcp_tool_call",
      ])
    for type in ActionType.all { #expect(ActionType.named(type.name)?.purpose == type.purpose) }
    #expect(ActionType.named("send_email") == nil)
  }

  @Test(
    "accept the params that the API documents",
    arguments: [
      ("email_message", ["contact_id": "ct_abc", "subject": "Following up", "message": "Hi Ada"]),
      (
        "email_message",
        [
          "email": "ada@example.com", "subject": "Hi", "message": "Hi", "cc": "bob@example.com",
          "bcc": ["c@example.com"], "html": "<p>Hi", "follow_up": true,
        ]
      ),
      (
        "email_message",
        [
          "message": "Hi", "contact_id": "ct_abc", "thread_id": "t1", "in_reply_to_message_id": "<a@b>",
          "references": "<a@b>",
        ]
      ),
      ("linkedin_connection", ["linkedin_url": "https://www.linkedin.com/in/ada", "message": "Hello"]),
      ("create_note", ["content": "Called.", "contact_id": "ct_abc"]),
      ("create_note", ["content": "Called.", "company_id": "co_abc"]),
      ("create_task", ["title": "Call", "description": "Soon", "due_date": "2026-12-01", "contact_id": "ct_abc"]),
      ("update_contact", ["contact_id": "ct_abc", "properties": ["jobtitle": "CTO", "city": nil]]),
      ("update_company", ["company_id": "co_abc", "properties": ["industry": "SaaS"]]),
      ("update_lifecycle_stage", ["contact_id": "ct_abc", "lifecycle_stage": "customer"]),
      ("escalate_to_human", ["reason": "Angry reply"]),
      ("sync_to_crm", ["contact_id": "ct_abc", "anything": 1]),
      ("send_slack_message", ["channel": "#sales", "message": "Hi"]),
      ("resend_send_email", ["to": "ada@example.com", "from": "Us <us@example.com>", "subject": "Hi", "text": "Hi"]),
      ("resend_create_contact", ["audience_id": "a", "email": "ada@example.com"]),
      ("resend_create_broadcast", ["audience_id": "a", "from": "us@example.com", "subject": "Hi", "html": "<p>"]),
      ("mcp_tool_call", ["server": "crm", "tool": "find", "arguments": ["q": "Ada"]]),
    ] as [(String, JSONObject)])
  func documented(_ name: String, _ params: JSONObject) throws {
    let type = try #require(ActionType.named(name))
    _ = try CompiledSchema(type.parameters).validate(params)
  }

  @Test(
    "refuse what can't be done",
    arguments: [
      ("email_message", ["email": "ada@example.com", "subject": "Hi"], "/message"),
      ("email_message", ["message": "Hi", "email": "ada@example.com\nBcc: eve@example.com"], "/email"),
      ("email_message", ["message": "Hi", "to": "ada@example.com"], "/to"),
      ("email_message", ["message": "Hi", "cc": ["ada"]], "/cc/0"),
      ("linkedin_connection", ["linkedin_url": "ada"], "/linkedin_url"),
      ("create_task", ["title": " "], "/title"),
      ("create_task", ["title": "Call", "due_date": "tomorrow"], "/due_date"),
      ("update_lifecycle_stage", ["contact_id": "ct_abc", "lifecycle_stage": "won"], "/lifecycle_stage"),
      ("send_slack_message", ["channel": "#sales"], "/message"),
    ] as [(String, JSONObject, String)])
  func refused(_ name: String, _ params: JSONObject, _ path: String) throws {
    let schema = CompiledSchema(try #require(ActionType.named(name)).parameters)
    let failure = try #require(throws: ValidationFailure.self) { try schema.validate(params) }
    #expect(failure.violations.map(\.path) == [path])
  }

  @Test("state what agents must be capable of, each capability once")
  func capabilities() {
    #expect(
      ActionType.capabilities == [
        "email", "linkedin", "notes", "tasks", "contacts", "crm_sync", "slack", "resend", "mcp",
      ])
  }

  @Test("are all described where actions are queued")
  func description() throws {
    guard case .object(let properties, _) = PathboundActions.queueAction.input.kind else { return }
    let params = try #require(properties.first { $0.name == "params" }).schema.description
    for type in ActionType.all { #expect(params.contains(type.name + ": ")) }
    #expect(params.contains("create_task: title, description?, due_date?, contact_id?;"))
  }
}
