import Foundation
import JSON
import Operations
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

@testable import LocalStore

/// Holds the file's write transaction, as another process would.
struct HeldFile {
  private let connection: Connection

  init(_ workspace: TestWorkspace) throws {
    connection = try Connection(location: Location(try #require(workspace.path)), role: .writer)
    try connection.execute("BEGIN IMMEDIATE")
  }

  func release() { try? connection.execute("ROLLBACK") }
}

@Suite("Local store")
struct StoreTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("workspace.db")
  }

  @Test("what is acknowledged is there for another process at once, and after a restart")
  func durable() throws {
    let first = TestWorkspace(path: path)
    let second = TestWorkspace(path: path, clock: first.clock)
    for number in 0..<20 {
      let id = try first.queue(["item_id": .string("\(number)")])
      #expect(try second.status(id) == "scheduled")
    }
    first.close()
    second.close()
    let total = try TestWorkspace(path: path).call("pathbound_list_actions")["pagination"]?["total_items"]
    #expect(total == 20)
  }

  @Test("a process that ends leaves nothing in the log that the next would have to read")
  func tidy() throws {
    let workspace = TestWorkspace(path: path)
    try workspace.queue()
    let log = path + "-wal"
    let before = try #require(FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
    #expect(before > 0)
    workspace.close()
    #expect(try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int == 0)
    let total = try TestWorkspace(path: path).call("pathbound_list_actions")["pagination"]?["total_items"]
    #expect(total == 1)
  }

  @Test("an answer is given after the commit of its group, never before")
  func afterCommit() throws {
    let workspace = TestWorkspace(path: path)
    try workspace.queue()
    let operation = try #require(Catalogue.operation(named: "pathbound_queue_action"))
    let held = try HeldFile(workspace)
    let answers = Monitor<[Bool]>([])
    for number in 0..<8 {
      let arguments: JSONObject = [
        "type": "create_task", "params": ["title": "x"], "identity_id": "id_default", "item_id": .string("\(number)"),
      ]
      workspace.store.write(
        Call(operation: operation, arguments: arguments, caller: Caller(client: "c", session: "s"))
      ) { outcome in
        answers.withLock { $0.append((try? outcome.get()) != nil) }
        answers.notify()
      }
    }
    #expect(workspace.store.hasOpenWrites)
    #expect(answers.withLock { $0 }.isEmpty)
    held.release()
    let all = answers.wait(until: .after(milliseconds: 30_000)) { $0.count == 8 ? $0 : nil }
    #expect(all == Array(repeating: true, count: 8))
    let other = TestWorkspace(path: path, clock: workspace.clock)
    #expect(try other.call("pathbound_list_actions")["pagination"]?["total_items"] == 9)
    workspace.close()
    other.close()
  }

  @Test("a read sees the writes before it, from whatever thread")
  func readYourWrites() throws {
    let workspace = TestWorkspace(path: path)
    let isDone = Monitor(0)
    for thread in 0..<4 {
      Thread.start("caller") {
        for number in 0..<25 {
          let id = try? workspace.queue(["item_id": .string("\(thread)-\(number)")])
          if (try? workspace.status(id ?? "")) != "scheduled" { Issue.record("a write was not seen") }
        }
        isDone.withLock { $0 += 1 }
        isDone.notify()
      }
    }
    #expect(isDone.wait(until: .after(milliseconds: 60_000)) { $0 == 4 ? true : nil } == true)
    workspace.close()
  }

  @Test("work that a call made due is told before its answer, and only then")
  func dueWork() throws {
    let workspace = TestWorkspace(performer: Performer { _ in .completed(result: [:], changes: []) })
    let told = Monitor(0)
    workspace.store.onDueWork { told.withLock { $0 += 1 } }
    let pending = try workspace.queue(["require_approval": true, "idempotency_key": "k"])
    #expect(told.withLock { $0 } == 1)
    try workspace.queue(["require_approval": true, "idempotency_key": "k"])
    _ = try workspace.call("pathbound_list_actions")
    _ = try workspace.queueRefusal(["identity_id": "id_nobody"])
    #expect(told.withLock { $0 } == 1)
    _ = try workspace.call("pathbound_approve_action", ["action_id": .string(pending), "action": "approve"])
    #expect(told.withLock { $0 } == 2)
  }

  @Test("a file of a newer program is refused, and left as it is")
  func newerFile() throws {
    let workspace = TestWorkspace(path: path)
    try workspace.queue()
    workspace.close()
    let connection = try Connection(location: Location(path), role: .writer)
    try connection.execute("PRAGMA user_version = 1000")
    let newer = TestWorkspace(path: path)
    let error = try newer.refusal("pathbound_list_actions", [:])
    #expect(error.message.contains("newer"))
    #expect(error.message.contains("1000"))
    #expect(try newer.queueRefusal([:]).message.contains("newer"))
    #expect(try connection.integer("PRAGMA user_version") == 1000)
    #expect(try connection.integer("SELECT count(*) FROM actions") == 1)
  }

  @Test("a file that is no database is refused and left alone")
  func noDatabase() throws {
    let text = String(repeating: "This is a letter, not a database. ", count: 100)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let error = try TestWorkspace(path: path).refusal("pathbound_list_actions", [:])
    #expect(error.message.contains("--db"))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }
}
