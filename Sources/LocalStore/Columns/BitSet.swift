/// A set of small whole numbers, one bit each.
struct BitSet: Sendable {
  private var words: [UInt64] = []

  /// The number of members.
  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  @inline(__always)
  func contains(_ number: UInt32) -> Bool {
    let word = Int(number >> 6)
    return word < words.count && words[word] & (1 << UInt64(number & 63)) != 0
  }

  @inline(__always)
  mutating func insert(_ number: UInt32) {
    let word = Int(number >> 6)
    if word >= words.count { grow(to: word) }
    words[word] |= 1 << UInt64(number & 63)
  }

  /// Lends the bits, for many questions in a row.
  @inline(__always)
  func withBits<Result>(_ body: (Bits) -> Result) -> Result {
    words.withUnsafeBufferPointer { body(Bits(words: $0)) }
  }

  /// The bits of a set, lent.
  struct Bits {
    fileprivate let words: UnsafeBufferPointer<UInt64>

    @inline(__always)
    func contains(_ number: UInt32) -> Bool {
      let word = Int(number >> 6)
      return word < words.count && words[word] & (1 << UInt64(number & 63)) != 0
    }
  }

  /// Takes a member out; nothing happens when it is none.
  mutating func remove(_ number: UInt32) {
    let word = Int(number >> 6)
    if word < words.count { words[word] &= ~(1 << UInt64(number & 63)) }
  }

  /// Keeps what the other set holds, too.
  mutating func formIntersection(_ other: BitSet) {
    if words.count > other.words.count { words.removeLast(words.count - other.words.count) }
    for index in words.indices { words[index] &= other.words[index] }
  }

  /// Takes out what the other set holds.
  mutating func subtract(_ other: BitSet) {
    for index in 0..<min(words.count, other.words.count) { words[index] &= ~other.words[index] }
  }

  /// Visits the members from the largest to the smallest until the body says that it has enough.
  func forEachDescending(_ body: (UInt32) -> Bool) {
    for index in words.indices.reversed() {
      var rest = words[index]
      while rest != 0 {
        let bit = 63 - rest.leadingZeroBitCount
        rest &= ~(1 << UInt64(bit))
        guard body(UInt32(truncatingIfNeeded: index * 64 + bit)) else { return }
      }
    }
  }

  /// Makes room for numbers up to this one.
  mutating func reserve(_ number: UInt32) {
    let word = Int(number >> 6)
    if word >= words.count { grow(to: word) }
  }

  /// Lends the bits, 64 in a word, to be changed.
  mutating func withMutableBits<Result>(_ body: (UnsafeMutableBufferPointer<UInt64>) -> Result) -> Result {
    words.withUnsafeMutableBufferPointer { body($0) }
  }

  private mutating func grow(to word: Int) {
    let size = max(word + 1, words.count * 2)
    words.append(contentsOf: repeatElement(0, count: size - words.count))
  }
}
