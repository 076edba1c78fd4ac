/// The best of many events by an order, without keeping all of them.
struct EventRanking {
  /// What decides, in this order.
  struct Key: Comparable {
    /// The place of the name among all names; 0 where names don't matter.
    var rank: Int32 = 0
    var time: Int64 = 0
    let event: Int64

    static func < (left: Key, right: Key) -> Bool {
      if left.rank != right.rank { return left.rank < right.rank }
      if left.time != right.time { return left.time < right.time }
      return left.event < right.event
    }
  }

  private let wanted: Int
  private let isDescending: Bool
  private var keys: [Key] = []
  /// What is no better than this is not among the wanted.
  private var bar: Key?

  /// - Parameter wanted: how many are kept.
  init(_ wanted: Int, isDescending: Bool) {
    self.wanted = wanted
    self.isDescending = isDescending
  }

  /// Whether no event with this rank, of these times, can be among the wanted.
  func isBeyond(rank: Int32 = 0, _ times: ClosedRange<Int64>) -> Bool {
    guard let bar else { return wanted == 0 }
    let best = Key(
      rank: rank, time: isDescending ? times.upperBound : times.lowerBound, event: isDescending ? .max : .min)
    return isDescending ? best < bar : bar < best
  }

  @inline(__always)
  mutating func add(_ key: Key) {
    if let bar, isDescending ? key < bar : bar < key { return }
    keys.append(key)
    if keys.count >= wanted &+ wanted &+ 1024 { cut() }
  }

  /// The rows of the wanted, best first.
  mutating func events(from offset: Int) -> [Int64] {
    cut()
    return keys.dropFirst(offset).map(\.event)
  }

  /// Sets the bar, so that blocks which can't hold any better need not be read; for between blocks.
  mutating func settle() {
    if keys.count >= wanted, bar == nil || keys.count > wanted + wanted / 8 + 16 { cut() }
  }

  private mutating func cut() {
    keys.sort(by: isDescending ? (>) : (<))
    if keys.count > wanted { keys.removeLast(keys.count - wanted) }
    if keys.count == wanted { bar = keys.last }
  }
}
