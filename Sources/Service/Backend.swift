public import JSON

/// Does what an operation says: on the local workspace or through a hosted API.
///
/// A payload is the API's own, without its envelope.
public protocol Backend: Sendable {
  /// Whether a read with these arguments touches so few rows that it may run on the thread that takes requests.
  func isQuick(_ call: Call) -> Bool

  /// Whether a read mostly waits for somebody else, so that many may be open at once.
  func waitsForOthers(_ call: Call) -> Bool

  /// Whether it can tell what a write would do, and holds a write to what a person has consented to.
  var rehearses: Bool { get }

  /// Reads on the calling thread and writes the payload, one JSON object.
  ///
  /// When it throws, the writer holds what it held before.
  func read(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt

  /// Reads as ``read(_:into:)`` does, on the thread that takes requests; may see the same state of the data as the other
  /// reads until ``endOfBatch()``, but never an older one than this process has written.
  func readInBatch(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt

  /// No further request is there to be taken: what was kept for the next read in the batch can go.
  func endOfBatch()

  /// Queues a write and returns at once; writes of one process are done in the order of these calls.
  ///
  /// The completion runs once, on any thread, when the outcome is durable or nothing was written. It must be quick.
  func write(_ call: Call, completion: @escaping @Sendable (Result<WriteOutcome, ServiceError>) -> Void)

  /// Runs the body once every write that was queued before it is durable; on any thread, at once when none is open.
  func afterWrites(_ body: @escaping @Sendable () -> Void)

  /// Whether a write is queued or open, so that a read must wait to see it.
  var hasOpenWrites: Bool { get }
}

extension Backend {
  /// It does the work itself.
  public func waitsForOthers(_ call: Call) -> Bool { false }

  /// It can.
  public var rehearses: Bool { true }

  /// Nothing is shared between reads.
  public func readInBatch(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    try read(call, into: &payload)
  }

  /// Nothing was kept.
  public func endOfBatch() {}
}

/// What a durable write leaves to do.
public enum WriteOutcome: Sendable {
  /// Nothing: this is the answer.
  case answered(Answer)
  /// An action was claimed for this caller: perform it, record its outcome, answer with what that gives.
  case claimed(ClaimedAction)
  /// What was asked for is stored; these actions are to be performed, and their results are the answer.
  case bulk(BulkWork)
  /// Nothing was written: this is what would have been.
  case rehearsed(Rehearsal)
}
