import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("E-mail parameters")
struct MailParameterTests {
  let workspace = TestWorkspace()

  private func params(_ given: JSONObject) throws -> JSONObject {
    let id = try workspace.queueMail(given)
    return try #require(try workspace.action(id)["params"]?.objectValue)
  }

  private func refusal(_ given: JSONObject) throws -> ServiceError {
    try #require(throws: ServiceError.self) { try workspace.queueMail(given) }
  }

  /// Has a mail of this contact sent, and gives its thread.
  private func send(
    to contact: String, _ messageID: String, _ subject: String, references: [String] = [], thread: String? = nil
  ) throws -> String {
    let id = try workspace.queueMail(["contact_id": .string(contact), "message": "Hello"], ["direct": false])
    let mail = SentMail(
      threadID: thread, messageID: messageID, references: references, subject: subject, contactID: contact)
    #expect(try workspace.work(.completed(result: [:], changes: [.recordMail(mail)])) == [id])
    workspace.clock.advance(seconds: 60)
    return try #require(try workspace.action(id)["result"]?["thread_id"]?.stringValue)
  }

  @Test("address and subject come from the contact and the first line, and are told and stored")
  func resolved() throws {
    let contact = try workspace.contact("Ada@Example.com")
    let payload = try workspace.call(
      "pathbound_queue_action",
      [
        "type": "email_message", "identity_id": "id_default", "require_approval": true,
        "params": ["contact_id": .string(contact), "message": "\n  Good morning, Ada\nhow are you?"],
      ])
    #expect(payload["resolved"] == ["email": "Ada@Example.com", "subject": "Good morning, Ada"])
    let stored = try workspace.action(try #require(payload["action_id"]?.stringValue))["params"]
    #expect(stored?["email"] == "Ada@Example.com" && stored?["subject"] == "Good morning, Ada")
  }

  @Test("a long first line is cut at sixty characters")
  func longLine() throws {
    let contact = try workspace.contact("ada@example.com")
    let line = String(repeating: "wörter ", count: 20)
    let subject = try params(["contact_id": .string(contact), "message": .string(line)])["subject"]?.stringValue
    #expect(subject == String(line.prefix(60)))
  }

  @Test("what is given beside the contact wins")
  func explicit() throws {
    let contact = try workspace.contact("ada@example.com")
    let given: JSONObject = [
      "contact_id": .string(contact), "email": "boss@example.com", "subject": "Mine", "message": "x",
    ]
    #expect(try params(given) == given)
  }

  @Test("without a contact, address and subject must be given")
  func missing() throws {
    #expect(try refusal(["message": "x", "subject": "s"]).details.first?.path == "/params/email")
    #expect(try refusal(["message": "x", "email": "a@example.com"]).details.first?.path == "/params/subject")
    #expect(try refusal(["email": "a@example.com", "subject": "s"]).details.first?.path == "/params/message")
  }

  @Test("a follow-up replies in the latest thread, with one Re: and the whole chain")
  func followUp() throws {
    let contact = try workspace.contact("ada@example.com")
    _ = try send(to: contact, "<1@x>", "Older")
    let thread = try send(to: contact, "<2@x>", "RE: re:  Pricing", references: ["<0@x>"])
    let resolved = try params(["contact_id": .string(contact), "message": "x", "follow_up": true])
    #expect(resolved["subject"] == "Re: Pricing")
    #expect(resolved["thread_id"] == .string(thread))
    #expect(resolved["in_reply_to_message_id"] == "<2@x>")
    #expect(resolved["references"] == ["<0@x>", "<2@x>"])
  }

  @Test("a thread that is named wins over the latest, and what is given of it stays")
  func namedThread() throws {
    let contact = try workspace.contact("ada@example.com")
    let older = try send(to: contact, "<1@x>", "Older")
    _ = try send(to: contact, "<2@x>", "Newer")
    let resolved = try params([
      "contact_id": .string(contact), "message": "x", "follow_up": true, "thread_id": .string(older),
      "references": ["<mine@x>"],
    ])
    #expect(resolved["subject"] == "Re: Older")
    #expect(resolved["in_reply_to_message_id"] == "<1@x>")
    #expect(resolved["references"] == ["<mine@x>"])
  }

  @Test("a reply extends its thread, which is then the latest")
  func extended() throws {
    let contact = try workspace.contact("ada@example.com")
    let first = try send(to: contact, "<1@x>", "One")
    _ = try send(to: contact, "<2@x>", "Two")
    #expect(try send(to: contact, "<3@x>", "Re: One", references: ["<1@x>"], thread: first) == first)
    let resolved = try params(["contact_id": .string(contact), "message": "x", "follow_up": true])
    #expect(resolved["thread_id"] == .string(first))
    #expect(resolved["references"] == ["<1@x>", "<3@x>"])
  }

  @Test("a follow-up without contact or thread, and the thread of another contact, are refused")
  func badThreads() throws {
    let (ada, bob) = (try workspace.contact("ada@example.com"), try workspace.contact("bob@example.com"))
    let thread = try send(to: ada, "<1@x>", "One")
    let followUp: JSONObject = ["message": "x", "email": "a@example.com", "subject": "s", "follow_up": true]
    #expect(try refusal(followUp).details.first?.path == "/params/follow_up")
    let none: JSONObject = ["contact_id": .string(bob), "message": "x", "follow_up": true]
    #expect(try refusal(none).details.first?.path == "/params/follow_up")
    for id in [thread, "th_none"] {
      let foreign: JSONObject = ["contact_id": .string(bob), "message": "x", "thread_id": .string(id)]
      #expect(try refusal(foreign).details.first?.path == "/params/thread_id")
    }
  }
}
