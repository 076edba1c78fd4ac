/// Guesses what a misspelt name was meant to be.
public enum Nearest {
  /// The name that is nearest to what was written; nil when none is near.
  ///
  /// Case and separators don't count (`contactId` is `contact_id`); swapped neighbours are one mistake.
  public static func name(to written: String, among names: [String]) -> String? {
    let target = letters(of: written)
    guard !target.isEmpty else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let candidate = letters(of: name)
      let distance = distance(target, candidate)
      guard distance <= tolerance(target, candidate), distance < best?.distance ?? .max else { continue }
      best = (name, distance)
    }
    return best?.name
  }

  /// A third of the letters may be wrong; a name that contains the other (`agent_id` for `id`) is always near enough.
  private static func tolerance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let (short, long) = left.count < right.count ? (left, right) : (right, left)
    if short.count >= 2, long.suffix(short.count) == short[...] || long.prefix(short.count) == short[...] {
      return long.count - short.count
    }
    return max(1, short.count / 3)
  }

  /// ASCII letters and digits in lower case, and bytes of other scripts; at most 64, so that the cost is bounded.
  private static func letters(of name: String) -> [UInt8] {
    var letters: [UInt8] = []
    for byte in name.utf8 where letters.count < 64 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): letters.append(byte | 0x20)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: letters.append(byte)
      default: break
      }
    }
    return letters
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
