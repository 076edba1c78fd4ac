import Foundation
public import JSON
import JSONSchema
import LocalStore
import Logging
import Operations
public import Platform
public import Service

/// A workspace of its own that is called as a client calls it: arguments checked by the catalogue, policy and audit
/// included, answers checked against the operation's output.
public final class TestWorkspace: Sendable {
  /// The time that the workspace sees.
  public let clock: TestClock
  /// The database file; nil in memory.
  public let path: String?
  private let service: CallService
  private let store: LocalStore

  /// A new workspace, in memory unless it has a file.
  public init(path: String? = nil, clock: TestClock = TestClock()) {
    self.clock = clock
    self.path = path
    store = LocalStore(path: path ?? ":memory:", clock: clock, log: Log(level: .error))
    service = CallService(
      .init(
        pathbound: store, owlbound: store, policies: [], performer: NoPerformer(), actions: NoActions(), clock: clock))
  }

  /// Calls a tool and gives its payload.
  public func call(_ tool: String, _ arguments: JSONObject = [:], client: String = "tests") throws -> JSONObject {
    let bytes = try answer(tool, arguments, client: client).payload
    guard case .object(let payload) = try JSONValue(parsing: bytes) else { throw TestFailure.payloadIsNoObject }
    return payload
  }

  /// Calls a tool and gives its answer as it is sent.
  public func answer(_ tool: String, _ arguments: JSONObject = [:], client: String = "tests") throws -> Answer {
    guard let operation = Catalogue.operation(named: tool) else { throw TestFailure.unknownTool(tool) }
    let normal: JSONObject
    do {
      normal = try operation.validator.validate(arguments)
    } catch {
      let details = error.violations.map { ServiceError.Detail(path: $0.path, message: $0.message) }
      throw ServiceError(.validation, details.first?.message ?? "", details: details)
    }
    let answer = try run(operation, normal, client)
    guard case .object(let payload) = try JSONValue(parsing: answer.payload) else {
      throw TestFailure.payloadIsNoObject
    }
    _ = try CompiledSchema(operation.output).validate(payload)
    guard String(decoding: answer.payload, as: UTF8.self).count <= 45_000 else { throw TestFailure.tooLong(tool) }
    return answer
  }

  private func run(_ operation: Operations.Operation, _ arguments: JSONObject, _ client: String) throws -> Answer {
    let call = Call(
      operation: operation, arguments: arguments, caller: Caller(client: client, session: "1"))
    let done = Monitor<Result<Answer, ServiceError>?>(nil)
    service.submit(call) { result in
      done.withLock { $0 = result }
      done.notify()
    }
    guard let result = done.wait({ $0 }) else { throw TestFailure.noAnswer }
    return try result.get()
  }

  /// Waits until everything is on disk.
  public func close() { _ = store.close(by: .after(milliseconds: 10_000)) }
}

/// What a test of a workspace can't go on after.
public enum TestFailure: Error {
  /// The catalogue has no such tool.
  case unknownTool(String)
  /// A payload must be an object.
  case payloadIsNoObject
  /// A payload is longer than a model can be given.
  case tooLong(String)
  /// The call was never completed.
  case noAnswer
}

/// A clock that only a test moves.
public final class TestClock: Clock {
  private let time: Monitor<Timestamp>

  /// Stands still at a moment, 2026-11-21T08:30:00Z unless another is given.
  public init(_ start: Timestamp = Timestamp(milliseconds: 1_795_249_800_000)) { time = Monitor(start) }

  /// The moment at which it stands.
  public func now() -> Timestamp { time.withLock { $0 } }

  /// Nanoseconds, as far as it was moved.
  public func monotonic() -> UInt64 { UInt64(now().milliseconds) * 1_000_000 }

  /// Moves it on.
  public func advance(seconds: Int64) { time.withLock { $0 = $0.adding(milliseconds: seconds * 1000) } }
}

private struct NoPerformer: ActionPerformer {
  func perform(_ action: ClaimedAction) -> ActionOutcome { .failed("nothing is performed here") }
}

private struct NoActions: ActionQueue {
  func claimDueAction() -> ClaimedAction? { nil }
  func finish(_ action: ClaimedAction, _ outcome: ActionOutcome) throws(ServiceError) -> Answer {
    throw ServiceError(.unavailable, "nothing is performed here")
  }
  func renew(_ action: ClaimedAction) {}
  func failAbandonedActions() -> Int { 0 }
  func nextDueTime() -> Timestamp? { nil }
}
