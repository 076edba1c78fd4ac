/// Numbers as text in base 32: lower-case letters and digits without i, l, o and u, which people misread.
public enum Base32 {
  private static let digits: [UInt8] = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// The low `digits` × 5 bits, most significant digit first.
  public static func text(_ value: UInt64, digits count: Int) -> String {
    String(unsafeUninitializedCapacity: count) { bytes in
      write(value, digits: count, into: bytes)
      return count
    }
  }

  /// Writes ``text(_:digits:)`` into the first `count` bytes.
  public static func write(_ value: UInt64, digits count: Int, into bytes: UnsafeMutableBufferPointer<UInt8>) {
    var rest = value
    digits.withUnsafeBufferPointer { digits in
      for position in stride(from: count - 1, through: 0, by: -1) {
        bytes[position] = digits[Int(rest & 31)]
        rest >>= 5
      }
    }
  }

  /// The number that the digits stand for; nil when one is not a digit or the number has more than 64 bits.
  public static func number(_ text: some Collection<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for byte in text {
      guard let digit = digitValue(byte), value >> 59 == 0 else { return nil }
      value = value << 5 | UInt64(digit)
    }
    return value
  }

  private static func digitValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "h"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "j"), UInt8(ascii: "k"): byte - UInt8(ascii: "j") + 18
    case UInt8(ascii: "m"), UInt8(ascii: "n"): byte - UInt8(ascii: "m") + 20
    case UInt8(ascii: "p")...UInt8(ascii: "t"): byte - UInt8(ascii: "p") + 22
    case UInt8(ascii: "v")...UInt8(ascii: "z"): byte - UInt8(ascii: "v") + 27
    default: nil
    }
  }
}
