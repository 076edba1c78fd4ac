public import Logging
public import Operations
public import Service

/// Works on runs: for each person asks the agent's provider, checks what it suggests, records the result.
///
/// What goes wrong with one person is recorded with that person, and the run goes on.
public struct RunExecutor: RunPerformer {
  private let choice: ProviderChoice
  private let types: [ActionType]
  private let log: Log

  /// Creates the performer.
  ///
  /// - Parameters:
  ///   - providers: those that this installation has.
  ///   - types: the action types that agents can propose.
  public init(providers: [any ModelProvider], types: [ActionType] = ActionType.all, log: Log) {
    choice = ProviderChoice(providers)
    self.types = types
    self.log = log
  }

  /// Works until everybody has a result, the run can't go on, or it is told to stop.
  public func perform(_ run: ClaimedRun, queue: any RunQueue, shouldStop: @escaping @Sendable () -> Bool) {
    do throws(ServiceError) {
      switch try work(on: run, queue, shouldStop) {
      case .stopped: try queue.release(run)
      case .completed: try queue.finish(run, failure: nil)
      case .failed(let reason):
        log.info("run \(run.id) failed")
        try queue.finish(run, failure: reason)
      }
    } catch {
      // The claim runs out by itself, and whoever takes the run next goes on with the next person.
      log.warning("run \(run.id) was left: \(error.message)")
    }
  }

  private enum End {
    case completed
    case failed(String)
    case stopped
  }

  private func work(
    on run: ClaimedRun, _ queue: any RunQueue, _ shouldStop: @escaping @Sendable () -> Bool
  ) throws(ServiceError) -> End {
    let provider: any ModelProvider
    switch Result(catching: { () throws(ProviderFailure) in try choice.provider(for: run) }) {
    case .success(let found): provider = found
    case .failure(.run(let reason)), .failure(.contact(let reason)): return .failed(reason)
    case .failure(.stopped): return .stopped
    }
    // Made for each run: compiling the types' schemas would cost time at every start of the program.
    let session = RunSession(run: run, queue: queue, check: ProposalCheck(types: types), shouldStop: shouldStop)
    let end = try work(on: run, queue, provider, session, shouldStop)
    let usage = session.takeUsage()
    if usage != ModelUsage() { try queue.renew(run, usage: usage) }
    return end
  }

  private func work(
    on run: ClaimedRun, _ queue: any RunQueue, _ provider: any ModelProvider, _ session: RunSession,
    _ shouldStop: @Sendable () -> Bool
  ) throws(ServiceError) -> End {
    var previous: String?
    while !shouldStop() {
      guard let contact = try queue.nextContact(of: run) else { return .completed }
      guard contact.id != previous else {
        return .failed("The result for the contact \(contact.id) could not be kept, so the run can't go on.")
      }
      previous = contact.id
      let answer = Result { () throws(ProviderFailure) in
        try provider.propose(for: contact, run: run, session: session)
      }
      switch answer {
      case .success(let answer): try record(result(of: answer, for: contact, session), of: run, queue)
      case .failure(.contact(let reason)):
        let result = ContactResult(
          contactID: contact.id, reasoning: "", proposals: [], error: reason, usage: session.takeUsage())
        try record(result, of: run, queue)
      case .failure(.run(let reason)): return .failed(reason)
      case .failure(.stopped): return .stopped
      }
    }
    return .stopped
  }

  /// What passes the check becomes a proposal; what does not is named in the error, and the rest is kept.
  private func result(of answer: ModelAnswer, for contact: RunContact, _ session: RunSession) -> ContactResult {
    let (proposals, refusals) = session.judge(answer, contactID: contact.id)
    return ContactResult(
      contactID: contact.id, reasoning: answer.reasoning, proposals: proposals,
      error: refusals.isEmpty ? nil : "Not proposed: \(refusals.joined(separator: "; ")).",
      usage: session.takeUsage())
  }

  private func record(_ result: ContactResult, of run: ClaimedRun, _ queue: any RunQueue) throws(ServiceError) {
    do throws(ServiceError) {
      try queue.record(result, of: run)
    } catch {
      guard error.code == .validation || error.code == .notFound else { throw error }
      // The store does not take these proposals: keep at least why.
      let reason = "The proposals could not be kept: \(error.message)"
      try queue.record(
        ContactResult(
          contactID: result.contactID, reasoning: result.reasoning, proposals: [], error: reason, usage: result.usage),
        of: run)
    }
  }
}
