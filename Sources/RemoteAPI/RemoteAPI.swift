public import HTTP
public import JSON
public import Logging
internal import Operations
public import Platform
public import Service

/// A platform served by its hosted API: every request is made from the operation's route in the catalogue.
///
/// Reads overlap. Writes are made one after the other, in the order of the calls, and a read waits for the writes
/// before it, as on the local workspace.
public final class RemoteAPI: Backend {
  private let api: HostedAPI
  private let client: any HTTPClient
  private let clock: any Clock
  private let log: Log
  private let window: RateWindow
  private let recent = RecentCalls()
  private let writes: OrderedWork
  /// A wait that the server asks for and that is no longer than this is waited; in milliseconds.
  private static let shortWait: Int64 = 5000

  /// A backend over the API; nothing is sent yet.
  public init(_ api: HostedAPI, client: any HTTPClient, clock: any Clock, log: Log) {
    self.api = api
    self.client = client
    self.clock = clock
    self.log = log
    window = RateWindow(hasHeaders: api.platform == .owlbound)
    writes = OrderedWork(name: "remote writes")
  }

  /// Never: the network is in between.
  public func isQuick(_ call: Call) -> Bool { false }

  /// Most of the time of a read is spent waiting.
  public func waitsForOthers(_ call: Call) -> Bool { true }

  /// The hosted APIs know no rehearsal.
  public var rehearses: Bool { false }

  /// Whether a write waits or is under way.
  public var hasOpenWrites: Bool { writes.isBusy }

  /// Runs the body after the writes that were queued before.
  public func afterWrites(_ body: @escaping @Sendable () -> Void) { writes.after(body) }

  /// Asks the API on the calling thread.
  public func read(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    let answer = try perform(call)
    payload.raw(answer.payload)
    return answer.receipt
  }

  /// Asks the API on a thread of its own; a call that comes again gets its first answer.
  public func write(_ call: Call, completion: @escaping @Sendable (Result<WriteOutcome, ServiceError>) -> Void) {
    writes.add { [self] in completion(Result { () throws(ServiceError) in .answered(try performOnce(call)) }) }
  }

  private func performOnce(_ call: Call) throws(ServiceError) -> Answer {
    if let first = try recent.find(call.ticket, clock.now()) { return first }
    let answer = try perform(call)
    recent.store(answer, call.ticket, clock.now())
    return answer
  }

  private func perform(_ call: Call) throws(ServiceError) -> Answer {
    let operation = call.operation
    guard let route = operation.route else {
      throw ServiceError(
        .unavailable, "\(operation.name) exists on the local workspace only; \(api.title) is set to its hosted API.")
    }
    if api.isPublishable, operation.scope != .signalsWrite, operation.scope != nil {
      throw ServiceError(
        .insufficientScope,
        "A publishable key (gtm_pk_…) can only ingest signals. Set a secret key (gtm_sk_…) in \(api.keyVariable).")
    }
    let form = try RequestForm(operation, route, call.arguments)
    let cancellation = Cancellation()
    call.control?.onCancel { cancellation.cancel() }
    try waitForWindow(cancellation)
    let response = try send(api.request(route, form, cancellation), operation, cancellation)
    let wait = window.learn(from: response, clock.now())
    guard response.isSuccess else {
      throw RemoteFailure(api: api).error(
        of: response, for: operation, retryAfter: wait.map { Int(($0 + 999) / 1000) })
    }
    return try Envelope(api: api).open(response)
  }

  private func send(
    _ request: HTTPRequest, _ operation: Operation, _ cancellation: Cancellation
  ) throws(ServiceError) -> HTTPResponse {
    var isSafeToRepeat = ["GET", "PUT", "DELETE"].contains(request.method)
    if case .write = operation.access {} else { isSafeToRepeat = true }
    let retries = HTTPRetries(
      isSafeToRepeat: isSafeToRepeat, longestWait: Int(Self.shortWait), cancellation: cancellation)
    do throws(HTTPError) {
      return try retries.send(request, with: client, clock: clock)
    } catch {
      log.info("\(operation.name): \(error.kind.rawValue)")
      throw RemoteFailure(api: api).error(of: error, for: operation)
    }
  }

  /// Waits a little where the server would refuse the call; refuses it here where the wait would be long.
  private func waitForWindow(_ cancellation: Cancellation) throws(ServiceError) {
    guard let wait = window.wait(clock.now()) else { return }
    guard wait <= Self.shortWait else {
      let seconds = Int((wait + 999) / 1000)
      throw ServiceError(
        .rateLimited, "\(api.title)'s rate limit is used up; it takes calls again in \(seconds) s.",
        retryAfter: seconds)
    }
    let ended = Monitor(false)
    let registration = cancellation.onCancel {
      ended.withLock { $0 = true }
      ended.notify()
    }
    defer { cancellation.remove(registration) }
    let isCancelled = ended.wait(until: .after(milliseconds: UInt64(wait))) { $0 ? true : nil } ?? false
    if isCancelled { throw ServiceError(.cancelled, "The call was withdrawn.") }
  }
}
