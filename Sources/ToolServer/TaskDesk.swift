internal import JSON
public import MCP
internal import Operations
public import Platform
public import Service

/// Calls that go on after their answer, for clients that ask for results later (tasks extension).
///
/// What the workspace does in the background anyway, runs and enrichment, is only followed: a task of it is worth the
/// same in every process. Work over many actions is done by this process, which gives a sign of life every few seconds;
/// without that, another one tells that it was lost.
public final class TaskDesk: Sendable {
  private let book: any TaskBook
  private let service: CallService
  private let clock: any Clock
  private let threads = WorkerPool(name: "task", limit: 4)
  private let held = Monitor<[String: TaskControl]>([:])

  /// A desk over a book.
  public init(book: any TaskBook, service: CallService, clock: any Clock) {
    self.book = book
    self.service = service
    self.clock = clock
  }

  /// How a call's work goes on.
  private enum Kind {
    case followed
    case held
  }

  private static func kind(of call: Call) -> Kind? {
    if call.isRehearsal { return nil }
    switch call.operation.name {
    case "pathbound_trigger_agent", "owlbound_enrich_contact": return .followed
    case "pathbound_process_actions": return .held
    case "pathbound_bulk_queue_actions":
      let items = call.arguments["actions"]?.arrayValue ?? []
      return items.contains { $0["direct"]?.boolValue == true } ? .held : nil
    default: return nil
    }
  }

  /// Whether the call's work may outlive it.
  func takes(_ call: Call) -> Bool { Self.kind(of: call) != nil }

  /// Makes the call and answers with a task, unless there is nothing left to wait for; `finish` answers otherwise.
  func begin(
    _ call: Call, _ reply: ToolReply, finish: @escaping @Sendable (Result<Answer, ServiceError>) -> Void
  ) {
    switch Self.kind(of: call) {
    case .held?: threads.run { self.hold(call, reply, finish) }
    case .followed?:
      service.submit(call) { [self] result in
        guard case .success(let answer) = result, let followed = Self.followed(call, answer) else {
          return finish(result)
        }
        threads.run { self.follow(call, answer, followed, reply, finish) }
      }
    case nil: service.submit(call, completion: finish)
    }
  }
}

// Work of this process.
extension TaskDesk {
  private func hold(
    _ call: Call, _ reply: ToolReply, _ finish: @escaping @Sendable (Result<Answer, ServiceError>) -> Void
  ) {
    let now = clock.now()
    let task = TaskRecord(
      id: TaskRecord.newID(), tool: call.operation.name, client: call.caller.client,
      leaseUntil: now.adding(milliseconds: TaskRecord.lease), created: now, updated: now)
    do throws(ServiceError) {
      try book.add(task)
    } catch {
      return finish(.failure(error))
    }
    let control = TaskControl()
    let isFirst = held.withLock { held in
      held[task.id] = control
      return held.count == 1
    }
    if isFirst { Thread.start("tasks") { self.keep() } }
    reply.become(Self.snapshot(task))
    service.submit(call.controlled(by: control)) { [self] result in
      threads.run { self.end(task.id, control, result) }
    }
  }

  private func end(_ id: String, _ control: TaskControl, _ result: Result<Answer, ServiceError>) {
    do throws(ServiceError) {
      switch result {
      case .success(let answer):
        let payload = ResultMapping.payload(of: answer)
        // What was done stays and is told, even if the rest was not wanted any more.
        let isNothing = control.isCancelled && Self.results(payload).isEmpty
        try book.end(
          id, as: isNothing ? .cancelled : .completed, message: control.isCancelled ? "It was cancelled." : nil,
          payload: isNothing ? nil : payload, isError: false)
      case .failure(let error):
        let isCancelled = error.code == .cancelled
        try book.end(
          id, as: isCancelled ? .cancelled : .completed, message: error.message,
          payload: isCancelled ? nil : ResultMapping.text(of: error), isError: true)
      }
    } catch {
      // Its lease runs out, and then it is told to be lost.
    }
    held.withLock { $0[id] = nil }
    held.notify()
  }

  private static func results(_ payload: [UInt8]) -> [JSONValue] {
    (try? JSONValue(parsing: payload))?["results"]?.arrayValue ?? []
  }

  /// Gives signs of life and hears of wishes of other processes' clients, while there is work.
  private func keep() {
    while true {
      let isIdle: Void? = held.wait(until: .after(milliseconds: 5_000)) { $0.isEmpty ? () : nil }
      let open = held.withLock { $0 }
      if isIdle != nil || open.isEmpty { return }
      let ending = try? book.renew(open.map { ($0.key, $0.value.message) })
      for id in ending ?? [] { open[id]?.cancel() }
    }
  }
}

// Work in the background.
extension TaskDesk {
  /// What there is to follow; nil when the call's answer is the end of it.
  private static func followed(_ call: Call, _ answer: Answer) -> TaskRecord.Followed? {
    guard let payload = try? JSONValue(parsing: answer.payload) else { return nil }
    if let job = payload["job_id"]?.stringValue, let agent = call.arguments["id"] {
      // A caller that has waited for the end has it; one whose agent is the model must go on itself.
      guard isOpen(payload["status"]?.stringValue ?? "queued") else { return nil }
      return .init(
        operation: "pathbound_list_agent_runs", arguments: ["id": agent, "offset": 0, "limit": 100], job: job)
    }
    guard let contact = payload["contactId"], let status = payload["status"]?.stringValue, isOpen(status) else {
      return nil
    }
    return .init(operation: "owlbound_get_enrichment_status", arguments: ["contactId": contact])
  }

  private static func isOpen(_ status: String) -> Bool { ["queued", "running", "in_progress"].contains(status) }

  private func follow(
    _ call: Call, _ answer: Answer, _ followed: TaskRecord.Followed, _ reply: ToolReply,
    _ finish: @Sendable (Result<Answer, ServiceError>) -> Void
  ) {
    let now = clock.now()
    let task = TaskRecord(
      id: TaskRecord.newID(), tool: call.operation.name, client: call.caller.client, followed: followed,
      payload: ResultMapping.payload(of: answer), created: now, updated: now)
    do throws(ServiceError) {
      try book.add(task)
      reply.become(Self.snapshot(task))
    } catch {
      // The work is under way all the same.
      finish(.success(answer))
    }
  }

  /// Looks at what a task follows and ends the task when that has ended.
  private func observe(_ task: TaskRecord, _ followed: TaskRecord.Followed) throws(ServiceError) -> TaskRecord {
    guard let operation = Catalogue.operation(named: followed.operation) else { return task }
    let call = Call(
      operation: operation, arguments: followed.arguments, caller: Caller(client: task.client, session: ""))
    let outcome = Monitor<Result<Answer, ServiceError>?>(nil)
    service.submit(call) { result in
      outcome.withLock { $0 = result }
      outcome.notify()
    }
    guard let answer = try outcome.wait({ $0 })?.get(), let seen = try? JSONValue(parsing: answer.payload) else {
      return task
    }
    let state = Self.state(seen, followed)
    guard let status = state?["status"]?.stringValue, !Self.isOpen(status) else {
      return task.noting(state?["status"]?.stringValue)
    }
    var payload = (task.payload.flatMap { try? JSONValue(parsing: $0) })?.objectValue ?? [:]
    payload[followed.job == nil ? "enrichment" : "run"] = state
    payload["status"] = .string(status)
    let isError = status == "failed"
    let bytes =
      isError
      ? ResultMapping.text(
        of: ServiceError(.conflict, "It failed: \(state?["error"]?.stringValue ?? "see \(followed.operation)")"))
      : JSONValue.object(payload).serialized()
    try book.end(task.id, as: .completed, message: nil, payload: bytes, isError: isError)
    return try book.task(task.id) ?? task
  }

  private static func state(_ seen: JSONValue, _ followed: TaskRecord.Followed) -> JSONValue? {
    guard let job = followed.job else { return seen }
    return seen["runs"]?.arrayValue?.first { $0["job_id"]?.stringValue == job }
  }
}

extension TaskDesk: TaskHost {
  /// Tells how a task stands, from whatever process it is.
  public func task(_ id: String, reply: Reply<TaskSnapshot>) {
    threads.run { [self] in
      answer(id, reply) { task throws(ServiceError) in reply.succeed(Self.snapshot(try present(task))) }
    }
  }

  /// No task asks: what is to be decided is asked before.
  public func update(_ id: String, _ answers: Answers, reply: Reply<Void>) {
    threads.run { [self] in answer(id, reply) { _ throws(ServiceError) in reply.succeed(()) } }
  }

  /// Ends the work: a run or an enrichment at its next step, work over many actions before its next action.
  public func cancel(_ id: String, reply: Reply<Void>) {
    threads.run { [self] in
      answer(id, reply) { task throws(ServiceError) in
        if task.status == .working { try end(task) }
        reply.succeed(())
      }
    }
  }

  private func answer<Value>(
    _ id: String, _ reply: Reply<Value>, _ body: (TaskRecord) throws(ServiceError) -> Void
  ) {
    do throws(ServiceError) {
      guard let task = try book.task(id) else {
        return reply.refuse("There is no such task; they are kept for a day.")
      }
      try body(task)
    } catch {
      reply.fail(error.message)
    }
  }

  private func end(_ task: TaskRecord) throws(ServiceError) {
    if let followed = task.followed {
      guard try book.stop(followed) else { return }
      try book.end(task.id, as: .cancelled, message: "It was cancelled.", payload: nil, isError: false)
    } else if let control = held.withLock({ $0[task.id] }) {
      control.cancel()
    } else {
      try book.wishEnd(of: task.id)
    }
  }

  /// The task as it is now.
  private func present(_ task: TaskRecord) throws(ServiceError) -> TaskRecord {
    guard task.status == .working else { return task }
    if let followed = task.followed { return try observe(task, followed) }
    if let control = held.withLock({ $0[task.id] }) { return task.noting(control.message) }
    guard let lease = task.leaseUntil, lease < clock.now() else { return task }
    try book.end(task.id, as: .failed, message: "The server that worked on it has ended.", payload: nil, isError: true)
    return try book.task(task.id) ?? task
  }

  private static func snapshot(_ task: TaskRecord) -> TaskSnapshot {
    let (status, outcome): (TaskSnapshot.Status, TaskSnapshot.Outcome?) =
      switch task.status {
      case .working: (.working, nil)
      case .completed: (.completed, .payload(task.payload ?? Array("{}".utf8), isError: task.isError))
      case .failed: (.failed, .error(.internalError(task.message ?? "It was lost.")))
      case .cancelled: (.cancelled, nil)
      }
    return TaskSnapshot(
      id: task.id, status: status, message: task.message, created: task.created, updated: task.updated,
      lifetime: TaskRecord.lifetime, pollInterval: 1_000, outcome: outcome)
  }
}

extension TaskRecord {
  /// The same with what is known of its progress now.
  fileprivate func noting(_ message: String?) -> TaskRecord {
    var task = self
    task.message = message ?? task.message
    return task
  }
}

/// The hand on work that goes on without its call.
private final class TaskControl: CallControl {
  private let cancellation = Cancellation()
  private let text = Monitor<String?>(nil)

  var isCancelled: Bool { cancellation.isCancelled }

  /// What goes on, for people.
  var message: String? { text.withLock { $0 } }

  func cancel() { cancellation.cancel() }

  func onCancel(_ handler: @escaping @Sendable () -> Void) { cancellation.onCancel(handler) }

  func progress(_ done: Double, total: Double?, message: String?) {
    let count = Int64(exactly: done.rounded()).map { "\($0) done" } ?? "under way"
    text.withLock { $0 = message.map { "\(count): \($0)" } ?? count }
  }
}
