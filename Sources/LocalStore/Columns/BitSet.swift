/// A set of small whole numbers, one bit each.
struct BitSet: Sendable {
  private var words: [UInt64] = []

  init() {}

  init(_ rows: [Int64]) {
    for row in rows { insert(UInt32(truncatingIfNeeded: row)) }
  }

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

  /// So many members, from the smallest or the largest on.
  func rows(_ limit: Int64, skipping offset: Int64, isDescending: Bool) -> [Int64] {
    var rows: [Int64] = []
    var left = offset
    for index in isDescending ? Array(words.indices.reversed()) : Array(words.indices) {
      var rest = words[index]
      let count = Int64(rest.nonzeroBitCount)
      guard left < count else {
        left -= count
        continue
      }
      while rest != 0, Int64(rows.count) < limit {
        let bit = isDescending ? 63 - rest.leadingZeroBitCount : rest.trailingZeroBitCount
        rest &= ~(1 << UInt64(bit))
        if left > 0 { left -= 1 } else { rows.append(Int64(index * 64 + bit)) }
      }
      guard Int64(rows.count) < limit else { break }
    }
    return rows
  }

  /// Takes in the members of a set that was stored as ``bytes``.
  mutating func formUnion(_ bytes: UnsafeRawBufferPointer) {
    let count = bytes.count / MemoryLayout<UInt64>.stride
    if count > words.count { grow(to: count - 1) }
    for index in 0..<count {
      words[index] |= bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<UInt64>.stride, as: UInt64.self)
    }
  }

  /// The words of the set, up to the last that is not empty.
  var bytes: [UInt8] {
    let count = (words.lastIndex { $0 != 0 } ?? -1) + 1
    return words[..<count].withUnsafeBytes { Array($0) }
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
