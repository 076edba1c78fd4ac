import JSON
import Operations
import Platform
import Service
import Synchronization
import TestSupport
import Testing

@Suite("Call service")
struct CallServiceTests {
  private let clock = ManualClock()
  private let performer = FakePerformer()
  private let actions = FakeActionQueue()
  private let ledger = FakeLedger()

  private func service(
    _ backend: FakeBackend, owlbound: FakeBackend = FakeBackend(), policies: [any Policy] = []
  ) -> CallService {
    CallService(
      .init(
        pathbound: backend, owlbound: owlbound, policies: policies, performer: performer, actions: actions,
        clock: clock))
  }

  /// Submits a call and waits for its completion.
  private func submit(_ call: Call, to service: CallService) -> Result<Answer, ServiceError> {
    let done = Monitor<Result<Answer, ServiceError>?>(nil)
    service.submit(call) { result in
      done.withLock { $0 = result }
      done.notify()
    }
    return done.wait(until: .after(milliseconds: 10_000)) { $0 } ?? .failure(ServiceError(.internal, "no answer"))
  }

  @Test("a refused call reaches no backend", arguments: [Access.quickRead, .read, .write])
  func refused(access: Access) throws {
    let backend = FakeBackend()
    let service = service(backend, policies: [Scopes(granted: [])])
    let result = submit(.of(.fixture(access: access)), to: service)
    #expect(throws: ServiceError.self) { try result.get() }
    #expect(backend.calls.isEmpty)
  }

  @Test("only a quick read with no open write before it is answered on the calling thread")
  func immediate() {
    let quick = Call.of(.fixture(access: .quickRead))
    #expect(service(FakeBackend()).isImmediate(quick))
    #expect(!service(FakeBackend(quick: false)).isImmediate(quick))
    #expect(!service(FakeBackend()).isImmediate(.of(.fixture(access: .read))))
    let busy = FakeBackend(holdsWrites: true)
    let service = service(busy)
    service.submit(.of(.fixture(access: .write))) { _ in }
    #expect(!service.isImmediate(quick))
    busy.commit()
    #expect(service.isImmediate(quick))
  }

  @Test("a read waits for the writes before it")
  func order() throws {
    let backend = FakeBackend(holdsWrites: true)
    let service = service(backend)
    let order = Monitor<[String]>([])
    func note(_ name: String) -> @Sendable (Result<Answer, ServiceError>) -> Void {
      { _ in
        order.withLock { $0.append(name) }
        order.notify()
      }
    }
    service.submit(.of(.fixture(access: .write)), completion: note("write"))
    service.submit(.of(.fixture(access: .read)), completion: note("read"))
    #expect(order.withLock { $0 }.isEmpty)
    backend.commit()
    let names = order.wait(until: .after(milliseconds: 10_000)) { $0.count == 2 ? $0 : nil }
    #expect(names == ["write", "read"])
  }

  @Test("each platform's calls go to its backend")
  func platforms() throws {
    let (pathbound, owlbound) = (FakeBackend(), FakeBackend())
    let service = service(pathbound, owlbound: owlbound)
    _ = try submit(.of(.fixture(platform: .owlbound, access: .read)), to: service).get()
    #expect(pathbound.calls.isEmpty && owlbound.calls == ["read"])
    _ = try submit(.of(.fixture(platform: .bound, access: .read)), to: service).get()
    #expect(pathbound.calls == ["read"])
  }

  @Test("a claimed action is performed and its outcome is the answer")
  func claimed() throws {
    let backend = FakeBackend(writeResult: .success(.claimed(.fixture("act_7"))))
    let answer = try submit(.of(.fixture(access: .write)), to: service(backend)).get()
    #expect(String(decoding: answer.payload, as: UTF8.self) == #"{"action_id":"act_7"}"#)
    #expect(performer.performed == 1)
  }

  @Test("an outcome that finds the store held is offered again, but the action is performed once")
  func heldStore() throws {
    actions.state.withLock {
      $0.finishFailures = [ServiceError(.unavailable, "held"), ServiceError(.unavailable, "held")]
    }
    let backend = FakeBackend(writeResult: .success(.claimed(.fixture("act_7"))))
    _ = try submit(.of(.fixture(access: .write)), to: service(backend)).get()
    #expect(performer.performed == 1)
    #expect(actions.state.withLock(\.finished) == ["act_7"])
  }

  @Test("an outcome that the store refuses is an error, and the action is not performed again")
  func refusedOutcome() throws {
    actions.state.withLock { $0.finishFailures = [ServiceError(.conflict, "The claim has ended.")] }
    let backend = FakeBackend(writeResult: .success(.claimed(.fixture())))
    let error = try #require(throws: ServiceError.self) {
      try submit(.of(.fixture(access: .write)), to: service(backend)).get()
    }
    #expect(error.code == .conflict)
    #expect(performer.performed == 1)
  }

  @Test("priced calls say what they cost and have an id, and only successes are charged")
  func receipts() throws {
    let priced = Operation.fixture("owlbound_score_contact", platform: .owlbound, credits: 3, access: .read)
    let policies: [any Policy] = [Credits(ledger: ledger, clock: clock)]
    let answer = try submit(.of(priced), to: service(FakeBackend(), policies: policies)).get()
    #expect(answer.receipt.creditsUsed == 3)
    #expect(answer.receipt.requestID?.hasPrefix("req_") == true)
    let failing = FakeBackend(readFailure: .notFound("contact", "x"))
    #expect(throws: ServiceError.self) {
      try submit(.of(priced), to: service(FakeBackend(), owlbound: failing, policies: policies)).get()
    }
    #expect(ledger.charges.count == 1)
    let free = try submit(.of(.fixture(access: .read)), to: service(FakeBackend(), policies: policies)).get()
    #expect(free.receipt.creditsUsed == nil && free.receipt.requestID == nil)
  }

  @Test("a call that was withdrawn before its turn is not read")
  func withdrawn() throws {
    struct Withdrawn: CallControl {
      var isCancelled: Bool { true }
      func onCancel(_ handler: @escaping @Sendable () -> Void) { handler() }
      func progress(_ done: Double, total: Double?, message: String?) {}
    }
    let backend = FakeBackend()
    let call = Call(
      operation: .fixture(access: .read), arguments: [:], caller: Caller(client: "c", session: "s"),
      control: Withdrawn())
    let error = try #require(throws: ServiceError.self) { try submit(call, to: service(backend)).get() }
    #expect(error.code == .cancelled)
    #expect(backend.calls.isEmpty)
  }

  @Test("a slow read is not begun before the client has taken what it was sent")
  func room() throws {
    struct Crowded: CallControl {
      let hasRoom = Monitor(false)
      let isWaiting = Monitor(false)
      var isCancelled: Bool { false }
      func onCancel(_ handler: @escaping @Sendable () -> Void) {}
      func progress(_ done: Double, total: Double?, message: String?) {}

      func waitForRoom() {
        isWaiting.withLock { $0 = true }
        isWaiting.notify()
        hasRoom.wait { $0 ? () : nil }
      }
    }
    let (control, backend) = (Crowded(), FakeBackend())
    let outcome = Monitor<Result<Answer, ServiceError>?>(nil)
    let call = Call(
      operation: .fixture(access: .read), arguments: [:], caller: Caller(client: "c", session: "s"), control: control)
    service(backend).submit(call) { result in
      outcome.withLock { $0 = result }
      outcome.notify()
    }
    control.isWaiting.wait { $0 ? () : nil }
    #expect(backend.calls.isEmpty)
    control.hasRoom.withLock { $0 = true }
    control.hasRoom.notify()
    _ = try #require(outcome.wait(until: .after(milliseconds: 10_000)) { $0 }).get()
    #expect(backend.calls.count == 1)
  }
}
