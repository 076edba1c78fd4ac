internal import Operations
public import Platform

/// Where successful, priced calls are written down (Owlbound API 5): recorded, never blocking.
public protocol UsageLedger: Sendable {
  /// Notes a charge; stored soon, not at once, so that reading does not write.
  func record(capability: String, credits: Int, at time: Timestamp)
}

/// Mirrors successful Owlbound calls into the usage ledger.
public struct Credits: Policy {
  private let ledger: any UsageLedger
  private let clock: any Clock

  /// Records into this ledger.
  public init(ledger: any UsageLedger, clock: any Clock) {
    self.ledger = ledger
    self.clock = clock
  }

  /// Every call passes.
  public func admit(_ call: Call) throws(ServiceError) {}

  /// Records a successful call that has a price.
  public func settle(_ call: Call, succeeded: Bool) {
    guard succeeded, !call.isRehearsal, let credits = call.operation.credits, credits > 0 else { return }
    let endpoint = call.operation.route?.endpoint ?? call.operation.name
    ledger.record(capability: "api." + endpoint, credits: credits, at: clock.now())
  }
}
