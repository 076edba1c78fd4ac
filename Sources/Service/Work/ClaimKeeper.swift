internal import Platform

/// Renews a claim from a thread of its own until the work is done, however long others take.
final class ClaimKeeper: Sendable {
  private let isDone = Monitor(false)

  /// Keeps the claim, renewing it each time so many milliseconds have passed; ends by itself with the claim.
  init(every interval: UInt64, _ renew: @escaping @Sendable () throws(ServiceError) -> Void) {
    Thread.start("claim") { [isDone] in
      while isDone.wait(until: .after(milliseconds: interval), { $0 ? true : nil }) == nil {
        do throws(ServiceError) {
          try renew()
        } catch {
          // Held by others: the lease is longer than an interval. A claim that has ended can't be had back.
          if error.code == .conflict || error.code == .notFound { return }
        }
      }
    }
  }

  /// The work is done.
  func stop() {
    isDone.withLock { $0 = true }
    isDone.notify()
  }
}
