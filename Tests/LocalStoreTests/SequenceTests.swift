import JSON
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

private let day: Int64 = 86_400

@Suite("Sequence definitions")
struct SequenceDefinitionTests {
  let workspace = TestWorkspace()

  @Test("a placeholder in single braces would be sent as it stands, so it is refused with the right form")
  func singleBraces() throws {
    for text in ["Hi {firstName}", "{company}!", "Hi {{firstName|there}}, {lastName}"] {
      let error = try workspace.refusal(
        "owlbound_save_sequence",
        ["name": "Intro", "steps": [["type": "email", "message": .string(text)]]])
      #expect(error.code == .validation && error.message.contains("Placeholders have two braces: {{"), "\(text)")
    }
    for text in ["Hi {{firstName|there}}", "{ {} }", "{other}"] {
      _ = try workspace.call(
        "owlbound_save_sequence", ["name": .string(text), "steps": [["type": "note", "message": .string(text)]]])
    }
  }

  @Test("a sequence is created, changed by name or id, and listed; what is not given stays")
  func save() throws {
    let created = try workspace.call(
      "owlbound_save_sequence",
      [
        "name": "Intro", "steps": [["type": "email", "message": "Hi {{firstName|there}}"]],
        "exclude": [["field": "status", "op": "equals", "value": "lost"]],
      ])
    #expect(created["created"] == true)
    let sequence = created["sequence"]
    #expect(sequence?["active"] == true && sequence?["requireApproval"] == true)
    #expect(sequence?["identityId"] == "id_default")
    let step: JSONValue = [
      "type": "email", "message": "Hi {{firstName|there}}", "delayDays": 0, "followUp": false,
    ]
    #expect(sequence?["steps"] == [step])
    let id = try #require(sequence?["id"])
    let changed = try workspace.call("owlbound_save_sequence", ["name": "Intro", "requireApproval": false])
    #expect(changed["created"] == false && changed["sequence"]?["id"] == id)
    #expect(changed["sequence"]?["steps"] == [step] && changed["sequence"]?["requireApproval"] == false)
    #expect(changed["sequence"]?["exclude"]?.arrayValue?.count == 1)
    _ = try workspace.call("owlbound_save_sequence", ["id": id, "name": "Hello", "steps": []])
    #expect(try workspace.call("owlbound_list_sequences").texts("name", of: "sequences") == ["Hello"])
    #expect(try workspace.enrollments(id) == [])
    #expect(try workspace.refusal("owlbound_list_sequences", ["id": "none"]).code == .notFound)
  }

  @Test("a wrong definition is answered with where it is wrong and what it needs")
  func wrong() throws {
    let wrong: [(JSONObject, String, String)] = [
      (["steps": [["type": "mail", "message": "x"]]], "/steps/0/type", "email (delayDays?, subject?, message"),
      (["steps": [["type": "email"]]], "/steps/0/message", "email ("),
      (
        ["steps": [["type": "task", "title": "x"], ["type": "note", "message": "{{x}}"]]], "/steps/1/message",
        "{{title}}"
      ),
      (["steps": [["type": "linkedin", "delayDays": 400]]], "/steps/0/delayDays", "365"),
      (["exclude": [["field": "stage", "op": "exists"]]], "/exclude/0/field", "status, source"),
      (["identityId": "id_none"], "/identity_id", "pathbound_list_identities"),
    ]
    for (arguments, path, words) in wrong {
      var whole: JSONObject = ["name": "S"]
      for (key, value) in arguments { whole[key] = value }
      let error = try workspace.refusal("owlbound_save_sequence", whole)
      #expect(error.details.first?.path == path, "\(error)")
      #expect(error.message.contains(words), "\(error.message)")
    }
    #expect(try workspace.call("owlbound_list_sequences")["sequences"] == [])
  }
}

@Suite("Enrollment")
struct EnrollmentTests {
  let workspace = TestWorkspace()

  private func refusal(_ contact: String, _ sequence: JSONValue) throws -> ServiceError {
    try workspace.refusal("owlbound_enroll_in_sequence", ["id": sequence, "contactId": .string(contact)])
  }

  @Test("each documented check refuses by the name of its rule, in the documented order")
  func rules() throws {
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example", "company": "Rival Ltd"])
    let empty = try workspace.sequence([
      "name": "E", "active": false, "steps": [],
      "exclude": [["field": "company", "op": "contains", "value": "rival"]],
    ])
    func rule() throws -> String? {
      let error = try refusal(contact, empty)
      #expect(error.code == .validation)
      return error.details.first?.message.split(separator: ":").first.map(String.init)
    }
    #expect(try refusal(contact, "none").code == .notFound)
    #expect(try refusal("none", empty).code == .notFound)
    #expect(try rule() == "sequence_inactive")
    try workspace.sequence(["name": "E", "active": true, "steps": []])
    #expect(try rule() == "sequence_has_no_steps")
    try workspace.sequence(["name": "E"])
    try Archive.set(contact, in: workspace)
    #expect(try rule() == "contact_archived")
    try Archive.set(contact, in: workspace, isArchived: false)
    #expect(try rule() == "contact_excluded")
    #expect(try refusal(contact, empty).message.contains("company contains \"rival\""))
    try workspace.sequence(["name": "E", "exclude": []])
    try workspace.enroll(contact, empty)
    #expect(try rule() == "already_enrolled")
    #expect(try workspace.enrollments(empty).count == 1)
  }

  @Test("who enters is shown with sequence and contact, and keeps their status")
  func enroll() throws {
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example"])
    let sequence = try workspace.sequence(["steps": [["type": "task", "title": "Call", "delayDays": 2]]])
    let answer = try workspace.call(
      "owlbound_enroll_in_sequence", ["id": sequence, "contactId": .string(contact), "source": "api"])
    #expect(answer["sequenceId"] == sequence && answer["contactId"]?.stringValue == contact)
    #expect(answer["status"] == "active")
    let shown = try #require(try workspace.enrollments(sequence).first)
    #expect(shown["enrollmentId"] == answer["enrollmentId"])
    #expect(shown["source"] == "api" && shown["step"] == 1 && shown["steps"] == 1)
    #expect(shown["dueAt"] == .integer(1_795_249_800_000 + 2 * day * 1000))
    let read = try workspace.call("owlbound_get_contact", ["id": .string(contact)])["contact"]
    #expect(read?["status"] == "new")
    #expect(read?["enrollments"]?[0]?["sequenceName"] == "Welcome")
  }

  @Test("a finished enrollment does not stand against a new one")
  func again() throws {
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example"])
    let sequence = try workspace.sequence()
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    try workspace.work()
    #expect(try workspace.enrollments(sequence).first?["status"] == "completed")
    try workspace.enroll(contact, sequence)
    #expect(try workspace.enrollments(sequence).map { $0["status"] } == ["active", "completed"])
  }

  @Test("the same key enrolls once")
  func repeated() throws {
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example"])
    let arguments: JSONObject = [
      "id": try workspace.sequence(), "contactId": .string(contact), "idempotency_key": "k",
    ]
    let first = try workspace.call("owlbound_enroll_in_sequence", arguments)
    #expect(try workspace.call("owlbound_enroll_in_sequence", arguments) == first)
  }
}

@Suite("Sequence steps")
struct SequenceStepTests {
  let workspace = TestWorkspace()
  private let steps: JSONValue = [
    ["type": "email", "subject": "Hello {{firstName}}", "message": "About {{company|you}}"],
    ["type": "linkedin", "delayDays": 3, "message": "Let us connect"],
    ["type": "task", "delayDays": 2, "title": "Call {{firstName}}", "message": "By phone"],
    ["type": "note", "message": "Done"],
  ]

  private func ada() throws -> String {
    try workspace.owlContact([
      "firstName": "Ada", "email": "Ada@b.example", "linkedInUrl": "https://www.linkedin.com/in/ada", "company": "Acme",
    ])
  }

  @Test("steps run on their days, each after the end of the one before, exactly once")
  func days() throws {
    let contact = try ada()
    let sequence = try workspace.sequence(["steps": steps])
    try workspace.enroll(contact, sequence)
    for _ in 0..<3 { try workspace.flow() }
    let mail = try #require(try workspace.actions().first)
    #expect(try workspace.actions().count == 1)
    #expect(mail["type"] == "email_message" && mail["status"] == "scheduled")
    #expect(mail["params"]?["subject"] == "Hello Ada" && mail["params"]?["message"] == "About Acme")
    #expect(mail["params"]?["email"] == "Ada@b.example" && mail["list_id"] == sequence)
    #expect(mail["description"] == "Sequence Welcome, step 1")
    // Nothing counts before the mail is out.
    workspace.clock.advance(seconds: 30 * day)
    try workspace.flow()
    #expect(try workspace.actions().count == 1)
    try workspace.work()
    workspace.clock.advance(seconds: 3 * day - 1)
    try workspace.flow()
    #expect(try workspace.actions().count == 1)
    workspace.clock.advance(seconds: 1)
    try workspace.flow()
    #expect(try workspace.actions().last?["type"] == "linkedin_connection")
    #expect(try workspace.actions().last?["params"]?["linkedin_url"] == "https://www.linkedin.com/in/ada")
    try workspace.work()
    workspace.clock.advance(seconds: 2 * day)
    try workspace.flow()
    #expect(try workspace.actions().last?["params"]?["title"] == "Call Ada")
    try workspace.work()
    try workspace.flow()
    try workspace.work()
    let types = try workspace.actions().map { $0["type"] }
    #expect(types == ["email_message", "linkedin_connection", "create_task", "create_note"])
    let shown = try #require(try workspace.enrollments(sequence).first)
    #expect(shown["status"] == "completed" && shown["endedAt"] != nil && shown["dueAt"] == nil)
    let people = Set(try workspace.actions().map { $0["contact_id"]?.stringValue })
    #expect(people.count == 1 && people.first != nil)
  }

  @Test("where the sequence says so a person decides, and no means the end")
  func approval() throws {
    let contact = try ada()
    let sequence = try workspace.sequence(["requireApproval": true, "steps": steps])
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    let action = try #require(try workspace.actions().first)
    #expect(action["status"] == "pending_approval")
    #expect(try workspace.enrollments(sequence).first?["actionId"] == action["_id"])
    _ = try workspace.call("pathbound_reject_action", ["action_id": action["_id"] ?? ""])
    let shown = try #require(try workspace.enrollments(sequence).first)
    #expect(shown["status"] == "stopped")
    #expect(shown["reason"]?.stringValue?.contains("is rejected") == true)
    workspace.clock.advance(seconds: 90 * day)
    try workspace.flow()
    #expect(try workspace.actions().count == 1)
  }

  @Test("a step that fails ends the enrollment and is not repeated")
  func failure() throws {
    let contact = try ada()
    let sequence = try workspace.sequence(["steps": steps])
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    try workspace.work(.failed("No line."))
    #expect(try workspace.enrollments(sequence).first?["status"] == "failed")
    workspace.clock.advance(seconds: 90 * day)
    try workspace.flow()
    #expect(try workspace.actions().count == 1)
  }

  @Test("a person who lacks what a step needs is let go with the reason")
  func lacking() throws {
    let nobody = try workspace.owlContact(["company": "Acme", "linkedInUrl": "https://www.linkedin.com/in/x"])
    let lacking: [(JSONValue, String)] = [
      (["type": "email", "message": "x"], "no e-mail address"), (["type": "note", "message": "x"], "contact_id"),
      (["type": "task", "title": "Call {{firstName}}"], "{{firstName}}"),
    ]
    for (index, (step, words)) in lacking.enumerated() {
      let sequence = try workspace.sequence(["name": .string("\(index)"), "steps": [step]])
      try workspace.enroll(nobody, sequence)
      try workspace.flow()
      let shown = try #require(try workspace.enrollments(sequence).first)
      #expect(shown["status"] == "failed")
      #expect(shown["reason"]?.stringValue?.contains(words) == true, "\(shown)")
    }
    #expect(try workspace.actions().isEmpty)
    let contact = try workspace.owlContact(["firstName": "Bob", "email": "bob@b.example"])
    let sequence = try workspace.sequence(["name": "L", "steps": [["type": "linkedin"]]])
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    #expect(try workspace.enrollments(sequence).first?["reason"]?.stringValue?.contains("LinkedIn") == true)
  }

  @Test("who is in a sequence ends it as it was when they entered")
  func versions() throws {
    let contact = try ada()
    let sequence = try workspace.sequence([
      "steps": [["type": "task", "title": "Old"], ["type": "task", "title": "Older"]]
    ])
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    try workspace.sequence(["steps": [["type": "task", "title": "New"]]])
    try workspace.work()
    try workspace.flow()
    try workspace.work()
    #expect(try workspace.actions().map { $0["params"]?["title"] } == ["Old", "Older"])
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    #expect(try workspace.actions().last?["params"]?["title"] == "New")
  }

  @Test("a sequence that is not active holds its people where they are")
  func paused() throws {
    let contact = try ada()
    let sequence = try workspace.sequence(["steps": [["type": "task", "title": "Call", "delayDays": 1]]])
    try workspace.enroll(contact, sequence)
    try workspace.sequence(["active": false])
    workspace.clock.advance(seconds: 5 * day)
    try workspace.flow()
    #expect(try workspace.actions().isEmpty)
    #expect(try workspace.enrollments(sequence).first?["status"] == "active")
    try workspace.sequence(["active": true])
    try workspace.flow()
    #expect(try workspace.actions().count == 1)
  }

  @Test("two processes and a restart between them begin each step once")
  func processes() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("workspace.db")
    let first = TestWorkspace(path: path)
    let second = TestWorkspace(path: path, clock: first.clock)
    let sequence = try first.sequence([
      "steps": [["type": "task", "title": "Call"], ["type": "task", "title": "Again"]]
    ])
    for index in 0..<30 { try first.enroll(try first.owlContact(["email": .string("p\(index)@b.example")]), sequence) }
    let open = Monitor(4)
    for workspace in [first, second, first, second] {
      Thread.start("sequencer") {
        try? workspace.flow()
        _ = try? workspace.work()
        try? workspace.flow()
        open.withLock { $0 -= 1 }
        open.notify()
      }
    }
    #expect(open.wait(until: .after(milliseconds: 60_000)) { $0 == 0 ? true : nil } == true)
    first.close()
    second.close()
    let third = TestWorkspace(path: path, clock: first.clock)
    try third.flow()
    try third.work()
    try third.flow()
    try third.work()
    let total = try third.call("pathbound_list_actions", ["status": "completed"])["pagination"]?["total_items"]
    #expect(total == 60)
    #expect(try third.enrollments(sequence).allSatisfy { $0["status"] == "completed" })
    third.close()
  }
}

@Suite("Leaving a sequence")
struct SequenceExitTests {
  let workspace = TestWorkspace()

  /// Somebody whose first e-mail waits for a decision.
  private func enrolled() throws -> (contact: String, sequence: JSONValue) {
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example"])
    let sequence = try workspace.sequence([
      "requireApproval": true, "steps": [["type": "email", "message": "x"], ["type": "email", "message": "y"]],
    ])
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    return (contact, sequence)
  }

  @Test(
    "who replies, converts, is lost or archived leaves, and what waits is withdrawn",
    arguments: [
      "replied", "converted", "lost", "archived",
    ])
  func status(reason: String) throws {
    let (contact, sequence) = try enrolled()
    if reason == "archived" {
      try Archive.set(contact, in: workspace)
    } else {
      let id = try workspace.workflow([
        "triggers": [], "steps": [["type": "set_status", "status": .string(reason)]],
      ])
      _ = try workspace.call("owlbound_trigger_workflow", ["id": id, "contactId": .string(contact)])
    }
    try workspace.flow()
    let shown = try #require(try workspace.enrollments(sequence).first)
    #expect(shown["status"] == "stopped" && shown["reason"]?.stringValue == reason)
    let action = try #require(try workspace.actions().first)
    #expect(action["status"] == "rejected")
    workspace.clock.advance(seconds: 90 * day)
    try workspace.flow()
    #expect(try workspace.actions().count == 1)
  }

  @Test("who has unsubscribed leaves before anything is written to them")
  func unsubscribed() throws {
    _ = try workspace.contact("ada@b.example", ["unsubscribed": true])
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example"])
    let sequence = try workspace.sequence()
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    let shown = try #require(try workspace.enrollments(sequence).first)
    #expect(shown["status"] == "stopped" && shown["reason"]?.stringValue?.hasPrefix("unsubscribed") == true)
    #expect(try workspace.actions().isEmpty)
  }

  @Test("a reply from before the enrollment is none to it")
  func earlierReply() throws {
    let contact = try workspace.owlContact(["firstName": "Ada", "email": "ada@b.example"])
    let id = try workspace.workflow(["triggers": [], "steps": [["type": "set_status", "status": "replied"]]])
    _ = try workspace.call("owlbound_trigger_workflow", ["id": id, "contactId": .string(contact)])
    try workspace.flow()
    let sequence = try workspace.sequence()
    try workspace.enroll(contact, sequence)
    try workspace.flow()
    #expect(try workspace.enrollments(sequence).first?["status"] == "active")
    #expect(try workspace.actions().count == 1)
  }

  @Test(
    "what Pathbound learns ends a sequence before its next step",
    arguments: [
      ("email_replied", "replied"), ("unsubscribed", "unsubscribed"), ("converted", "converted"),
    ])
  func events(event: String, reason: String) throws {
    let (_, sequence) = try enrolled()
    let action = try #require(try workspace.actions().first)
    try workspace.track(["event": .string(event), "contact_id": action["contact_id"] ?? ""])
    _ = try workspace.call("pathbound_approve_action", ["action_id": action["_id"] ?? "", "action": "approve"])
    try workspace.work()
    try workspace.flow()
    let shown = try #require(try workspace.enrollments(sequence).first)
    #expect(shown["status"] == "stopped" && shown["reason"]?.stringValue == reason)
    #expect(try workspace.actions().count == 1)
  }

  @Test("becoming a customer ends a sequence, having been one does not", arguments: [true, false])
  func customer(before: Bool) throws {
    let id = JSONValue.string(
      try workspace.contact("ada@b.example", before ? ["lifecyclestage": "customer"] : [:]))
    let (_, sequence) = try enrolled()
    _ = try workspace.call(
      "pathbound_update_contact", ["contact_id": id, "properties": ["lifecyclestage": "customer"]])
    let action = try #require(try workspace.actions().first)
    _ = try workspace.call("pathbound_approve_action", ["action_id": action["_id"] ?? "", "action": "approve"])
    try workspace.work()
    try workspace.flow()
    #expect(try workspace.enrollments(sequence).first?["status"]?.stringValue == (before ? "active" : "stopped"))
  }
}
