import Foundation
import JSON
import JSONSchema
import Operations
import Outreach
import Platform
import Service
import TestSupport
import Testing

@Suite("Ended performances")
struct CancellationTests {
  private func cancelled(_ action: ClaimedAction, when isTime: @escaping @Sendable () -> Bool) -> ClaimedAction {
    var action = action
    let cancellation = Cancellation()
    action.cancellation = cancellation
    DispatchQueue.global().async { if isTime() { cancellation.cancel() } }
    return action
  }

  @Test("a request under way is ended, its outcome is unknown, and nothing is sent again")
  func request() {
    let server = LoopbackServer { _ in .silence }
    let slack = SlackMessage(.bot(.slack(token: "xoxb-x", baseURL: server.url, client: ProviderBench.client)))
    let action = cancelled(ProviderBench.action("send_slack_message", ["channel": "#a", "message": "Hi"])) {
      server.waitForRequests(1)
    }
    let reason = ProviderBench.failure(slack.perform(action))
    #expect(reason.contains("cancelled") && reason.contains("unknown"))
    #expect(server.requests.count == 1)
  }

  @Test("what was cancelled before it left was not done")
  func early() {
    let server = LoopbackServer { _ in .silence }
    let resend = ResendCreateContact(.resend(key: "re_x", baseURL: server.url, client: ProviderBench.client))
    var action = ProviderBench.action("resend_create_contact", ["audience_id": "a1", "email": "a@b.example"])
    let cancellation = Cancellation()
    cancellation.cancel()
    action.cancellation = cancellation
    #expect(ProviderBench.failure(resend.perform(action)).contains("Nothing was done"))
    #expect(server.requests.isEmpty)
  }

  /// A script that says in a file that it runs, and has a child that would outlive it.
  private func sleeper(_ folder: TemporaryFolder) throws -> String {
    try folder.script(
      "sleeper",
      "sleep 600 &\necho $! > '\(folder.file("part"))'\nmv '\(folder.file("part"))' '\(folder.file("child"))'\nwait")
  }

  /// The number of the script's child, once it runs.
  private static func child(_ path: String) -> Int32? {
    let deadline = Deadline.after(milliseconds: 20_000)
    while !deadline.hasPassed {
      if let text = try? String(contentsOfFile: path, encoding: .utf8), let id = Int32(text.filter(\.isNumber)) {
        return id
      }
      usleep(5000)
    }
    return nil
  }

  private func expectGone(_ path: String) throws {
    let id = try #require(Self.child(path))
    let deadline = Deadline.after(milliseconds: 10_000)
    while kill(id, 0) == 0, Self.isAlive(id), !deadline.hasPassed { usleep(5000) }
    #expect(kill(id, 0) != 0 || !Self.isAlive(id))
  }

  /// A process that has ended may keep its number until somebody collects it.
  private static func isAlive(_ id: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ")").last?.split(separator: " ").first != "Z"
  }

  @Test("a program is ended with what it has started, whoever says so: the call or the end of the server")
  func program() throws {
    for endsServer in [false, true] {
      let folder = try TemporaryFolder()
      let type = ActionType(
        name: "ring_bell", purpose: "", capability: "bell", reach: .outside, parameters: .openObject())
      let file = folder.file("child")
      let stopping = Cancellation()
      let registry = Registry(
        executors: [ExternalProgram(type, command: ProgramCommand(try sleeper(folder)))], stopping: stopping)
      var action = ProviderBench.action("ring_bell", [:])
      if endsServer {
        DispatchQueue.global().async { if Self.child(file) != nil { stopping.cancel() } }
      } else {
        action = cancelled(action) { Self.child(file) != nil }
      }
      let reason = ProviderBench.failure(registry.perform(action))
      #expect(reason.contains("cancelled") && reason.contains("unknown"))
      try expectGone(file)
    }
  }

  @Test("a server that a tool was called on is ended with what it has started")
  func server() throws {
    let folder = try TemporaryFolder()
    let script = try folder.script(
      "server",
      """
      read -r line; echo '{"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2026-07-28"]}}'
      read -r line; exec '\(try sleeper(folder))'
      """)
    let file = folder.file("child")
    let action = cancelled(ProviderBench.action("mcp_tool_call", ["server": "s", "tool": "t"])) {
      Self.child(file) != nil
    }
    let executor = MCPToolCall(servers: ["s": ProgramCommand(script)], version: "1")
    let reason = ProviderBench.failure(executor.perform(action))
    #expect(reason.contains("was cancelled while it worked") && reason.contains("unknown"))
    try expectGone(file)
  }
}
