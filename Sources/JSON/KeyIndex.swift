/// Where each key of a large object is: an open-addressing table of positions, nothing for a small object.
///
/// Keys are hashed by their bytes with the process's random seed. Swift's own string hash would let a hostile text fill
/// one bucket with different spellings of the same characters.
struct KeyIndex: Sendable {
  /// Up to this many members a search one by one is faster.
  static let smallest = 16

  /// Position + 1 of a member, 0 where free; a power of two in length, at most half full.
  private var slots: [UInt32] = []

  init() {}

  /// Makes the index of keys that are known to differ.
  init(of members: [JSONObject.Member]) {
    guard members.count > Self.smallest else { return }
    _ = fill(from: members)
  }

  /// Makes the index and finds a key that occurs twice; the index leads to its first occurrence.
  /// - Returns: the position of the first member whose key an earlier one has, nil when all keys differ.
  mutating func fill(from members: [JSONObject.Member]) -> Int? {
    slots = Array(repeating: 0, count: Self.slotCount(for: members.count))
    var repeated: Int?
    for position in members.indices {
      let slot = slot(of: members[position].key, in: members)
      if slots[slot] == 0 {
        slots[slot] = UInt32(position + 1)
      } else if repeated == nil {
        repeated = position
      }
    }
    return repeated
  }

  var isEmpty: Bool { slots.isEmpty }

  func position(of key: String, in members: [JSONObject.Member]) -> Int? {
    let entry = slots[slot(of: key, in: members)]
    return entry == 0 ? nil : Int(entry) - 1
  }

  /// Takes up the last member.
  mutating func noteAppended(to members: [JSONObject.Member]) {
    guard members.count > Self.smallest else { return }
    if slots.count < members.count * 2 {
      _ = fill(from: members)
    } else if let last = members.last {
      let slot = slot(of: last.key, in: members)
      if slots[slot] == 0 { slots[slot] = UInt32(members.count) }
    }
  }

  /// The slot that holds the key, or the free one where it belongs.
  private func slot(of key: String, in members: [JSONObject.Member]) -> Int {
    var hasher = Hasher()
    hasher.combine(bytesOf: key)
    let mask = slots.count - 1
    var slot = hasher.finalize() & mask
    while slots[slot] != 0, !members[Int(slots[slot]) - 1].key.hasSameBytes(as: key) { slot = (slot + 1) & mask }
    return slot
  }

  /// Room for twice the members that are there, so that appending is cheap.
  private static func slotCount(for count: Int) -> Int {
    var slots = 64
    while slots < count * 2 { slots *= 2 }
    return slots
  }
}
