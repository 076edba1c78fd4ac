import JSON
import LocalStore
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Timeline of a contact")
struct TimelineTests {
  let workspace = TestWorkspace()

  private func timeline(_ contact: String, _ more: JSONObject = [:]) throws -> JSONObject {
    var arguments = more
    arguments["contact_id"] = .string(contact)
    return try workspace.call("pathbound_get_contact_timeline", arguments)
  }

  /// All pages, one after the other.
  private func pages(_ contact: String, limit: Int64, _ more: JSONObject = [:]) throws -> [JSONValue] {
    var entries: [JSONValue] = []
    var arguments = more
    arguments["limit"] = .integer(limit)
    while true {
      let page = try timeline(contact, arguments)
      let new = try #require(page["timeline"]?.arrayValue)
      #expect(new.count <= Int(limit))
      entries += new
      guard let cursor = page["next_cursor"] else { return entries }
      arguments["cursor"] = cursor
      try #require(entries.count < 1000)
    }
  }

  @Test("shows what every source tells, newest first, and nothing of others")
  func sources() throws {
    let id = try workspace.contact("Ada@b.example")
    let other = try workspace.contact("bob@b.example")
    let owl = try workspace.owlContact(["email": "ada@B.example"])
    try workspace.track([
      "event": "page_view", "url": "https://b.example/x", "contact_id": .string(id), "data": ["title": "Prices"],
    ])
    workspace.clock.advance(seconds: 60)
    for contact in [id, other] {
      _ = try workspace.call("pathbound_create_contact_note", ["contact_id": .string(contact), "content": "Met."])
    }
    workspace.clock.advance(seconds: 60)
    _ = try workspace.call(
      "owlbound_ingest_signal",
      ["type": "job_change", "data": ["to": "CTO"], "contactId": .string(owl), "notes": "At last"])
    workspace.clock.advance(seconds: 60)
    let thread = try workspace.send(to: id, "Hello")
    workspace.clock.advance(seconds: 60)
    let action = try workspace.queue([
      "params": ["title": "Call", "contact_id": .string(id)], "require_approval": true, "description": "Ring up",
    ])
    workspace.clock.advance(seconds: 60)
    _ = try workspace.call("pathbound_reject_action", ["action_id": .string(action), "comment": "Not now"])

    let entries = try #require(try timeline(id)["timeline"]?.arrayValue)
    let types = entries.map { "\($0["type"]?.stringValue ?? "") \($0["to"]?.stringValue ?? "")" }
    #expect(
      types == [
        "action rejected", "action pending_approval", "email ", "action completed", "action running",
        "action scheduled", "signal ", "note ", "event ",
      ])
    #expect(
      entries[0] == [
        "type": "action", "timestamp": "2026-11-21T08:35:00.000Z", "action_id": .string(action),
        "action_type": "create_task", "step": "reject", "from": "pending_approval", "to": "rejected", "by": "tests",
        "comment": "Not now", "description": "Ring up",
      ])
    #expect(entries[2]["thread_id"]?.stringValue == thread)
    #expect(entries[2]["subject"] == "Hello")
    #expect(entries[6]["signal_type"] == "job_change")
    #expect(entries[6]["data"] == ["to": "CTO"])
    #expect(entries[7]["content"] == "Met.")
    #expect(entries[8]["event"] == "page_view")
    #expect(entries[8]["url"] == "https://b.example/x")
    #expect(entries[8]["data"] == ["title": "Prices"])
    #expect(try timeline(id, ["sort_dir": "asc"])["timeline"]?.arrayValue == entries.reversed())
    #expect(try timeline(other)["timeline"]?.arrayValue?.count == 1)
  }

  @Test("gives the same entries in pages of any size, both ways, also within one moment", arguments: [1, 2, 3, 7])
  func pages(limit: Int64) throws {
    let id = try workspace.contact("ada@b.example")
    let owl = try workspace.owlContact(["email": "ada@b.example"])
    for _ in 0..<3 {
      try workspace.track(["event": "a", "contact_id": .string(id)], ["event": "b", "contact_id": .string(id)])
      _ = try workspace.call("pathbound_create_contact_note", ["contact_id": .string(id), "content": "Met."])
      _ = try workspace.call(
        "owlbound_ingest_signal", ["type": "job_change", "data": [:], "contactId": .string(owl)])
      try workspace.queue(["params": ["title": "Call", "contact_id": .string(id)], "require_approval": true])
      workspace.clock.advance(seconds: 60)
    }
    let all = try #require(try timeline(id, ["limit": 100])["timeline"]?.arrayValue)
    #expect(all.count == 15)
    #expect(try pages(id, limit: limit) == all)
    #expect(try pages(id, limit: limit, ["sort_dir": "asc"]) == all.reversed())
  }

  @Test("an event that comes late stands where it happened")
  func late() throws {
    let id = try workspace.contact("ada@b.example")
    for time in ["08:20", "08:10", "08:15"] {
      try workspace.track([
        "event": .string(time), "contact_id": .string(id), "timestamp": .string("2026-11-21T\(time):00Z"),
      ])
    }
    #expect(try timeline(id).texts("event", of: "timeline") == ["08:20", "08:15", "08:10"])
  }

  @Test("long texts are cut, and the answer at a whole entry from which the next page goes on")
  func budget() throws {
    let id = try workspace.contact("ada@b.example")
    for number in 0..<60 {
      let content = "\(number) " + String(repeating: "é", count: 4000)
      _ = try workspace.call("pathbound_create_contact_note", ["contact_id": .string(id), "content": .string(content)])
    }
    let answer = try workspace.answer("pathbound_get_contact_timeline", ["contact_id": .string(id), "limit": 100])
    #expect(answer.payload.count < 45_000)
    #expect(try timeline(id)["timeline"]?.arrayValue?.count == 20)
    let all = try pages(id, limit: 100)
    #expect(all.count == 60)
    #expect(Set(all.compactMap { $0["note_id"]?.stringValue }).count == 60)
    #expect(all.allSatisfy { $0["content"]?.stringValue?.hasSuffix("…") == true })
  }

  @Test("a new contact's timeline is empty, a wrong cursor and an unknown contact are refused")
  func refusals() throws {
    let id = try workspace.contact("ada@b.example")
    #expect(try timeline(id) == ["timeline": []])
    for cursor in ["", "x", "1.2", "1.2.3.4", "1.2.x", "99999999999999999999.0.0"] {
      let error = try workspace.refusal(
        "pathbound_get_contact_timeline", ["contact_id": .string(id), "cursor": .string(cursor)])
      #expect(error.details.first?.path == "/cursor")
    }
    for cursor in ["0.0.0", "9223372036854775807.-9223372036854775808.9223372036854775807", "1.99.1"] {
      #expect(try timeline(id, ["cursor": .string(cursor)]) == ["timeline": []])
    }
    #expect(try workspace.refusal("pathbound_get_contact_timeline", ["contact_id": "ct_x"]).code == .notFound)
  }
}

@Suite("Conversations of a contact")
struct ConversationTests {
  let workspace = TestWorkspace()

  @Test("threads are listed latest first with what a follow-up needs")
  func threads() throws {
    let id = try workspace.contact("ada@b.example")
    let other = try workspace.contact("bob@b.example")
    let list: (String) throws -> JSONObject = {
      try workspace.call("pathbound_list_contact_email_threads", ["contact_id": .string($0)])
    }
    #expect(try list(id) == ["threads": []])
    let first = try workspace.send(to: id, "First")
    workspace.clock.advance(seconds: 60)
    let second = try workspace.send(to: id, "Second")
    workspace.clock.advance(seconds: 60)
    #expect(try list(id).texts("thread_id", of: "threads") == [second, first])
    #expect(try workspace.send(to: id, "Re: First", thread: first) == first)
    let threads = try #require(try list(id)["threads"]?.arrayValue)
    #expect(threads.map { $0["thread_id"]?.stringValue } == [first, second])
    #expect(threads[0]["subject"] == "First")
    #expect(threads[0]["message_count"] == 2)
    #expect(threads[0]["last_message_at"] == "2026-11-21T08:32:00.000Z")
    let last = try #require(threads[0]["last_message_id"]?.stringValue)
    #expect(last.hasPrefix("<act_") && last.hasSuffix("@mail.example>"))
    #expect(try list(other) == ["threads": []])
    let followUp = try workspace.queueMail(["contact_id": .string(id), "thread_id": .string(first), "message": "Hm?"])
    #expect(try workspace.action(followUp)["params"]?["in_reply_to_message_id"]?.stringValue == last)
  }

  @Test("conversations show what was written only when asked for")
  func messages() throws {
    let id = try workspace.contact("ada@b.example")
    let thread = try workspace.send(to: id, "Hello", "Good morning, Ada")
    workspace.clock.advance(seconds: 60)
    try workspace.send(to: id, "Re: Hello", "Any news?", thread: thread)
    func read(_ more: JSONObject) throws -> JSONValue {
      var arguments = more
      arguments["contact_id"] = .string(id)
      let conversations = try workspace.call("pathbound_get_contact_conversations", arguments)["conversations"]
      #expect(conversations?.arrayValue?.count == 1)
      return try #require(conversations?[0])
    }
    let brief = try read([:])
    #expect(brief["thread_id"]?.stringValue == thread)
    #expect(brief["channel"] == "email")
    #expect(brief["message_count"] == 2)
    #expect(brief["messages"] == nil)
    let messages = try #require(try read(["include_messages": true])["messages"]?.arrayValue)
    #expect(messages.map { $0["body"] } == ["Good morning, Ada", "Any news?"])
    #expect(messages[0]["from"] == "me@mail.example")
    #expect(messages[0]["to"] == "ada@b.example")
    #expect(messages[0]["direction"] == "outbound")
    #expect(messages[0]["sent_at"] == "2026-11-21T08:30:00.000Z")
    #expect(try read(["include_messages": true, "thread_id": .string(thread)])["messages"]?.arrayValue == messages)
  }

  @Test("long texts are cut in the overview, whole in one conversation, and the answer keeps within its budget")
  func budget() throws {
    let id = try workspace.contact("ada@b.example")
    let text = String(repeating: "é", count: 3000)
    var threads: [String] = []
    for number in 0..<12 { threads.append(try workspace.send(to: id, "Subject \(number)", text)) }
    for number in 0..<8 { try workspace.send(to: id, "Re \(number)", text, thread: threads[0]) }
    let all: JSONObject = ["contact_id": .string(id), "include_messages": true]
    let answer = try workspace.answer("pathbound_get_contact_conversations", all)
    #expect(answer.payload.count < 24_000)
    let overview = try JSONValue(parsing: answer.payload)
    #expect(overview["conversations"]?[0]?["messages"]?[0]?["body"]?.stringValue?.hasSuffix("…") == true)
    var one = all
    one["thread_id"] = .string(threads[1])
    let single = try workspace.call("pathbound_get_contact_conversations", one)
    #expect(single["conversations"]?[0]?["messages"]?[0]?["body"]?.stringValue == text)
    one["thread_id"] = .string(threads[0])
    let long = try workspace.call("pathbound_get_contact_conversations", one)["conversations"]?[0]
    let shown = try #require(long?["messages"]?.arrayValue?.count)
    #expect(shown > 3 && long?["omitted"]?.integerValue == Int64(9 - shown))
  }

  @Test("another contact's conversation is not shown")
  func foreign() throws {
    let ada = try workspace.contact("ada@b.example")
    let bob = try workspace.contact("bob@b.example")
    let thread = try workspace.send(to: bob, "Hello")
    let arguments: JSONObject = ["contact_id": .string(ada), "thread_id": .string(thread)]
    #expect(try workspace.call("pathbound_get_contact_conversations", arguments) == ["conversations": []])
    let unknown: JSONObject = ["contact_id": .string(ada), "thread_id": "th_x"]
    #expect(try workspace.refusal("pathbound_get_contact_conversations", unknown).code == .notFound)
  }
}
