import Foundation
import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import Synchronization
import TestSupport
import Testing

/// Due actions, real processes: each action is done once, whatever happens to who does it.
@Suite("The worker command", .serialized)
struct WorkerCommandTests {
  private static let number = Atomic<Int>(0)
  private let program = BuiltProgram()

  /// The program's workspace, as it will be seen so many seconds from now.
  private func workspace(in seconds: Int64 = 0) throws -> TestWorkspace {
    try Files.createDirectories(program.home + "/data/bound-mcp")
    let clock = ManualClock(SystemClock().now().iso8601)
    clock.advance(seconds: seconds)
    return TestWorkspace(path: program.databasePath, clock: clock)
  }

  /// Queues that many mails that are due, and gives the actions' ids.
  private func queueMails(_ count: Int) throws -> [String] {
    let workspace = try workspace()
    var ids: [String] = []
    for start in stride(from: 0, to: count, by: 100) {
      let mails = (start..<min(count, start + 100)).map { number -> JSONValue in
        [
          "type": "email_message", "identity_id": "id_default",
          // The same mails again are other actions.
          "list_id": .string("\(Self.number.add(1, ordering: .relaxed).newValue)"),
          "params": ["email": .string("p\(number)@example.com"), "subject": "Hi", "message": "Hello"],
        ]
      }
      let queued = try workspace.call("pathbound_bulk_queue_actions", ["actions": .array(mails)])
      ids += queued["results"]?.arrayValue?.compactMap { $0["action_id"]?.stringValue } ?? []
    }
    workspace.close()
    #expect(ids.count == count)
    return ids
  }

  private var outbox: [String] { ["--outbox", program.home + "/outbox"] }

  /// The ids of the actions whose messages lie in the outbox, with repeats.
  private func sent() throws -> [String] {
    let folder = program.home + "/outbox/new"
    guard Files.exists(folder) else { return [] }
    return try Files.names(in: folder).map { String($0.prefix { $0 != "." }) }
  }

  private func lines(_ child: ChildProcess) -> LineConversation {
    LineConversation(writing: child.input, reading: child.output)
  }

  @Test("--once does what is due, prints a line for each and their number, and ends")
  func once() throws {
    let ids = try queueMails(3)
    let outcome = try program.run(["worker", "--once"] + outbox)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 4)
    for id in ids { #expect(lines.contains { $0.contains(id) && $0.hasSuffix("email_message completed") }) }
    #expect(lines.last == "performed 3: 3 completed, 0 failed")
    #expect(try sent().sorted() == ids.sorted())
    #expect(try program.run(["worker", "--once"] + outbox).output == "performed 0: 0 completed, 0 failed")
  }

  @Test("what can't be worked on is refused with status 2")
  func refusals() throws {
    #expect(try program.run(["worker", "--read-only"]).status == 2)
    #expect(try program.run(["worker", "now"]).status == 2)
    let help = try program.run(["worker", "--help"])
    #expect(help.status == 0 && help.output.contains("worker --once"))
  }

  @Test("two processes do many due actions, each exactly once, and end when they are told to")
  func two() throws {
    let ids = try queueMails(200)
    let children = try (0..<2).map { _ in try program.start(["worker"] + outbox) }
    let outputs = children.map { lines($0) }
    let done = Monitor<[String]>([])
    for output in outputs {
      Thread.start("reader") {
        while let line = output.receiveLine(within: 120_000) {
          let parts = line.split(separator: " ")
          done.withLock { $0.append(parts.count > 1 ? String(parts[1]) : line) }
          done.notify()
        }
      }
    }
    let all: [String]? = done.wait(until: .after(milliseconds: 120_000)) { $0.count >= ids.count ? $0 : nil }
    for child in children { child.terminate() }
    #expect(children.map { $0.waitForExit() } == [0, 0])
    #expect(all?.sorted() == ids.sorted())
    #expect(try sent().sorted() == ids.sorted())
  }

  @Test("a worker killed at any point loses nothing and repeats nothing")
  func killed() throws {
    let ids = try queueMails(150)
    let points = [0, 1, 2, 5, 11, 30]
    for point in points {
      let child = try program.start(["worker"] + outbox)
      let output = lines(child)
      for _ in 0..<point { _ = output.receiveLine(within: 60_000) }
      child.kill()
      _ = child.waitForExit()
      // A minute later the claim of the dead process has ended.
      let later = try workspace(in: 61)
      #expect(try later.store.failAbandonedActions() <= 1)
      later.close()
    }
    #expect(try program.run(["worker", "--once"] + outbox).status == 0)
    let workspace = try workspace()
    var ended: [String: [String]] = [:]
    for id in ids {
      let action = try workspace.call("pathbound_get_action", ["action_id": .string(id)])["action"]
      let status = try #require(action?["status"]?.stringValue)
      ended[status, default: []].append(id)
      if status == "failed" { #expect(action?["error"]?.stringValue?.contains("Outcome unknown") == true) }
    }
    workspace.close()
    let sent = try sent()
    #expect(Set(sent).count == sent.count)
    #expect(Set(ended.keys).isSubset(of: ["completed", "failed"]))
    #expect((ended["failed"] ?? []).count <= points.count)
    #expect(Set(ended["completed"] ?? []).isSubset(of: Set(sent)))
  }

  @Test(
    "a worker killed while an executor is at work leaves an action whose outcome nobody knows, and never repeats it")
  func killedDuringExecutor() throws {
    let begun = program.home + "/begun"
    try #require(mkfifo(begun, 0o600) == 0)
    try Files.createDirectories(program.home + "/config/bound-mcp")
    let script = "echo x >>\(program.home)/calls; echo begun >\(begun); sleep 30; echo '{}'"
    let configuration: JSONValue = [
      "executors": ["slow_step": ["command": "/bin/sh", "args": ["-c", .string(script)], "timeout_seconds": 60]]
    ]
    try Files.write(configuration.serialized(), to: program.home + "/config/bound-mcp/config.json")
    let queued = try program.run([
      "call", "pathbound_queue_action",
      #"{"type":"slow_step","params":{},"identity_id":"id_default","require_approval":true}"#,
    ])
    let id = try #require(try JSONValue(parsing: Array(queued.output.utf8))["action_id"]?.stringValue, "\(queued)")
    // By somebody who does not perform it at once.
    let reviewer = try workspace()
    _ = try reviewer.call("pathbound_approve_action", ["action_id": .string(id), "action": "approve"])
    reviewer.close()
    let child = try program.start(["worker"])
    // Opening waits for the executor to open the other end.
    #expect(String(decoding: try Files.read(begun), as: UTF8.self) == "begun\n")
    child.kill()
    _ = child.waitForExit()
    let later = try workspace(in: 61)
    #expect(try later.store.failAbandonedActions() == 1)
    later.close()
    #expect(try program.run(["worker", "--once"]).output == "performed 0: 0 completed, 0 failed")
    let now = try workspace()
    let action = try now.call("pathbound_get_action", ["action_id": .string(id)])["action"]
    #expect(action?["status"] == "failed")
    #expect(action?["error"]?.stringValue?.contains("Outcome unknown") == true)
    now.close()
    #expect(String(decoding: try Files.read(program.home + "/calls"), as: UTF8.self) == "x\n")
  }

  @Test("an idle worker sees what another process queues, and ends at once when it is told to")
  func idle() throws {
    _ = try queueMails(1)
    let child = try program.start(["worker"] + outbox)
    let output = lines(child)
    #expect(output.receiveLine(within: 30_000) != nil)
    let id = try #require(try queueMails(1).first)
    #expect(output.receiveLine(within: 30_000)?.contains(id) == true)
    child.terminate()
    #expect(child.waitForExit() == 0)
  }

  @Test("a server does what is due without being asked")
  func server() throws {
    let id = try #require(try queueMails(1).first)
    let session = try program.serve(outbox)
    try session.initialize()
    var status: JSONValue?
    let end = Deadline.after(milliseconds: 30_000)
    repeat {
      status = try session.payload("pathbound_get_action", ["action_id": .string(id)])["action"]?["status"]
    } while status != "completed" && !end.hasPassed
    #expect(status == "completed")
    #expect(session.close() == 0)
    #expect(try sent() == [id])
  }
}
