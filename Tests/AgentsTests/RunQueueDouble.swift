import JSON
import Service
import Synchronization

/// Keeps a run's people and results in memory, as the store would.
final class RunQueueDouble: RunQueue {
  struct State {
    var waiting: [RunContact]
    var results: [ContactResult] = []
    var end: End?
    var recordFailures: [ServiceError] = []
    var nextFailure: ServiceError?
  }

  enum End: Equatable {
    case completed
    case failed(String)
  }

  let state: Mutex<State>

  init(_ contacts: [RunContact]) { state = Mutex(State(waiting: contacts)) }

  var results: [ContactResult] { state.withLock(\.results) }
  var end: End? { state.withLock(\.end) }

  func claimRun() throws(ServiceError) -> ClaimedRun? { nil }

  func nextContact(of run: ClaimedRun) throws(ServiceError) -> RunContact? {
    if let failure = state.withLock({ $0.nextFailure }) { throw failure }
    return state.withLock { state in
      state.waiting.first { contact in !state.results.contains { $0.contactID == contact.id } }
    }
  }

  func record(_ result: ContactResult, of run: ClaimedRun) throws(ServiceError) {
    let failure = state.withLock { $0.recordFailures.isEmpty ? nil : $0.recordFailures.removeFirst() }
    if let failure { throw failure }
    state.withLock { $0.results.append(result) }
  }

  func finish(_ run: ClaimedRun, failure: String?) throws(ServiceError) {
    state.withLock { $0.end = failure.map { .failed($0) } ?? .completed }
  }
}
