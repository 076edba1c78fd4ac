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

  private mutating func cut() {
    keys.sort(by: isDescending ? (>) : (<))
    if keys.count > wanted { keys.removeLast(keys.count - wanted) }
    if keys.count == wanted { bar = keys.last }
  }
}
