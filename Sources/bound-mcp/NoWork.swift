internal import Platform
internal import Service

/// Queues without work, until the workspace keeps actions and runs.
struct NoWork: ActionQueue, RunQueue {
  func claimDueAction() throws(ServiceError) -> ClaimedAction? { nil }
  func finish(_ action: ClaimedAction, _ outcome: ActionOutcome) throws(ServiceError) -> Answer { throw Self.refusal }
  func renew(_ action: ClaimedAction) throws(ServiceError) { throw Self.refusal }
  func failAbandonedActions() throws(ServiceError) -> Int { 0 }
  func nextDueTime() throws(ServiceError) -> Timestamp? { nil }
  func claimRun() throws(ServiceError) -> ClaimedRun? { nil }
  func nextContact(of run: ClaimedRun) throws(ServiceError) -> RunContact? { nil }
  func record(_ result: ContactResult, of run: ClaimedRun) throws(ServiceError) { throw Self.refusal }
  func finish(_ run: ClaimedRun, failure: String?) throws(ServiceError) { throw Self.refusal }

  private static let refusal = ServiceError(.unavailable, "This workspace keeps no actions and no runs.")
}
