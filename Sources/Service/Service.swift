public import JSON
internal import Operations
public import Platform

/// Decides whether a call may happen, and takes it to the backend that does it.
///
/// The order of the rules is the order of `policies`: scope, rate limit, approval; then the backend, which looks for a
/// repeated call and writes the audit row in the transaction of the write itself; then the usage ledger.
public final class CallService: Sendable {
  /// What the service is made of.
  public struct Parts: Sendable {
    /// Serves `pathbound_…` and `bound_…`.
    public var pathbound: any Backend
    /// Serves `owlbound_…`.
    public var owlbound: any Backend
    /// In the order in which they are asked.
    public var policies: [any Policy]
    /// Performs actions.
    public var performer: any ActionPerformer
    /// Where claimed actions come from and outcomes go.
    public var actions: any ActionQueue
    /// Tells what a run would propose; nil where no run can be rehearsed.
    public var runs: (any RunRehearser)?
    /// Waits for runs; nil where none can be waited for.
    public var watcher: (any RunWatcher)?
    /// Has a model speak of scores; nil where none is configured.
    public var explainer: (any ScoreExplainer)?
    /// Tells the time.
    public var clock: any Clock

    /// Gathers the parts.
    public init(
      pathbound: any Backend, owlbound: any Backend, policies: [any Policy], performer: any ActionPerformer,
      actions: any ActionQueue, runs: (any RunRehearser)? = nil, watcher: (any RunWatcher)? = nil,
      explainer: (any ScoreExplainer)? = nil, clock: any Clock
    ) {
      self.pathbound = pathbound
      self.owlbound = owlbound
      self.policies = policies
      self.performer = performer
      self.actions = actions
      self.runs = runs
      self.watcher = watcher
      self.explainer = explainer
      self.clock = clock
    }
  }

  private let parts: Parts
  private let readers = WorkerPool(name: "reader", limit: 4)
  private let waiters = WorkerPool(name: "waiter", limit: 64)
  private let performers = WorkerPool(name: "performer", limit: 4)
  private let requestIDs = RequestIDs()

  /// Creates the service.
  public init(_ parts: Parts) { self.parts = parts }

  /// Whether the call can be answered at once on the calling thread: a quick read with no write before it.
  public func isImmediate(_ call: Call) -> Bool {
    guard case .quickRead = call.operation.access else { return false }
    let backend = backend(of: call.operation)
    return !backend.hasOpenWrites && backend.isQuick(call)
  }

  /// Answers an immediate read on the calling thread, the one that takes requests.
  public func read(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    try read(call, inBatch: true, into: &payload)
  }

  /// Reads once more what the caller was allowed to read, to see whether it has changed; neither counted nor charged.
  public func look(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) {
    _ = try backend(of: call.operation).read(call, into: &payload)
  }

  /// All requests that arrived together have been taken.
  public func endOfBatch() {
    parts.pathbound.endOfBatch()
    parts.owlbound.endOfBatch()
  }

  private func read(
    _ call: Call, inBatch: Bool, into payload: inout JSONWriter
  ) throws(ServiceError) -> Receipt {
    try admit(call)
    do {
      let backend = backend(of: call.operation)
      if !inBatch, let watcher = parts.watcher, let wait = RunWait(call) {
        try wait.wait(for: call.arguments["runId"]?.stringValue ?? "", watcher)
      }
      var receipt = try inBatch ? backend.readInBatch(call, into: &payload) : backend.read(call, into: &payload)
      settle(call, succeeded: true, &receipt)
      return receipt
    } catch {
      var none = Receipt()
      settle(call, succeeded: false, &none)
      throw error
    }
  }

  /// Takes a call of any kind; the completion runs once, on any thread.
  ///
  /// Writes are done in the order of these calls; a read waits for the writes before it.
  public func submit(_ call: Call, completion: @escaping @Sendable (Result<Answer, ServiceError>) -> Void) {
    guard case .write = call.operation.access else {
      let backend = backend(of: call.operation)
      let pool = backend.waitsForOthers(call) || RunWait(call) != nil ? waiters : readers
      backend.afterWrites { [self] in
        pool.run {
          // A thousand answers that nobody takes would be all in memory.
          call.control?.waitForRoom()
          completion(self.answer(call))
        }
      }
      return
    }
    var ticketed = call
    let reasoning: ScoreReasoning?
    do {
      try admit(call)
      reasoning = try ScoreReasoning(call, parts.explainer)
      ticketed.ticket = try WriteTicket(call)
    } catch {
      completion(.failure(error))
      return
    }
    let admitted = ticketed
    if admitted.isRunRehearsal, let runs = parts.runs {
      backend(of: call.operation).afterWrites { [self] in
        performers.run {
          self.complete(admitted, Result { () throws(ServiceError) in try runs.rehearse(admitted) }, completion)
        }
      }
      return
    }
    backend(of: call.operation).write(admitted) { [self] outcome in
      switch outcome {
      case .success(.answered(let answer)):
        let backend = backend(of: call.operation)
        if let watcher = parts.watcher, let wait = RunWait(admitted) {
          waiters.run {
            let waited = Result { () throws(ServiceError) in try wait.extend(answer, watcher, backend) }
            self.complete(admitted, waited, completion)
          }
        } else if let reasoning {
          // Asking takes seconds: neither the thread that reads requests nor the one that writes waits for it.
          waiters.run { self.complete(admitted, .success(reasoning.extend(answer, backend)), completion) }
        } else {
          complete(admitted, .success(answer), completion)
        }
      case .success(.claimed(let action)):
        performers.run { self.complete(admitted, self.perform(action, for: admitted), completion) }
      case .success(.bulk(let work)):
        performers.run { self.complete(admitted, self.perform(work, for: admitted), completion) }
      case .success(.rehearsed(let rehearsal)):
        performers.run { self.complete(admitted, .success(rehearsal.answer(self.parts.performer)), completion) }
      case .failure(let error): complete(admitted, .failure(error), completion)
      }
    }
  }

  /// Tells what a decision would let happen, as a person should see it; the completion runs once, on any thread.
  ///
  /// Nothing of it is done. What the backend can't rehearse is read from it.
  func plan(_ call: Call, completion: @escaping @Sendable (Result<DecisionPlan, ServiceError>) -> Void) {
    guard rehearses(call) else {
      return waiters.run { [self] in
        completion(
          Result { () throws(ServiceError) in
            DecisionPlan(try HostedDecision(backend(of: call.operation), call).rehearsal(), self.parts.performer)
          })
      }
    }
    var rehearsal = call.rehearsing
    do {
      try admit(rehearsal)
      rehearsal.ticket = try WriteTicket(rehearsal)
    } catch {
      return completion(.failure(error))
    }
    backend(of: call.operation).write(rehearsal) { [self] outcome in
      switch outcome {
      case .success(.rehearsed(let rehearsal)):
        performers.run { completion(.success(DecisionPlan(rehearsal, self.parts.performer))) }
      case .success: completion(.failure(ServiceError(.internal, "The call could not be rehearsed.")))
      case .failure(let error): completion(.failure(error))
      }
    }
  }

  /// Whether the call's backend holds it to what a person has consented to.
  func rehearses(_ call: Call) -> Bool { backend(of: call.operation).rehearses }

  /// Whether calls are still being worked on.
  public var openJobs: Int { readers.openJobs + waiters.openJobs + performers.openJobs }

  /// Actions that calls have performed right now, whose outcome is still to be recorded.
  public var openPerformances: Int { performers.openJobs }

  private func answer(_ call: Call) -> Result<Answer, ServiceError> {
    if call.control?.isCancelled == true { return .failure(ServiceError(.cancelled, "The call was withdrawn.")) }
    var payload = JSONWriter(sanitizing: true)
    do {
      let receipt = try read(call, inBatch: false, into: &payload)
      return .success(Answer(payload: payload.finish(), receipt: receipt))
    } catch {
      return .failure(error)
    }
  }

  private func perform(_ action: ClaimedAction, for call: Call) -> Result<Answer, ServiceError> {
    Result { () throws(ServiceError) in
      try parts.actions.perform(action, with: parts.performer, control: call.control)
    }
  }

  private func perform(_ work: BulkWork, for call: Call) -> Result<Answer, ServiceError> {
    Result { () throws(ServiceError) in
      let results = try parts.actions.perform(
        work, by: call.actor, with: parts.performer, control: call.control)
      var payload = JSONWriter(sanitizing: true)
      results.write(into: &payload)
      return Answer(payload: payload.finish())
    }
  }

  private func complete(
    _ call: Call, _ result: Result<Answer, ServiceError>, _ completion: (Result<Answer, ServiceError>) -> Void
  ) {
    switch result {
    case .success(var answer):
      settle(call, succeeded: true, &answer.receipt)
      completion(.success(answer))
    case .failure(let error):
      var none = Receipt()
      settle(call, succeeded: false, &none)
      completion(.failure(error))
    }
  }

  private func admit(_ call: Call) throws(ServiceError) {
    for policy in parts.policies { try policy.admit(call) }
  }

  private func settle(_ call: Call, succeeded: Bool, _ receipt: inout Receipt) {
    for policy in parts.policies { policy.settle(call, succeeded: succeeded) }
    guard succeeded, !call.isRehearsal, let credits = call.operation.credits else { return }
    receipt.creditsUsed = receipt.creditsUsed ?? credits
    receipt.requestID = receipt.requestID ?? requestIDs.next()
  }

  private func backend(of operation: Operation) -> any Backend {
    operation.platform == .owlbound ? parts.owlbound : parts.pathbound
  }
}
