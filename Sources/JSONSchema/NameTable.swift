import JSON

/// Finds names by their bytes; made once, for a few names that are known beforehand.
public struct NameTable: Sendable {
  /// The names, by position.
  public let all: [String]
  /// Position + 1, 0 where free; a power of two in length, at most half full.
  private let slots: [UInt16]
  private let longest: Int

  /// Makes a table.
  ///
  /// - Precondition: the names differ, are ASCII, and there are fewer than 30,000.
  public init(_ names: [String]) {
    precondition(names.count < 30_000, "a table of names is for few names")
    precondition(names.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }, "a table's names must be ASCII")
    all = names
    longest = names.reduce(0) { max($0, $1.utf8.count) }
    var count = 2
    while count < names.count * 2 { count *= 2 }
    var slots = [UInt16](repeating: 0, count: count)
    for (position, name) in names.enumerated() {
      var slot = name.withUTF8Bytes { Self.hash($0) } & (count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = UInt16(position + 1)
    }
    self.slots = slots
  }

  /// The name at a position.
  public subscript(_ position: Int) -> String { all[position] }

  /// The position of a name; nil when there is none.
  public func position(of name: String) -> Int? {
    name.withUTF8Bytes { bytes in
      guard bytes.count <= longest else { return nil }
      let mask = slots.count - 1
      var slot = Self.hash(bytes) & mask
      while slots[slot] != 0 {
        let position = Int(slots[slot]) - 1
        // Of the same length as an ASCII name, only the same bytes are equal to it.
        if all[position].utf8.count == bytes.count, all[position] == name { return position }
        slot = (slot + 1) & mask
      }
      return nil
    }
  }

  /// FNV-1a, good enough since the names in the table are ours: nobody can make them collide.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for byte in bytes { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int(hash ^ hash >> 15)
  }
}
