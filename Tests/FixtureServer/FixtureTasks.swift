import JSON
public import MCP
import Platform

/// The tasks of the fixture: each rebuilds the index for about a second, some ask before.
public final class FixtureTasks: TaskHost {
  private struct Entry {
    let created = SystemClock().now()
    var status = TaskSnapshot.Status.working
    var outcome: TaskSnapshot.Outcome?
  }

  private let tasks = Monitor<[String: Entry]>([:])

  static let question = Question(
    key: "confirm", message: "Rebuild the index?", fields: [.init("ok", title: "Go on", .switched)])

  /// No tasks yet.
  public init() {}

  /// Begins one and answers with it.
  func begin(asking: Bool, _ reply: ToolReply) {
    let id = "task-\(UInt64.random(in: 0 ... .max))"
    tasks.withLock { $0[id] = Entry() }
    if let snapshot = snapshot(id) { reply.become(snapshot) }
    Thread.start("task") { [self] in asking ? ask(id) : work(id) }
  }

  private func ask(_ id: String) {
    tasks.withLock { $0[id]?.status = .inputRequired }
  }

  private func work(_ id: String) {
    _ = tasks.wait(until: .after(milliseconds: 1000)) { $0[id]?.status == .working ? nil : () }
    tasks.withLock { tasks in
      guard tasks[id]?.status == .working else { return }
      tasks[id]?.status = .completed
      tasks[id]?.outcome = .payload(Array(#"{"rebuilt":true}"#.utf8), isError: false)
    }
  }

  private func snapshot(_ id: String) -> TaskSnapshot? {
    tasks.withLock { $0[id] }.map { entry in
      TaskSnapshot(
        id: id, status: entry.status, created: entry.created, updated: SystemClock().now(), lifetime: 60_000,
        pollInterval: 100, outcome: entry.outcome, questions: entry.status == .inputRequired ? [Self.question] : [])
    }
  }

  /// Tells how it stands.
  public func task(_ id: String, reply: Reply<TaskSnapshot>) {
    guard let snapshot = snapshot(id) else { return reply.refuse("There is no such task.") }
    reply.succeed(snapshot)
  }

  /// Takes the answer.
  public func update(_ id: String, _ answers: Answers, reply: Reply<Void>) {
    guard let snapshot = snapshot(id) else { return reply.refuse("There is no such task.") }
    if snapshot.status == .inputRequired, let answer = answers["confirm"] {
      tasks.withLock { tasks in
        if case .accepted = answer {
          tasks[id]?.status = .working
        } else {
          tasks[id]?.status = .completed
          tasks[id]?.outcome = .payload(Array(#"{"error":"Not done: declined."}"#.utf8), isError: true)
        }
      }
    }
    reply.succeed(())
  }

  /// Ends it.
  public func cancel(_ id: String, reply: Reply<Void>) {
    guard let snapshot = snapshot(id) else { return reply.refuse("There is no such task.") }
    if snapshot.outcome == nil {
      tasks.withLock { $0[id]?.status = .cancelled }
      tasks.notify()
    }
    reply.succeed(())
  }
}
