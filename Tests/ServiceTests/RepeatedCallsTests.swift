import JSON
import Operations
import Service
import Synchronization
import TestSupport
import Testing

@Suite("Repeat guard")
struct RepeatedCallsTests {
  private let guarded = Operation.fixture(
    "pathbound_queue_action", access: .write, repeats: .window(seconds: 60))

  /// The ticket that the service gives a write.
  private func ticket(_ call: Call) throws -> WriteTicket {
    let backend = FakeBackend()
    let service = CallService(
      .init(
        pathbound: backend, owlbound: FakeBackend(), policies: [], performer: FakePerformer(),
        actions: FakeActionQueue(), clock: ManualClock()))
    let failure = Mutex<ServiceError?>(nil)
    service.submit(call) { result in
      if case .failure(let error) = result { failure.withLock { $0 = error } }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    let ticket = try #require(backend.tickets.first)
    return try #require(ticket)
  }

  private func key(_ call: Call) throws -> WriteTicket.RepeatKey { try #require(try ticket(call).repeatKey) }

  @Test("the order of arguments and the form of numbers make no other call")
  func canonical() throws {
    let one = try key(.of(guarded, ["a": 1, "b": ["x": 1.0, "y": 2]]))
    let other = try key(.of(guarded, ["b": ["y": 2, "x": 1], "a": 1.0]))
    #expect(one.bytes == other.bytes)
    #expect(one.seconds == 60 && !one.isExplicit)
  }

  @Test("other arguments, another client and another tool make another call")
  func differences() throws {
    let first = try key(.of(guarded, ["a": 1]))
    let tool = Operation.fixture("pathbound_create_agent", access: .write, repeats: .window(seconds: 60))
    for call in [Call.of(guarded, ["a": 2]), .of(guarded, ["a": 1], client: "other"), .of(tool, ["a": 1])] {
      #expect(try key(call).bytes != first.bytes)
    }
  }

  @Test("an explicit key counts without window, for any client, and is not part of the digest")
  func explicit() throws {
    let one = try ticket(.of(guarded, ["a": 1, "idempotency_key": "k"]))
    let other = try ticket(.of(guarded, ["idempotency_key": "k", "a": 2], client: "other"))
    let key = try #require(one.repeatKey)
    #expect(key.isExplicit && key.seconds == nil)
    #expect(key.bytes == other.repeatKey?.bytes)
    #expect(one.digest != other.digest)
    #expect(one.digest == (try ticket(.of(guarded, ["a": 1]))).digest)
  }

  @Test("where only an explicit key guards, a call without one counts each time")
  func keyOnly() throws {
    let operation = Operation.fixture("x", access: .write, repeats: .key)
    #expect(try ticket(.of(operation, ["a": 1])).repeatKey == nil)
    #expect(try ticket(.of(operation, ["idempotency_key": "k"])).repeatKey != nil)
    #expect(try ticket(.of(.fixture("y", access: .write), ["a": 1])).repeatKey == nil)
  }

  @Test("an empty or overlong key is refused", arguments: ["", String(repeating: "k", count: 201)])
  func badKey(key: String) throws {
    let error = try #require(throws: ServiceError.self) {
      try ticket(.of(guarded, ["idempotency_key": .string(key)]))
    }
    #expect(error.code == .validation)
    #expect(error.details.first?.path == "/idempotency_key")
  }
}
