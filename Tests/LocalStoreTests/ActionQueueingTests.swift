import JSON
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Queueing actions")
struct ActionQueueingTests {
  let workspace = TestWorkspace()

  @Test("what a new action waits for follows from its flags")
  func firstStatus() throws {
    let flags: [(JSONObject, String)] = [
      ([:], "scheduled"), (["scheduled_time": "2027-01-01T00:00:00Z"], "scheduled"),
      (["require_approval": true], "pending_approval"),
      (["require_approval": true, "direct": true], "pending_approval"),
      (["require_approval": true, "direct": true, "scheduled_time": "2027-01-01"], "pending_approval"),
    ]
    for (index, (arguments, status)) in flags.enumerated() {
      var whole = arguments
      whole["description"] = .string("number \(index)")
      #expect(try workspace.status(workspace.queue(whole)) == status)
    }
    let error = try workspace.queueRefusal(["direct": true, "scheduled_time": "2027-01-01T00:00:00Z"])
    #expect(error.code == .validation)
    #expect(error.details.first?.path == "/scheduled_time")
  }

  @Test("an action is read back whole, with its log")
  func readBack() throws {
    let contact = try workspace.contact("ada@example.com")
    let id = try workspace.queue([
      "type": "create_note", "params": ["content": "Likes tea", "contact_id": .string(contact)],
      "description": "Because", "list_id": "l1", "item_id": "i1", "scheduled_time": "2026-12-01T10:00:00+01:00",
    ])
    let action = try workspace.action(id)
    #expect(action["_id"] == .string(id) && action["action_id"] == .string(id))
    #expect(id.hasPrefix("act_"))
    #expect(action["params"] == ["content": "Likes tea", "contact_id": .string(contact)])
    #expect(action["contact_id"] == .string(contact))
    #expect(action["identity_id"] == "id_default")
    #expect(action["scheduled_time"] == "2026-12-01T09:00:00.000Z")
    #expect(action["description"] == "Because")
    #expect(action["list_id"] == "l1" && action["item_id"] == "i1")
    #expect(action["direct"] == false && action["require_approval"] == false)
    #expect(
      action["logs"] == [
        ["at": "2026-11-21T08:30:00.000Z", "event": "create", "to": "scheduled", "by": "tests"]
      ])
    #expect(action["error"] == nil && action["result"] == nil && action["executed_at"] == nil)
  }

  @Test("params are checked by their type, and each fault is placed below /params")
  func badParams() throws {
    let error = try workspace.queueRefusal(["params": ["due_date": "soon", "titel": "x"]])
    #expect(error.code == .validation)
    #expect(Set(error.details.map(\.path)) == ["/params/title", "/params/due_date", "/params/titel"])
    #expect(error.details.first { $0.path == "/params/titel" }?.message.contains("title") == true)
  }

  @Test(
    "an unknown type is refused, naming the one that was meant",
    arguments: [
      ("emial_message", "email_message"), ("send_email", "email_message"),
      ("linkedin_message", "linkedin_connection"), ("fly_to_moon", "create_task"),
    ])
  func unknownType(type: String, hint: String) throws {
    let error = try workspace.queueRefusal(["type": .string(type)])
    #expect(error.details.first?.path == "/type")
    #expect(error.message.contains(hint))
  }

  @Test("an identity, contact or company that does not exist is refused where it was named")
  func unknownReferences() throws {
    let missing: [(JSONObject, String)] = [
      (["identity_id": "id_nobody"], "/identity_id"),
      (["params": ["title": "x", "contact_id": "ct_nobody"]], "/params/contact_id"),
      (["type": "create_note", "params": ["content": "x", "company_id": "co_none"]], "/params/company_id"),
    ]
    for (arguments, path) in missing {
      let error = try workspace.queueRefusal(arguments)
      #expect(error.code == .validation)
      #expect(error.details.first?.path == path)
    }
  }

  @Test("a note needs a contact or a company, a push to the CRM one of them")
  func targets() throws {
    for type in ["create_note", "sync_to_crm"] {
      let params: JSONValue = type == "create_note" ? ["content": "x"] : [:]
      let error = try workspace.queueRefusal(["type": .string(type), "params": params])
      #expect(error.message.contains("company_id"))
    }
  }

  @Test("a change of a contact obeys the contact's rules when it is queued")
  func contactRules() throws {
    let contact = try workspace.contact("ada@example.com")
    for properties: JSONValue in [["email": "nowhere"], ["lifecyclestage": "friend"]] {
      let error = try workspace.queueRefusal([
        "type": "update_contact", "params": ["contact_id": .string(contact), "properties": properties],
      ])
      #expect(error.details.first?.path.hasPrefix("/params/properties/") == true)
    }
  }

  @Test("a time that can't be read is refused; one in the past is due at once")
  func times() throws {
    #expect(try workspace.queueRefusal(["scheduled_time": "tomorrow"]).details.first?.path == "/scheduled_time")
    let late = try workspace.queue(["scheduled_time": "2020-01-01T00:00:00Z"])
    #expect(try workspace.work() == [late])
  }

  @Test("params that could not be shown to a reviewer in one answer are refused")
  func longParams() throws {
    let text = String(repeating: "long ", count: 5000)
    let error = try workspace.queueRefusal(["params": ["title": "x", "description": .string(text)]])
    #expect(error.details.first?.path == "/params")
    let contact = try workspace.contact("ada@example.com")
    let note: JSONValue = ["content": .string(String(text.prefix(12_000))), "contact_id": .string(contact)]
    #expect(
      try workspace.queueRefusal(["type": "create_note", "params": note]).details.first?.path == "/params/content")
    for (arguments, path): (JSONObject, String) in [
      (["description": .string(text)], "/description"), (["list_id": .string(text)], "/list_id"),
    ] {
      #expect(try workspace.queueRefusal(arguments).details.first?.path == path)
    }
  }

  @Test("an id that was guessed or comes from another workspace finds nothing")
  func foreignIDs() throws {
    let id = try workspace.queue()
    let other = TestWorkspace()
    #expect(try other.queue() != id)
    let last = try #require(id.last)
    let forged = String(id.dropLast()) + (last == "0" ? "1" : "0")
    for (workspace, id) in [(other, id), (workspace, forged), (workspace, "act_" + id.dropFirst(4).uppercased())] {
      #expect(try workspace.refusal("pathbound_get_action", ["action_id": .string(id)]).code == .notFound)
      #expect(try workspace.refusal("pathbound_execute_action", ["action_id": .string(id)]).code == .notFound)
    }
  }
}

@Suite("Direct actions")
struct DirectActionTests {
  private let direct: JSONObject = [
    "type": "create_task", "params": ["title": "Call"], "identity_id": "id_default", "direct": true,
  ]

  @Test("a direct action is done within the call, and the answer is its outcome")
  func done() throws {
    let workspace = TestWorkspace(
      performer: Performer { .completed(result: ["seen": .string($0.type)], changes: []) })
    let payload = try workspace.call("pathbound_queue_action", direct)
    let id = try #require(payload["action_id"]?.stringValue)
    #expect(payload["action"]?["status"] == "completed")
    #expect(payload["action"]?["result"] == ["seen": "create_task"])
    #expect(payload["action"] == .object(try workspace.action(id)))
    let log = try #require(try workspace.action(id)["logs"]?.arrayValue)
    #expect(log.compactMap { $0["to"]?.stringValue } == ["scheduled", "running", "completed"])
    #expect(log.allSatisfy { $0["by"] == "tests" })
  }

  @Test("a direct action that can't be done is an answer too: failed, with the reason")
  func failed() throws {
    let workspace = TestWorkspace(performer: Performer { _ in .failed("The line is dead.") })
    let payload = try workspace.call("pathbound_queue_action", direct)
    #expect(payload["action"]?["status"] == "failed")
    #expect(payload["action"]?["error"] == "The line is dead.")
  }

  @Test("a repeated direct call does nothing again and gives the first one's outcome")
  func repeated() throws {
    let workspace = TestWorkspace(performer: Performer { .completed(result: ["id": .string($0.id)], changes: []) })
    let first = try workspace.answer("pathbound_queue_action", direct)
    let second = try workspace.answer("pathbound_queue_action", direct)
    #expect(!first.receipt.replayed && second.receipt.replayed)
    #expect(first.payload == second.payload)
    #expect(try workspace.call("pathbound_list_actions")["pagination"]?["total_items"] == 1)
  }
}

@Suite("Repeated calls")
struct RepeatedActionTests {
  let workspace = TestWorkspace()
  private let task: JSONObject = [
    "type": "create_task", "params": ["title": "Call"], "identity_id": "id_default",
  ]

  private func total() throws -> JSONValue? {
    try workspace.call("pathbound_list_actions")["pagination"]?["total_items"]
  }

  @Test("the same call within the window gets the first receipt; after it, it counts")
  func window() throws {
    let first = try workspace.answer("pathbound_queue_action", task)
    workspace.clock.advance(seconds: 59)
    let again = try workspace.answer("pathbound_queue_action", task)
    #expect(again.receipt.replayed)
    #expect(again.payload == first.payload)
    #expect(try total() == 1)
    workspace.clock.advance(seconds: 2)
    #expect(!(try workspace.answer("pathbound_queue_action", task).receipt.replayed))
    #expect(try total() == 2)
  }

  @Test("another client's same call is another call")
  func otherClient() throws {
    _ = try workspace.call("pathbound_queue_action", task)
    #expect(!(try workspace.answer("pathbound_queue_action", task, client: "other").receipt.replayed))
    #expect(try total() == 2)
  }

  @Test("an explicit key works without window, and with other arguments it is a conflict")
  func explicitKey() throws {
    var keyed = task
    keyed["idempotency_key"] = "order-7"
    let first = try workspace.answer("pathbound_queue_action", keyed)
    workspace.clock.advance(seconds: 1_000_000)
    let again = try workspace.answer("pathbound_queue_action", keyed, client: "other")
    #expect(again.receipt.replayed && again.payload == first.payload)
    keyed["params"] = ["title": "Another"]
    let error = try workspace.refusal("pathbound_queue_action", keyed)
    #expect(error.code == .conflict)
    #expect(try total() == 1)
  }

  @Test("a call that was refused leaves no receipt")
  func refused() throws {
    var bad = task
    bad["idempotency_key"] = "k"
    bad["identity_id"] = "id_nobody"
    #expect(try workspace.refusal("pathbound_queue_action", bad).code == .validation)
    bad["identity_id"] = "id_default"
    #expect(!(try workspace.answer("pathbound_queue_action", bad).receipt.replayed))
  }
}
