internal import JSON
internal import Operations
public import Platform

/// Sees to it that a person is asked before outbound work is let happen, where there is one to be asked.
///
/// A question is made from the call's own rehearsal, so that the person sees what would be done, and the answer counts
/// for exactly that: for this call, once, within ten minutes, and only while nothing of it has changed.
public final class Decisions: Sendable {
  /// How often a person is asked again when what came was no answer.
  private static let moreRounds = 2

  private let mode: Approval.Mode
  private let service: CallService
  private let book: any DecisionBook
  private let clock: any Clock
  private let threads = WorkerPool(name: "decision", limit: 2)

  /// Decisions under a mode; `book` keeps the questions.
  public init(mode: Approval.Mode, service: CallService, book: any DecisionBook, clock: any Clock) {
    self.mode = mode
    self.service = service
    self.book = book
    self.clock = clock
  }

  /// What is to be done with a call.
  public enum Step: Sendable {
    /// It may happen as far as persons are concerned; the service may still refuse it.
    case submit(Call)
    /// The person must be shown this and asked; the handle comes back with the answer.
    case ask(DecisionPlan, handle: String)
    /// A person was asked and it must not happen, or the call can't be made at all.
    case refuse(ServiceError)
    /// The handle is none that was given out for this call, or was used, or is too old.
    case unknownHandle
  }

  /// What a person has said.
  public enum Verdict: Sendable, Equatable {
    /// Do it.
    case yes
    /// Don't.
    case no
    /// Nothing: the question was put away, or nobody was there.
    case none
    /// What came can't be understood.
    case unclear
  }

  /// Whether a person has a say in the call.
  public func concern(_ call: Call) -> Bool { mode != .key && Approval.isDecision(call) }

  /// A call that nobody was asked about yet; `next` is told what to do, once, on any thread.
  public func begin(_ call: Call, canAsk: Bool, next: @escaping @Sendable (Step) -> Void) {
    guard canAsk else { return next(.submit(call)) }
    plan(call, round: 0, next)
  }

  /// A call that comes again with what the person has said, and their comment for the log.
  public func resume(
    _ call: Call, handle: String, _ verdict: Verdict, comment: String? = nil, next: @escaping @Sendable (Step) -> Void
  ) {
    threads.run { [self] in
      let decision: OpenDecision?
      do throws(ServiceError) {
        decision = try book.take(handle, call: OpenDecision.digest(of: call))
      } catch {
        return next(.refuse(error))
      }
      guard let decision else { return next(.unknownHandle) }
      switch verdict {
      case .yes:
        submit(call.commented(comment), Consent(shown: decision.shown), next)
      case .no: next(.refuse(Self.refused))
      case .none: next(.refuse(Self.undecided("Nobody has decided: the question was put away or not answered.")))
      case .unclear where decision.round < Self.moreRounds: plan(call, round: decision.round + 1, next)
      case .unclear: next(.refuse(Self.undecided("This client's answers to the question could not be understood.")))
      }
    }
  }

  /// A backend that can't hold a call to what was shown is asked once more before.
  private func submit(_ call: Call, _ consent: Consent, _ next: @escaping @Sendable (Step) -> Void) {
    var consented = call
    consented.consent = consent
    if service.rehearses(call) { return next(.submit(consented)) }
    service.plan(call) { [consented] result in
      switch result {
      case .success(let plan) where plan.digest == consent.shown: next(.submit(consented))
      case .success: next(.refuse(Consent.outdated))
      case .failure(let error): next(.refuse(error))
      }
    }
  }

  private func plan(_ call: Call, round: Int, _ next: @escaping @Sendable (Step) -> Void) {
    service.plan(call) { [self] result in
      threads.run { next(self.step(call, result, round: round)) }
    }
  }

  private func step(_ call: Call, _ result: Result<DecisionPlan, ServiceError>, round: Int) -> Step {
    do throws(ServiceError) {
      let plan = try result.get()
      guard isWorthAsking(plan, call) else {
        var call = call
        // Nothing that a person would be shown, and it stays that way.
        if mode == .human { call.consent = Consent(shown: plan.digest) }
        return .submit(call)
      }
      let decision = OpenDecision(
        handle: OpenDecision.newHandle(), call: OpenDecision.digest(of: call), shown: plan.digest, round: round,
        expires: clock.now().adding(milliseconds: OpenDecision.lifetime))
      try book.keep(decision)
      return .ask(plan, handle: decision.handle)
    } catch {
      return .refuse(error)
    }
  }

  /// A note or a task in the workspace is nothing to disturb a person for, unless only persons may decide.
  private func isWorthAsking(_ plan: DecisionPlan, _ call: Call) -> Bool {
    if plan.items.isEmpty { return (call.operation.decides || call.letsAgentActAlone) && !plan.changes.isEmpty }
    return mode == .human || plan.reachesOutside
  }

  private static let refused = ServiceError(
    .forbidden,
    "The person was asked and said no. Nothing was decided, nothing was sent; what waits for approval still waits. "
      + "Don't ask again unasked. pathbound_reject_action ends it for good.")

  private static func undecided(_ reason: String) -> ServiceError {
    ServiceError(
      .forbidden,
      reason + " Nothing was decided, nothing was sent; what waits for approval still waits. A person can decide when "
        + "they are back and you ask again, or in a terminal with `bound-mcp review`; "
        + "the owner of an unattended client can start the server with --approvals key.")
  }
}
