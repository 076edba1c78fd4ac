internal import Logging
public import Platform
public import Service
internal import Synchronization

/// A priced call that is not stored yet.
struct UsageEntry: Sendable {
  let capability: String
  let credits: Int
  let at: Timestamp
}

/// Whose workspace it is, and the priced calls that are still to be stored.
final class UsageBooks: Sendable {
  let account: Account
  /// What people call the workspace.
  let name: String
  private let pending = Monitor(Pending())

  private struct Pending {
    var entries: [UsageEntry] = []
    /// Entries were handed over and are not stored yet.
    var isStoring = false
    /// How often entries were handed over.
    var takes = 0
  }

  init(account: Account = Account(), name: String = "") {
    self.account = account
    self.name = name
  }

  /// Notes a call; gives the number of those that wait to be stored.
  func add(_ entry: UsageEntry) -> Int {
    pending.withLock { pending in
      pending.entries.append(entry)
      return pending.entries.count
    }
  }

  /// Waits so long, or until there is nothing to store.
  func wait(milliseconds: UInt64) {
    _ = pending.wait(until: .after(milliseconds: milliseconds)) { $0.entries.isEmpty ? true : nil }
  }

  /// Whether something waits to be stored.
  var hasEntries: Bool { pending.withLock { !$0.entries.isEmpty } }

  /// Reads what is stored, and gives what waits to be stored beside it: no call is in both, or in neither.
  func whole<Stored>(
    _ stored: () throws(ServiceError) -> Stored
  ) throws(ServiceError) -> (stored: Stored, waiting: [UsageEntry]) {
    while true {
      let takes = pending.wait { $0.isStoring ? nil : $0.takes }
      let read = try stored()
      if let waiting = pending.withLock({ $0.takes == takes ? $0.entries : nil }) { return (read, waiting) }
    }
  }

  /// Hands over what waits.
  func take() -> [UsageEntry] {
    pending.withLock { pending in
      defer { pending = Pending(entries: [], isStoring: true, takes: pending.takes + 1) }
      return pending.entries
    }
  }

  /// What was handed over is stored, or lost.
  func endStoring() {
    pending.withLock { $0.isStoring = false }
    pending.notify()
  }
}

extension LocalStore: UsageLedger {
  /// How long a charge may wait to be stored, in milliseconds: what a process that is killed loses is younger.
  ///
  /// Reading does not write, so that charges are stored together, and no read waits for more than a commit now and then.
  private static let usageDelay: UInt64 = 250
  /// So many charges don't wait.
  private static let usageBatch = 256

  /// Notes a charge; stored with those that follow it soon, and when the store is closed.
  public func record(capability: String, credits: Int, at time: Timestamp) {
    let waiting = books.add(UsageEntry(capability: capability, credits: credits, at: time))
    if waiting >= Self.usageBatch { flushUsage() }
    guard waiting == 1 else { return }
    Thread.start("ledger") { [self] in
      books.wait(milliseconds: Self.usageDelay)
      flushUsage()
    }
  }

  func flushUsage() {
    guard books.hasEntries else { return }
    // Taken by the write itself, so that a call is always to be found in one place: a read waits for open writes. The
    // write may run twice.
    let taken = Mutex<[UsageEntry]?>(nil)
    writer.add(
      .change(
        { [books] transaction throws(ServiceError) in
          let entries = taken.withLock { taken in
            let entries = taken ?? books.take()
            taken = entries
            return entries
          }
          for entry in entries { try Self.store(entry, transaction) }
          return .answered(Answer(payload: []))
        },
        completion: { [log, books] outcome in
          books.endStoring()
          if case .failure(let error) = outcome { log.error("usage was not recorded: \(error.message)") }
        }))
  }

  private static func store(_ entry: UsageEntry, _ transaction: WriteTransaction) throws(ServiceError) {
    let ledger = try transaction.database.statement(
      "INSERT INTO usage_ledger (at, capability, credits) VALUES (?1, ?2, ?3)")
    let days = try transaction.database.statement(
      """
      INSERT INTO usage_days (day, capability, calls, credits) VALUES (?1 / 86400000, ?2, 1, ?3)
      ON CONFLICT (day, capability) DO UPDATE SET calls = calls + 1, credits = credits + ?3
      """)
    for statement in [ledger, days] {
      statement.bind(entry.at.milliseconds, at: 1)
      statement.bind(entry.capability, at: 2)
      statement.bind(Int64(entry.credits), at: 3)
      try statement.run()
    }
  }
}
