import JSON
import MCP
import Platform
import TestSupport
import Testing

/// What a recording holds, and how two conversations are compared.
@Suite struct RecordingTests {
  @Test("keys are taken out wherever they stand, people's data stays so that it can be replayed")
  func redaction() throws {
    let pipe = TestPipe()
    let recorder = SessionRecorder(
      file: pipe.writing, clock: FixedClock("1970-01-01T00:00:00Z"), settings: ["plan": "pro"])
    let message: JSONValue = [
      "params": [
        "arguments": [
          "email": "ada@example.com", "api_key": "whatever it is", "note": "use sk-ant-0123456789abcdef\nplease",
          "config": ["accessToken": "abc", "webhook_secret": "def"],
        ],
        "_meta": ["progressToken": "p1"],
      ]
    ]
    message.serialized().withUnsafeBytes { recorder.received($0) }
    Array("no json gtm_sk_0123456789".utf8).withUnsafeBytes { recorder.sent($0) }
    pipe.writing.close()
    let lines = String(decoding: pipe.readToEnd(), as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[0] == #"{"time":"1970-01-01T00:00:00.000Z","from":"settings","message":{"plan":"pro"}}"#)
    let first = try JSONValue(parsing: lines[1])
    #expect(first["time"] == "1970-01-01T00:00:00.000Z" && first["from"] == "client")
    let arguments = first["message"]?["params"]?["arguments"]
    #expect(arguments?["email"] == "ada@example.com" && arguments?["api_key"] == "[secret]")
    #expect(arguments?["note"] == "use [secret]\nplease")
    #expect(arguments?["config"] == ["accessToken": "[secret]", "webhook_secret": "[secret]"])
    #expect(first["message"]?["params"]?["_meta"]?["progressToken"] == "p1")
    #expect(lines[2].contains("[secret]") && lines[2].contains(#""from":"server""#))
  }

  /// A server's end that answers each request with the result that the body gives.
  private func replay(_ lines: [String], _ answer: @escaping @Sendable (JSONValue) -> JSONValue) -> [String] {
    let (input, output) = (TestPipe(), TestPipe())
    let conversation = LineConversation(writing: output.writing, reading: input.reading)
    Thread.start("server") {
      while let request = conversation.receive() {
        conversation.send(["jsonrpc": "2.0", "id": request["id"] ?? .null, "result": answer(request)])
      }
      conversation.closeInput()
    }
    let replay = SessionReplay(input: input.writing, output: output.reading, patience: 300)
    defer { replay.end() }
    return replay.run(lines.map { RecordedMessage(line: $0) })
  }

  private func line(_ from: String, _ message: JSONValue) -> String {
    let entry: JSONValue = ["time": "2026-01-01T00:00:00.000Z", "from": .string(from), "message": message]
    return entry.text
  }

  @Test("ids and times may differ, and later requests name the new ids")
  func ids() {
    let asked = Monitor<[JSONValue]>([])
    let differences = replay([
      line("client", ["jsonrpc": "2.0", "id": 1, "method": "create"]),
      line(
        "server",
        [
          "jsonrpc": "2.0", "id": 1,
          "result": ["id": "ct_0000001abcde2", "at": "2025-01-01T10:00:00Z", "ms": 1_700_000_000_000],
        ]),
      line(
        "client",
        [
          "jsonrpc": "2.0", "id": 2, "method": "get",
          "params": ["id": "ct_0000001abcde2", "uri": "x://ct_0000001abcde2.md"],
        ]),
      line(
        "server",
        ["jsonrpc": "2.0", "id": 2, "result": ["text": "Contact ct_0000001abcde2 is here, as x://ct_0000001abcde2.md"]]),
    ]) { request in
      asked.withLock { $0.append(request["params"] ?? .null) }
      return request["method"] == "create"
        ? ["id": "ct_0000009zzzzz8", "at": "2026-05-05T11:00:00Z", "ms": 1_800_000_000_000]
        : ["text": "Contact ct_0000009zzzzz8 is here, as x://ct_0000009zzzzz8.md"]
    }
    #expect(differences == [])
    #expect(asked.withLock { $0 }.last == ["id": "ct_0000009zzzzz8", "uri": "x://ct_0000009zzzzz8.md"])
  }

  @Test(
    "everything else that differs is told with its line and place",
    arguments: [
      (["count": 3], ["count": 4], "/result/count: recorded 3, now 4"),
      (["name": "Ada"], ["name": "Bob"], "/result/name"), (["a": 1, "b": 2], ["a": 1], "now absent"),
      (["a": 1], ["a": 1, "b": 2], "not recorded"), (["list": [1]], ["list": [1, 2]], "1 items, now 2"),
      (["id": "ct_0000001abcde2"], ["id": "co_0000001abcde2"], "/result/id"),
      (["text": #"{"n":1}"#], ["text": #"{"n":2}"#], "/result/text#/n"),
    ] as [(JSONValue, JSONValue, String)])
  func differences(recorded: JSONValue, present: JSONValue, part: String) {
    let found = replay([
      line("client", ["jsonrpc": "2.0", "id": 1, "method": "x"]),
      line("server", ["jsonrpc": "2.0", "id": 1, "result": recorded]),
    ]) { _ in present }
    #expect(found.count == 1 && found[0].hasPrefix("line 2: ") && found[0].contains(part), "\(found)")
  }

  @Test("an answer that does not come and a line that is none are told as well")
  func missing() {
    #expect(replay([line("server", ["jsonrpc": "2.0", "id": 1, "result": [:]]), "nonsense"]) { _ in [:] }.count == 2)
  }
}
