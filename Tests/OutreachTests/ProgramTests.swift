import Foundation
import JSON
import JSONSchema
import Operations
import Outreach
import Platform
import Service
import TestSupport
import Testing

@Suite("sendmail")
struct SendmailTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private let params: JSONObject = [
    "email": "ada@example.org", "subject": "Hi", "message": "One\n.\nTwo", "bcc": "boss@example.com",
  ]

  private func perform(_ script: String) throws -> ActionOutcome {
    let path = try folder.script("sendmail", script)
    return EmailMessage(outbox: folder.file("outbox"), sendmail: path, sender: nil)
      .perform(ProviderBench.action("email_message", params))
  }

  @Test("the program gets the whole message, the options that it needs, and the envelope sender")
  func delivered() throws {
    let outcome = try perform("printf '%s ' \"$@\" > '\(folder.file("args"))'; cat > '\(folder.file("mail"))'")
    let result = try ProviderBench.result(outcome)
    #expect(result["via"] == "sendmail")
    #expect(result["path"] == nil)
    #expect(try String(contentsOfFile: folder.file("args"), encoding: .utf8) == "-t -i -f grace@example.com ")
    let mail = try Data(contentsOf: URL(fileURLWithPath: folder.file("mail")))
    #expect(!mail.contains(13))
    let text = String(decoding: mail, as: UTF8.self)
    #expect(text.contains("\nTo: ada@example.org\n"))
    #expect(text.contains("\nBcc: boss@example.com\n"))
    // A lone dot ends a message for some programs, so it is spelled out.
    #expect(text.contains("\nOne\n=2E\nTwo\n"))
    #expect(result["message_id"]?.stringValue.map { text.contains($0) } == true)
    #expect(!FileManager.default.fileExists(atPath: folder.file("outbox")))
    guard case .completed(_, let changes) = outcome, case .recordMail? = changes.first else {
      Issue.record("no thread")
      return
    }
  }

  @Test("a refusal is passed on with status and words")
  func refused() throws {
    let reason = ProviderBench.failure(try perform("cat > /dev/null; echo 'no such user' >&2; exit 67"))
    #expect(reason.contains("status 67"))
    #expect(reason.contains("\"no such user"))
    #expect(reason.contains("did not take"))
    #expect(ProviderBench.failure(try perform("exit 75")).contains("unknown"))
  }

  @Test("a program that is not there says what to set")
  func missing() {
    let executor = EmailMessage(outbox: folder.file("outbox"), sendmail: "/nonexistent/sendmail", sender: nil)
    let reason = ProviderBench.failure(executor.perform(ProviderBench.action("email_message", params)))
    #expect(reason.contains("BOUND_MCP_SENDMAIL"))
    #expect(reason.contains("Nothing was sent"))
  }
}

@Suite("External programs")
struct ExternalProgramTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func executor(_ script: String, timeLimit: Int = 20_000) throws -> ExternalProgram {
    let type = ActionType(
      name: "ring_bell", purpose: "", capability: "bell", reach: .outside, parameters: .openObject())
    return ExternalProgram(
      type, command: ProgramCommand(try folder.script("bell", script), arguments: ["loud"]), timeLimit: timeLimit)
  }

  private let action = ProviderBench.action("ring_bell", ["times": 3], contactID: "ct_1")

  @Test("the action goes in as JSON, and the result comes out as JSON")
  func exchange() throws {
    let executor = try executor("cat > '\(folder.file("in"))'; echo \"{\\\"rang\\\":true,\\\"how\\\":\\\"$1\\\"}\"")
    #expect(executor.type == "ring_bell")
    #expect(try ProviderBench.result(executor.perform(action)) == ["rang": true, "how": "loud"])
    let request = try JSONValue(parsing: Files.read(folder.file("in")))
    #expect(
      request == [
        "id": "act_1", "type": "ring_bell", "params": ["times": 3], "contact_id": "ct_1", "summary": nil,
        "identity": ["id": "id_default", "name": "Grace", "email": "grace@example.com"],
      ])
  }

  @Test("a program that fails is quoted: its error member, else its standard error")
  func failure() throws {
    let words = ProviderBench.failure(try executor("echo '{\"error\":\"bell is broken\"}'; exit 1").perform(action))
    #expect(words.hasPrefix("The program of ring_bell failed with status 1: \"bell is broken\"."))
    #expect(words.hasSuffix("then queue a new action."))
    #expect(ProviderBench.failure(try executor("echo oops >&2; exit 2").perform(action)).contains("\"oops"))
  }

  @Test("silence is success without a result, and what is no JSON object is not success")
  func output() throws {
    #expect(try ProviderBench.result(try executor("cat > /dev/null").perform(action)).isEmpty)
    for text in ["done", "[1]", "{\"a\":", "7"] {
      #expect(ProviderBench.failure(try executor("printf '%s' '\(text)'").perform(action)).contains("no JSON object"))
    }
  }

  @Test("a program that hangs is ended, outcome unknown")
  func hanging() throws {
    let reason = ProviderBench.failure(try executor("sleep 600", timeLimit: 200).perform(action))
    #expect(reason.contains("unknown"))
  }

  @Test("a program that is not there is named")
  func missing() {
    let type = ActionType(
      name: "ring_bell", purpose: "", capability: "bell", reach: .outside, parameters: .openObject())
    let executor = ExternalProgram(type, command: ProgramCommand("no-such-program-here"))
    #expect(ProviderBench.failure(executor.perform(action)).contains("no-such-program-here"))
  }
}

@Suite("MCP tool calls")
struct MCPToolCallTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func call(
    _ command: ProgramCommand?, _ tool: String, _ arguments: JSONObject = [:], limit: UInt64 = 20_000
  ) -> ActionOutcome {
    MCPToolCall(servers: ["other": command, "remote": nil], version: "1", callLimit: limit).perform(
      ProviderBench.action(
        "mcp_tool_call", ["server": "other", "tool": .string(tool), "arguments": .object(arguments)]))
  }

  private var ourselves: ProgramCommand {
    ProgramCommand(
      ServerProcess.path(ofProduct: "bound-mcp"), arguments: ["serve", "--db", folder.file("other.db")])
  }

  @Test("a tool of bound-mcp itself does its work in the other workspace")
  func ourselvesAsServer() throws {
    let made = try ProviderBench.result(
      call(ourselves, "pathbound_create_contact", ["email": "ada@example.org", "properties": ["firstname": "Ada"]]))
    #expect(made["server"] == "other")
    #expect(made["structured"]?["contact"]?["properties"]?["firstname"] == "Ada")
    let listed = try ProviderBench.result(call(ourselves, "pathbound_list_contacts"))
    #expect(listed["structured"]?["contacts"]?.arrayValue?.count == 1)
  }

  @Test("a tool's error is the action's failure, in the tool's words")
  func toolError() {
    let reason = ProviderBench.failure(call(ourselves, "pathbound_create_contact", ["email": "nonsense"]))
    #expect(reason.contains("VALIDATION_ERROR"))
    let unknown = ProviderBench.failure(call(ourselves, "no_such_tool"))
    #expect(unknown.contains("-32602"))
    #expect(unknown.contains("Nothing was done"))
  }

  @Test("initialize, tools_call: an older server is spoken to in its own revision, and its chatter is passed over")
  func olderServer() throws {
    let server = try folder.script(
      "old",
      """
      echo 'Welcome to the old server'
      while read -r line; do
        case "$line" in
          *server/discover*) echo '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"what?"}}';;
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":2,"result":{"protocolVersion":"2024-11-05","capabilities":{"tools":{}},"serverInfo":{"name":"old","version":"1"}}}';;
          *notifications/initialized*) echo '{"jsonrpc":"2.0","id":"s1","method":"ping"}';;
          *tools/call*)
            echo '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":3,"progress":1}}'
            echo '{"jsonrpc":"2.0","id":"s2","method":"elicitation/create","params":{"message":"sure?"}}';;
          *'"id":"s1"'*) echo "$line" >> '\(folder.file("answers"))';;
          *'"id":"s2"'*) echo "$line" >> '\(folder.file("answers"))'
            echo '{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"it is late"}]}}';;
        esac
      done
      """)
    let result = try ProviderBench.result(call(ProgramCommand(server), "clock"))
    #expect(result == ["server": "other", "tool": "clock", "text": "it is late"])
    let answers = try String(contentsOfFile: folder.file("answers"), encoding: .utf8).split(separator: "\n")
      .map { try JSONValue(parsing: String($0)) }
    #expect(answers.contains(["jsonrpc": "2.0", "id": "s1", "result": [:]]))
    #expect(answers.contains { $0["id"] == "s2" && $0["error"]?["code"] == -32601 })
  }

  @Test("a server that ends at the first question is started again and gets the handshake")
  func fragileServer() throws {
    let server = try folder.script(
      "fragile",
      """
      while read -r line; do
        case "$line" in
          *server/discover*) exit 1;;
          *'"initialize"'*) echo '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"f","version":"1"}}}';;
          *tools/call*) echo '{"jsonrpc":"2.0","id":2,"result":{"content":[],"structuredContent":{"n":1}}}';;
        esac
      done
      """)
    #expect(try ProviderBench.result(call(ProgramCommand(server), "count"))["structured"] == ["n": 1])
  }

  @Test("a server that asks for input, dies, hangs or is none at all fails with the reason")
  func brokenServers() throws {
    let discover =
      #"echo '{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,"cacheScope":"public"}}'"#
    let asks = try folder.script(
      "asks",
      "read -r line; \(discover); read -r line\necho '{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{}}}'; read -r line"
    )
    let asked = ProviderBench.failure(call(ProgramCommand(asks), "t"))
    #expect(asked.contains("ask a person") && asked.contains("Nothing was done"))
    let dies = try folder.script("dies", "read -r line; \(discover); read -r line; exit 3")
    #expect(ProviderBench.failure(call(ProgramCommand(dies), "t")).contains("unknown"))
    let hangs = try folder.script("hangs", "read -r line; \(discover); trap '' TERM; sleep 600")
    #expect(ProviderBench.failure(call(ProgramCommand(hangs), "t", limit: 300)).contains("unknown"))
    let silent = try folder.script("silent", "sleep 600")
    #expect(ProviderBench.failure(call(ProgramCommand(silent), "t", limit: 200)).contains("Nothing was done"))
    let future = try folder.script(
      "future",
      "read -r line; echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":[\"2030-01-01\"]}}}'; read -r line"
    )
    #expect(ProviderBench.failure(call(ProgramCommand(future), "t")).contains("2030-01-01"))
    let babbles = try folder.script("babbles", "yes nonsense")
    #expect(ProviderBench.failure(call(ProgramCommand(babbles), "t")).contains("nobody asked for"))
    #expect(ProviderBench.failure(call(ProgramCommand("no-such-program"), "t")).contains("no-such-program"))
  }

  private static let welcome = #"echo '{"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28"]}}'"#
  private static let greets = "read -r line; \(welcome); read -r line"

  /// Reports progress so many times, a fifth of a second apart.
  private func reporting(_ times: Int, then end: String) throws -> ProgramCommand {
    ProgramCommand(
      try folder.script(
        "reports\(times)",
        """
        \(Self.greets)
        n=0; while [ $n -lt \(times) ]; do n=$((n + 1)); sleep 0.2
        echo '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":2,"progress":'$n'}}'; done
        \(end)
        """))
  }

  @Test("progress extends the time limit, up to a last one")
  func progress() throws {
    func call(_ command: ProgramCommand, longest: UInt64) -> ActionOutcome {
      MCPToolCall(servers: ["other": command], version: "1", callLimit: 1000, longestCall: longest).perform(
        ProviderBench.action("mcp_tool_call", ["server": "other", "tool": "t"]))
    }
    let done = try reporting(8, then: #"echo '{"jsonrpc":"2.0","id":2,"result":{"content":[]}}'; read -r line"#)
    #expect(try ProviderBench.result(call(done, longest: 60_000))["tool"] == "t")
    let endless = ProviderBench.failure(call(try reporting(600, then: ""), longest: 2000))
    #expect(endless.contains("reported progress") && endless.contains("unknown"))
  }

  @Test("a server that takes too long or is no longer wanted is told so before it is ended")
  func withdrawal() throws {
    let server = ProgramCommand(
      try folder.script(
        "slow",
        """
        \(Self.greets)
        echo called >> '\(folder.file("in"))'
        while read -r line; do echo "$line" >> '\(folder.file("in"))'; done
        """))
    func notice() throws -> JSONValue? {
      let lines = try String(contentsOfFile: folder.file("in"), encoding: .utf8).split(separator: "\n").dropFirst()
      return try lines.first.map { try JSONValue(parsing: String($0)) }
    }
    #expect(ProviderBench.failure(call(server, "t", limit: 300)).contains("no answer within"))
    let overdue = try notice()
    #expect(overdue?["method"] == "notifications/cancelled" && overdue?["params"]?["requestId"] == 2)
  }

  @Test("a server that takes no requests does not hold the action up")
  func deaf() throws {
    let server = ProgramCommand(try folder.script("deaf", "read -r line; \(Self.welcome); sleep 600"))
    let large = String(repeating: "x", count: 1 << 20)
    let reason = ProviderBench.failure(call(server, "t", ["text": .string(large)], limit: 500))
    #expect(reason.contains("takes no requests") && reason.contains("unknown"), "\(reason)")
  }

  @Test("half an answer, a line without end and an answer to another request are no answer")
  func nonsense() throws {
    let cut = try folder.script("cut", #"\#(Self.greets); printf '{"jsonrpc":"2.0","id":2,"result":{"content":['"#)
    #expect(ProviderBench.failure(call(ProgramCommand(cut), "t")).contains("closed its output"))
    let endless = try folder.script("endless", "\(Self.greets); head -c 9000000 /dev/zero | tr '\\0' x; sleep 600")
    #expect(ProviderBench.failure(call(ProgramCommand(endless), "t")).contains("a line of more than"))
    let other = try folder.script(
      "other", #"\#(Self.greets); echo '{"jsonrpc":"2.0","id":7,"result":{"content":[]}}'; sleep 600"#)
    #expect(ProviderBench.failure(call(ProgramCommand(other), "t", limit: 300)).contains("no answer within"))
  }

  @Test("a server's last words explain its death, without its secrets and control characters")
  func lastWords() throws {
    var command = ProgramCommand(
      try folder.script(
        "dies",
        "\(Self.greets); head -c 100000 /dev/zero | tr '\\0' x >&2; printf '\\033[31mno licence for %s\\n' \"$TOKEN\" >&2; exit 3"
      ))
    command.variables["TOKEN"] = "geheim-token"
    let reason = ProviderBench.failure(call(command, "t"))
    #expect(reason.contains("no licence for [secret]"), "\(reason)")
    #expect(!reason.contains("geheim") && !reason.contains("\u{1B}") && reason.utf8.count < 2000)
  }

  @Test("a server that the configuration does not name, or names without a command, is refused")
  func unknownServer() {
    let executor = MCPToolCall(servers: ["remote": nil], version: "1")
    func reason(_ server: String) -> String {
      ProviderBench.failure(
        executor.perform(ProviderBench.action("mcp_tool_call", ["server": .string(server), "tool": "t"])))
    }
    #expect(reason("other").contains("it names \"remote\""))
    #expect(reason("remote").contains("no command"))
  }

  @Test("a long answer is cut, and says so")
  func longAnswer() throws {
    let server = try folder.script(
      "long",
      """
      read -r line; echo '{"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28"]}}'
      read -r line; printf '{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"'
      head -c 100000 /dev/zero | tr '\\0' x; echo '"}]}}'; read -r line
      """)
    let result = try ProviderBench.result(call(ProgramCommand(server), "t"))
    #expect((result["text"]?.stringValue?.count ?? 0) == 10_000)
    #expect(result["notice"] != nil)
  }

  @Test("request-metadata, tools_call: what a 2026-07-28 server gets carries the envelope on every request")
  func envelope() throws {
    let server = try folder.script(
      "modern",
      """
      read -r line; echo "$line" >> '\(folder.file("in"))'; echo '{"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28","2025-11-25"]}}'
      read -r line; echo "$line" >> '\(folder.file("in"))'; echo '{"jsonrpc":"2.0","id":2,"result":{"resultType":"complete","content":[]}}'
      read -r line
      """)
    _ = try ProviderBench.result(call(ProgramCommand(server), "t", ["a": "\u{200B}b"]))
    let lines = try String(contentsOfFile: folder.file("in"), encoding: .utf8).split(separator: "\n")
      .map { try JSONValue(parsing: String($0)) }
    #expect(lines.map { $0["method"]?.stringValue } == ["server/discover", "tools/call"])
    for line in lines {
      let meta = line["params"]?["_meta"]
      #expect(meta?["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
      #expect(meta?["io.modelcontextprotocol/clientCapabilities"] == [:])
      #expect(meta?["io.modelcontextprotocol/clientInfo"]?["name"] == "bound-mcp")
    }
    #expect(lines[1]["params"]?["arguments"] == ["a": "\u{200B}b"], "what was approved is what is sent, to the byte")
  }
}
