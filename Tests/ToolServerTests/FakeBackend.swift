import JSON
import Operations
import Platform
import Service
import Synchronization

/// Answers every call with what the test says, and remembers the calls.
final class FakeBackend: Backend {
  private let payload: String
  private let receipt: Receipt
  private let error: ServiceError?
  private let seen = Mutex<[Call]>([])

  init(payload: String = #"{"ok":true}"#, receipt: Receipt = Receipt(), error: ServiceError? = nil) {
    self.payload = payload
    self.receipt = receipt
    self.error = error
  }

  var calls: [Call] { seen.withLock { $0 } }

  let hasOpenWrites = false

  func isQuick(_ call: Call) -> Bool { true }

  func read(_ call: Call, into writer: inout JSONWriter) throws(ServiceError) -> Receipt {
    seen.withLock { $0.append(call) }
    if let error { throw error }
    writer.raw(Array(payload.utf8))
    return receipt
  }

  func write(_ call: Call, completion: @escaping @Sendable (Result<WriteOutcome, ServiceError>) -> Void) {
    seen.withLock { $0.append(call) }
    if let error { return completion(.failure(error)) }
    completion(.success(.answered(Answer(payload: Array(payload.utf8), receipt: receipt))))
  }

  func afterWrites(_ body: @escaping @Sendable () -> Void) { body() }
}

/// No action ever comes here.
struct NoActions: ActionPerformer, ActionQueue {
  func perform(_ action: ClaimedAction) -> ActionOutcome { .failed("") }
  func claimDueAction(by actor: String) throws(ServiceError) -> ClaimedAction? { nil }
  func claimAction(_ id: String, by actor: String) throws(ServiceError) -> ClaimedAction {
    throw .notFound("action", id)
  }
  func cancelAction(_ id: String, by actor: String) throws(ServiceError) {}

  func finish(_ action: ClaimedAction, _ outcome: ActionOutcome) throws(ServiceError) -> Answer { Answer(payload: []) }
  func renew(_ action: ClaimedAction) throws(ServiceError) {}
  func failAbandonedActions() throws(ServiceError) -> Int { 0 }
  func nextDueTime() throws(ServiceError) -> Timestamp? { nil }
}
