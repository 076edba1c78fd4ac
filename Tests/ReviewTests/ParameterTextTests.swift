import JSON
import Review
import Testing

@Suite struct ParameterTextTests {
  private let mail: JSONObject = [
    "contact_id": "ct_1", "subject": "Re: pricing: \"x\"", "message": "Hello Ada,\n\n# not a remark\n",
    "follow_up": true,
    "cc": ["a@x.example"], "thread_id": " odd ", "empty": "",
  ]

  @Test(
    "an untouched text says the same parameters",
    arguments: [
      ["message": "Hello"], ["message": "a\n"], ["message": ""],
      ["server": "crm", "tool": "add", "arguments": ["n": 1.5]],
      ["properties": ["a": nil], "contact_id": "ct_1"], [:], ["title": "true", "description": "#x\n\ny"],
      ["channel": "\"quoted\"", "message": "m"],
    ] as [JSONObject])
  func untouched(params: JSONObject) throws {
    let text = ParameterText(params)
    #expect(try text.parameters(of: text.editable(remarks: ["one", "two"])) == params)
  }

  @Test("a mail is its fields, a blank line, and what it says")
  func mailText() throws {
    let text = ParameterText(mail)
    #expect(
      text.editable(remarks: ["R"]) == """
        # R
        contact_id: ct_1
        subject: Re: pricing: "x"
        follow_up: true
        cc: ["a@x.example"]
        thread_id: " odd "
        empty: ""

        Hello Ada,

        # not a remark

        """)
    #expect(try text.parameters(of: text.editable(remarks: [])) == mail)
  }

  @Test("what is changed, added and taken out is in the parameters, in their order")
  func edited() throws {
    let params = try ParameterText(mail).parameters(
      of: """
        follow_up:   false
        subject:  New
        message_id: 7
        note: seven

        Dear Ada

        """)
    #expect(
      params == ["subject": "New", "message": "Dear Ada\n", "follow_up": false, "message_id": 7, "note": "seven"])
    #expect(params.keys.prefix(3).elementsEqual(["subject", "message", "follow_up"]))
  }

  @Test("a text from an editor of another system is read alike")
  func lineEnds() throws {
    let params = try ParameterText(["subject": "a", "message": "b"]).parameters(of: "subject: c\r\n\r\nd\r\ne\r\n")
    #expect(params == ["subject": "c", "message": "d\ne"])
  }

  @Test(
    "what can't be read is refused with what would be right",
    arguments: [
      ("subject", "subject: Hello"), ("follow_up: maybe\n", "JSON"), ("subject: a\nsubject: b\n", "twice"),
      ("message: a\n\nb", "twice"),
    ])
  func refused(text: String, reason: String) {
    let mistake = #expect(throws: ParameterText.Mistake.self) { try ParameterText(mail).parameters(of: text) }
    #expect(mistake?.reason.contains(reason) == true)
  }

  @Test("where there is no message nothing may follow")
  func noMessage() {
    #expect(throws: ParameterText.Mistake.self) { try ParameterText(["tool": "x"]).parameters(of: "tool: x\n\nHello") }
  }
}

@Suite struct TextLayoutTests {
  @Test("lines are broken between words, and nothing is lost")
  func wrap() {
    #expect(TextLayout.wrap("one two three", to: 8) == ["one two", "three"])
    #expect(TextLayout.wrap("abcdefghij kl", to: 4) == ["abcd", "efgh", "ij", "kl"])
    #expect(TextLayout.wrap("a\n\nb", to: 4) == ["a", "", "b"])
    #expect(TextLayout.wrap("日本語の文", to: 4) == ["日本", "語の", "文"])
  }

  @Test("a column has its width", arguments: ["", "abc", "abcdefghijk", "日本語日本語", "a\nb"])
  func column(text: String) {
    #expect(TextLayout.width(TextLayout.column(text, 8)) == 8)
    #expect(!TextLayout.column(text, 8).contains("\n"))
  }
}

@Suite struct PendingDecisionTests {
  @Test("a name on the command line addresses what it names", arguments: ["act_1", "run_1/ct_2/0"])
  func names(id: String) {
    #expect(PendingDecision.Address(parsing: id)?.id == id)
  }

  @Test("what names nothing is no address", arguments: ["", "a/b", "a/b/c", "a/b/-1", "//0", "a/b/0/1"])
  func noNames(id: String) {
    #expect(PendingDecision.Address(parsing: id) == nil)
  }

  @Test("decisions are the calls that the tool proposes, with the comment")
  func decisions() throws {
    let facts: JSONObject = [
      "kind": "run_proposal", "run_id": "run_1", "action_index": 2, "type": "email_message",
      "decide": ["approve": ["tool": "pathbound_approve_run_action", "arguments": ["contactId": "ct_3"]]],
      "sent_as": ["identity_id": "id_1", "name": "Sam", "email": "sam@x.example"],
      "would_send": ["message": "Hi… [12 bytes more: see pathbound_get_agent_run]"],
    ]
    let item = try #require(PendingDecision(facts))
    #expect(item.id == "run_1/ct_3/2" && item.isCut)
    #expect(item.sender == "Sam <sam@x.example>" && item.person == "" && item.identity == "id_1")
    let step = item.address.rejection(comment: "No")
    #expect(step.tool == "pathbound_reject_run_action")
    #expect(step.arguments == ["runId": "run_1", "contactId": "ct_3", "actionIndex": 2, "comment": "No"])
    let approval = PendingDecision.Address.action("act_1").approval(comment: nil)
    #expect(approval.arguments == ["action_id": "act_1", "action": "approve"])
    #expect(PendingDecision(["type": "x"]) == nil)
  }
}
