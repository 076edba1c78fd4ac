import Foundation
import JSON
import Platform
import TestSupport
import Testing

@Suite("Secrets")
struct SecretsTests {
  private static let marker = "geheim_d8f3a1"

  /// The command lines of all processes.
  private static func processes() -> String {
    guard let ps = Files.findProgram("ps"), let ending = try? ProgramRun(ps, arguments: ["-axww", "-o", "args"]).run()
    else { return (try? Files.names(in: "/proc"))?.map(commandLine).joined(separator: "\n") ?? "" }
    return String(decoding: ending.output, as: UTF8.self)
  }

  private static func commandLine(_ process: String) -> String {
    String(decoding: (try? Files.read("/proc/\(process)/cmdline")) ?? [], as: UTF8.self)
  }

  @Test("keys are in no log, error, result, audit row or process listing, even when a server repeats them")
  func nowhere() throws {
    let seen = Monitor("")
    let server = LoopbackServer { request in
      let listing = Self.processes()
      seen.withLock { $0 += listing }
      let keys = "\(request.header("authorization") ?? "") \(request.header("x-api-key") ?? "")"
      guard keys.contains(Self.marker) else { return .response(status: 400, body: Array("no key came".utf8)) }
      return switch request.target.split(separator: "?")[0] {
      case "/p/v1/contacts": .json(["status": "error", "error": .string("Who is \(keys)?")], status: 401)
      case "/p/v1/agents": .response(status: 200, body: Array("<html>\(keys)".utf8))
      case "/o/v1/contacts":
        .json(
          ["error": ["code": "VALIDATION_ERROR", "message": .string(keys), "details": [["message": .string(keys)]]]],
          status: 400)
      default: .json(["ok": false, "error": .string("bad token \(keys)")])
      }
    }
    let program = BuiltProgram(variables: [
      "PATHBOUND_API_KEY=sk_\(Self.marker)", "PATHBOUND_BASE_URL=\(server.url)/p",
      "OWLBOUND_API_KEY=gtm_sk_\(Self.marker)", "OWLBOUND_BASE_URL=\(server.url)/o",
      "SLACK_BOT_TOKEN=xoxb-\(Self.marker)", "SLACK_BASE_URL=\(server.url)/slack",
    ])
    var told = ""
    let debug = ["--log-level", "debug"]
    for arguments in [
      ["call", "pathbound_list_contacts"], ["call", "pathbound_list_agents"], ["call", "owlbound_list_contacts"],
      ["call", "owlbound_create_contact", #"{"email":"a@b.example"}"#], ["doctor"], ["doctor", "--json"],
      [
        "call", "--pathbound", "local", "pathbound_queue_action",
        #"{"type":"send_slack_message","identity_id":"id_default","direct":true,"params":{"channel":"a","message":"b"}}"#,
      ],
      ["call", "--pathbound", "local", "pathbound_list_actions"], ["tools"], ["--help"],
    ] {
      let outcome = try program.run(arguments + (arguments[0] == "call" ? debug : []))
      told += outcome.output + outcome.errors
    }
    #expect(server.requests.count >= 6)
    #expect(told.contains("bad token") && told.contains("Who is"))
    #expect(!told.contains(Self.marker))
    let listing = seen.withLock { $0 }
    #expect(listing.contains("bound-mcp-http") && !listing.contains(Self.marker))
    for suffix in ["", "-wal"] {
      let path = program.databasePath + suffix
      guard Files.exists(path) else { continue }
      let bytes = try Files.read(path, limit: 64 << 20)
      #expect(bytes.firstRange(of: Array(Self.marker.utf8)) == nil)
    }
    #expect(Files.exists(program.databasePath))
  }

  @Test("a call that is withdrawn ends its request, and the action says that its outcome is unknown")
  func withdrawn() throws {
    let slack = LoopbackServer { _ in .silence }
    let program = BuiltProgram(variables: ["SLACK_BOT_TOKEN=xoxb-x", "SLACK_BASE_URL=\(slack.url)"])
    for endsServer in [false, true] {
      let session = try program.serve(["--approvals", "key"])
      try session.initialize()
      let queued = try session.payload(
        "pathbound_queue_action",
        [
          "type": "send_slack_message", "identity_id": "id_default", "scheduled_time": "2099-01-01T00:00:00Z",
          "params": ["channel": "a", "message": .string("b\(endsServer)")],
        ])
      let id = try #require(queued["action_id"])
      let count = slack.requests.count
      session.conversation.send(Session.call("pathbound_execute_action", ["action_id": id], id: "slow"))
      #expect(slack.waitForRequests(count + 1))
      if endsServer {
        session.send(signal: SIGTERM)
        _ = session.waitForExit()
      } else {
        session.conversation.send([
          "jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "slow", "reason": "enough"],
        ])
      }
      let look = endsServer ? try program.serve() : session
      if endsServer { try look.initialize() }
      var action: JSONValue?
      let deadline = Deadline.after(milliseconds: 20_000)
      repeat {
        action = try look.payload("pathbound_get_action", ["action_id": id])["action"]
      } while action?["status"] == "running" && !deadline.hasPassed
      #expect(action?["status"] == "failed")
      #expect(action?["error"]?.stringValue?.contains("unknown") == true, "\(action?.text ?? "")")
      #expect(look.close() == 0)
    }
  }
}
