import JSON
import JSONSchema
import Operations
import Platform
import Service
import Synchronization

extension Operation {
  /// An operation that only the policies look at.
  static func fixture(
    _ name: String = "pathbound_get_action", platform: Operations.Platform = .pathbound, scope: Scope? = .actionsRead,
    credits: Int? = nil, access: Access = .quickRead, repeats: RepeatGuard = .none, decides: Bool = false
  ) -> Operation {
    Operation(
      name: name, platform: platform, toolset: .pathboundActions, title: name, description: name, scope: scope,
      credits: credits, route: nil, access: access, hints: .readOnly, repeats: repeats, decides: decides, input: [],
      output: .openObject())
  }
}

extension Call {
  /// A call by a client of that name.
  static func of(_ operation: Operation, _ arguments: JSONObject = [:], client: String = "client") -> Call {
    Call(operation: operation, arguments: arguments, caller: Caller(client: client, session: "session"))
  }
}

/// A backend that answers with what the test gave it and remembers the calls.
final class FakeBackend: Backend {
  struct State {
    var calls: [String] = []
    var tickets: [WriteTicket?] = []
    var openWrites: [@Sendable () -> Void] = []
    var barriers: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let quick: Bool
  private let writeResult: Result<WriteOutcome, ServiceError>
  private let readFailure: ServiceError?
  private let holdsWrites: Bool

  init(
    quick: Bool = true, writeResult: Result<WriteOutcome, ServiceError> = .success(.answered(Answer(payload: []))),
    readFailure: ServiceError? = nil, holdsWrites: Bool = false
  ) {
    self.quick = quick
    self.writeResult = writeResult
    self.readFailure = readFailure
    self.holdsWrites = holdsWrites
  }

  var calls: [String] { state.withLock(\.calls) }
  var tickets: [WriteTicket?] { state.withLock(\.tickets) }

  func isQuick(_ call: Call) -> Bool { quick }

  func read(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    state.withLock { $0.calls.append("read") }
    if let readFailure { throw readFailure }
    payload.value(["read": .string(call.operation.name)])
    return Receipt()
  }

  func write(_ call: Call, completion: @escaping @Sendable (Result<WriteOutcome, ServiceError>) -> Void) {
    let finish: @Sendable () -> Void = { [writeResult] in completion(writeResult) }
    state.withLock { state in
      state.calls.append("write")
      state.tickets.append(call.ticket)
      if holdsWrites { state.openWrites.append(finish) }
    }
    if !holdsWrites { finish() }
  }

  func afterWrites(_ body: @escaping @Sendable () -> Void) {
    let runsNow = state.withLock { state in
      if state.openWrites.isEmpty { return true }
      state.barriers.append(body)
      return false
    }
    if runsNow { body() }
  }

  var hasOpenWrites: Bool { state.withLock { !$0.openWrites.isEmpty } }

  /// Makes the held writes durable, and then lets in what waited for them.
  func commit() {
    let (writes, barriers) = state.withLock { state in
      defer { (state.openWrites, state.barriers) = ([], []) }
      return (state.openWrites, state.barriers)
    }
    for write in writes { write() }
    for barrier in barriers { barrier() }
  }
}

/// Actions in memory, each due at once.
final class FakeActionQueue: ActionQueue {
  struct State {
    var due: [ClaimedAction] = []
    var finished: [String] = []
    var finishFailures: [ServiceError] = []
    var claimFailures = 0
    var claims = 0
    var recoveries = 0
    var renewals = 0
    var nextTime: Timestamp?
  }

  let state: Monitor<State>

  init(due: [String] = [], finishFailures: [ServiceError] = []) {
    var state = State()
    state.due = due.map { .fixture($0) }
    state.finishFailures = finishFailures
    self.state = Monitor(state)
  }

  func claimAction(_ id: String, by actor: String) throws(ServiceError) -> ClaimedAction {
    try state.withLock { state throws(ServiceError) in
      guard let position = state.due.firstIndex(where: { $0.id == id }) else {
        throw ServiceError(.conflict, "The action is running.")
      }
      return state.due.remove(at: position)
    }
  }

  func cancelAction(_ id: String, by actor: String) throws(ServiceError) { _ = try claimAction(id, by: actor) }

  func claimDueAction(by actor: String) throws(ServiceError) -> ClaimedAction? {
    defer { state.notify() }
    return try state.withLock { state throws(ServiceError) in
      state.claims += 1
      if state.claimFailures > 0 {
        state.claimFailures -= 1
        throw ServiceError(.internal, "The disk is full.")
      }
      return state.due.isEmpty ? nil : state.due.removeFirst()
    }
  }

  func finish(_ action: ClaimedAction, _ outcome: ActionOutcome) throws(ServiceError) -> Answer {
    defer { state.notify() }
    return try state.withLock { state throws(ServiceError) in
      if !state.finishFailures.isEmpty { throw state.finishFailures.removeFirst() }
      state.finished.append(action.id)
      return Answer(payload: Array("{\"action_id\":\"\(action.id)\"}".utf8))
    }
  }

  func renew(_ action: ClaimedAction) throws(ServiceError) {
    state.withLock { $0.renewals += 1 }
    state.notify()
  }

  func failAbandonedActions() throws(ServiceError) -> Int {
    state.withLock { $0.recoveries += 1 }
    return 0
  }

  func nextDueTime() throws(ServiceError) -> Timestamp? { state.withLock(\.nextTime) }

  /// Adds an action that is due.
  func add(_ id: String) { state.withLock { $0.due.append(.fixture(id)) } }
}

extension ClaimedAction {
  static func fixture(_ id: String = "act_1", type: String = "create_note") -> ClaimedAction {
    ClaimedAction(
      id: id, type: type, params: [:], identity: .init(id: "id_default", name: "Ada", email: nil),
      contactID: nil, summary: nil, claim: 1)
  }
}

/// Counts what it is asked to do and does nothing.
final class FakePerformer: ActionPerformer {
  private let count = Mutex(0)

  var performed: Int { count.withLock { $0 } }

  func perform(_ action: ClaimedAction) -> ActionOutcome {
    count.withLock { $0 += 1 }
    return .completed(result: [:], changes: [])
  }
}

/// Runs in memory.
final class FakeRunQueue: RunQueue {
  private let waiting: Mutex<[String]>
  private let released = Mutex<[String]>([])

  init(_ ids: [String] = []) { waiting = Mutex(ids) }

  var releasedRuns: [String] { released.withLock { $0 } }

  func claimRun() throws(ServiceError) -> ClaimedRun? {
    waiting.withLock { ids in
      ids.isEmpty
        ? nil
        : ClaimedRun(
          id: ids.removeFirst(), agentID: "ag_1", template: nil, playbook: [:], capabilities: [], identityID: nil,
          model: [:], claim: 1)
    }
  }

  func nextContact(of run: ClaimedRun) throws(ServiceError) -> RunContact? { nil }
  func record(_ result: ContactResult, of run: ClaimedRun) throws(ServiceError) {}
  func finish(_ run: ClaimedRun, failure: String?) throws(ServiceError) {}
  func release(_ run: ClaimedRun) throws(ServiceError) { released.withLock { $0.append(run.id) } }
}

/// Does to a run what the test says.
struct FakeRunPerformer: RunPerformer {
  var body: @Sendable (ClaimedRun, () -> Bool) -> Void = { _, _ in }

  func perform(_ run: ClaimedRun, queue: any RunQueue, shouldStop: @escaping @Sendable () -> Bool) {
    body(run, shouldStop)
  }
}

/// Remembers what was charged.
final class FakeLedger: UsageLedger {
  private let entries = Mutex<[String]>([])

  var charges: [String] { entries.withLock { $0 } }

  func record(capability: String, credits: Int, at time: Timestamp) {
    entries.withLock { $0.append("\(capability) \(credits)") }
  }
}
