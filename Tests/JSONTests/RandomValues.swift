import JSON

/// Random numbers that a seed determines (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Values of every shape that a parser could take wrongly.
struct RandomValues {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func value(depth: Int = 5) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &generator) {
    case 0: return .null
    case 1: return .bool(.random(using: &generator))
    case 2: return .integer(integer())
    case 3: return .number(number())
    case 4, 5: return .string(string())
    case 6: return .array((0..<count()).map { _ in value(depth: depth - 1) })
    default:
      var members = JSONObject()
      for _ in 0..<count() { members[string()] = value(depth: depth - 1) }
      return .object(members)
    }
  }

  mutating func integer() -> Int64 {
    let value = Int64(bitPattern: generator.next())
    return value >> Int64.random(in: 0..<64, using: &generator)
  }

  /// A finite double: of any bits, with few digits, or whole.
  mutating func number() -> Double {
    switch Int.random(in: 0..<3, using: &generator) {
    case 0:
      let value = Double(bitPattern: generator.next())
      return value.isFinite ? value : 0.5
    case 1: return Double(Int.random(in: -100_000...100_000, using: &generator)) / 1000
    default: return Double(integer())
    }
  }

  mutating func string() -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<count() { text.append(scalar()) }
    return String(text)
  }

  private mutating func scalar() -> Unicode.Scalar {
    let range: ClosedRange<UInt32> =
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: 0...0x1F
      case 1: 0x22...0x22
      case 2: 0x5C...0x5C
      case 3: 0x80...0x7FF
      case 4: 0x800...0xFFFF
      case 5: 0x10000...0x10FFFF
      default: 0x20...0x7E
      }
    return Unicode.Scalar(UInt32.random(in: range, using: &generator)) ?? "\u{FFFD}"
  }

  /// Mostly few, now and then many.
  private mutating func count() -> Int {
    Int.random(in: 0..<(Int.random(in: 0..<8, using: &generator) == 0 ? 40 : 6), using: &generator)
  }
}
