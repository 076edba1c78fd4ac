public import JSON
internal import Operations
public import Platform
public import Service

/// Serves Pathbound's operations as its backend does, and composes what no single backend can answer: the operations
/// without a route, out of calls of the others.
///
/// Composed answers have the shape of the local workspace's. A part that can't be had is told in a sentence and does
/// not fail the rest.
public struct CompositeBackend: Backend {
  private let pathbound: any Backend
  private let owlbound: any Backend
  private let answersOwnComposites: Bool
  private let clock: any Clock
  /// Most of the time is spent waiting for the network.
  private let pool = WorkerPool(name: "composite", limit: 32)

  /// A backend over both.
  ///
  /// - Parameter answersOwnComposites: whether the Pathbound one answers composites that are of Pathbound alone.
  public init(
    pathbound: any Backend, owlbound: any Backend, answersOwnComposites: Bool, clock: any Clock
  ) {
    self.pathbound = pathbound
    self.owlbound = owlbound
    self.answersOwnComposites = answersOwnComposites
    self.clock = clock
  }

  private func isComposed(_ call: Call) -> Bool {
    call.operation.isComposite && (call.operation.platform == .bound || !answersOwnComposites)
  }

  /// Never for what is composed; else as Pathbound's backend says.
  public func isQuick(_ call: Call) -> Bool { !isComposed(call) && pathbound.isQuick(call) }

  /// Always for what is composed; else as Pathbound's backend says.
  public func waitsForOthers(_ call: Call) -> Bool { isComposed(call) || pathbound.waitsForOthers(call) }

  /// As Pathbound's backend: nothing composed writes.
  public var rehearses: Bool { pathbound.rehearses }

  /// Answers from Pathbound's backend, or composes.
  public func read(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    guard isComposed(call) else { return try pathbound.read(call, into: &payload) }
    waitForOwlboundWrites()
    let questions = Questions(pathbound: pathbound, owlbound: owlbound, for: call, pool: pool)
    let start = payload.mark()
    do throws(ServiceError) {
      switch call.operation.name {
      case "bound_lead_brief": try ComposedBrief.write(questions, now: clock.now(), into: &payload)
      case "pathbound_review_pending_actions": try ComposedReview.write(questions, now: clock.now(), into: &payload)
      default:
        throw ServiceError(.unavailable, "\(call.operation.name) needs both platforms on the local workspace.")
      }
    } catch {
      payload.rewind(to: start)
      throw error
    }
    return Receipt(creditsUsed: questions.creditsUsed)
  }

  /// As Pathbound's backend; what is composed is never asked for here, since it is not quick.
  public func readInBatch(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    isComposed(call) ? try read(call, into: &payload) : try pathbound.readInBatch(call, into: &payload)
  }

  /// As Pathbound's backend.
  public func endOfBatch() { pathbound.endOfBatch() }

  /// As Pathbound's backend: nothing composed writes.
  public func write(_ call: Call, completion: @escaping @Sendable (Result<WriteOutcome, ServiceError>) -> Void) {
    pathbound.write(call, completion: completion)
  }

  /// As Pathbound's backend; what is composed waits for Owlbound's by itself.
  public func afterWrites(_ body: @escaping @Sendable () -> Void) { pathbound.afterWrites(body) }

  /// As Pathbound's backend.
  public var hasOpenWrites: Bool { pathbound.hasOpenWrites }

  private func waitForOwlboundWrites() {
    guard owlbound.hasOpenWrites else { return }
    let done = Monitor(false)
    owlbound.afterWrites {
      done.withLock { $0 = true }
      done.notify()
    }
    _ = done.wait { $0 ? true : nil }
  }
}
