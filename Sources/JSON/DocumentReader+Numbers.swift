/// A number's parts as they are read.
private struct Decimal {
  /// All digits as one integer; wraps when there are more than 19.
  var digits: UInt64 = 0
  var digitCount = 0
  /// The power of ten that `digits` is to be multiplied by.
  var exponent = 0
}

extension DocumentReader {
  /// Reads a number; `next` is at its sign or first digit.
  mutating func number() throws(JSONError) -> JSONValue {
    let first = next
    let isNegative = next.pointee == UInt8(ascii: "-")
    if isNegative { next += 1 }
    var decimal = Decimal()
    if next < end, next.pointee == UInt8(ascii: "0") {
      next += 1
      if next < end, isDigit(next.pointee) { throw fault(.invalidNumber) }
    } else {
      try digits(into: &decimal)
    }
    if next < end, next.pointee == UInt8(ascii: ".") || next.pointee | 0x20 == UInt8(ascii: "e") {
      return try .number(real(decimal, from: first, isNegative: isNegative))
    }
    if decimal.digitCount > 19 { return try .number(rounded(from: first)) }
    if isNegative, decimal.digits == 0 { return .number(-0.0) }
    let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
    guard decimal.digits <= limit else { return try .number(rounded(from: first)) }
    return .integer(Int64(truncatingIfNeeded: isNegative ? 0 &- decimal.digits : decimal.digits))
  }

  /// Reads the fraction and the exponent.
  private mutating func real(
    _ whole: Decimal, from first: UnsafePointer<UInt8>, isNegative: Bool
  ) throws(JSONError) -> Double {
    var decimal = whole
    if next.pointee == UInt8(ascii: ".") {
      next += 1
      let before = decimal.digitCount
      try digits(into: &decimal)
      decimal.exponent = before - decimal.digitCount
    }
    if next < end, next.pointee | 0x20 == UInt8(ascii: "e") {
      next += 1
      decimal.exponent += try exponent()
    }
    // Both factors are exact doubles, so one operation rounds correctly (Clinger 1990).
    if decimal.digitCount <= 19, decimal.digits <= 1 << 53, decimal.exponent.magnitude <= 22 {
      let power = powersOfTen[Int(decimal.exponent.magnitude)]
      let digits = Double(decimal.digits)
      let value = decimal.exponent < 0 ? digits / power : digits * power
      return isNegative ? -value : value
    }
    return try rounded(from: first)
  }

  /// Reads at least one digit.
  @inline(__always)
  private mutating func digits(into decimal: inout Decimal) throws(JSONError) {
    let first = next
    while next < end, isDigit(next.pointee) {
      decimal.digits = decimal.digits &* 10 &+ UInt64(next.pointee &- UInt8(ascii: "0"))
      next += 1
    }
    decimal.digitCount += next - first
    guard next > first else { throw fault(next < end ? .invalidNumber : .endOfText) }
  }

  /// Reads an exponent's sign and digits; stops counting where no double reaches.
  private mutating func exponent() throws(JSONError) -> Int {
    var isNegative = false
    if next < end, next.pointee == UInt8(ascii: "-") || next.pointee == UInt8(ascii: "+") {
      isNegative = next.pointee == UInt8(ascii: "-")
      next += 1
    }
    let first = next
    var exponent = 0
    while next < end, isDigit(next.pointee) {
      exponent = min(exponent * 10 + Int(next.pointee &- UInt8(ascii: "0")), 100_000)
      next += 1
    }
    guard next > first else { throw fault(next < end ? .invalidNumber : .endOfText) }
    return isNegative ? -exponent : exponent
  }

  /// Rounds the number that ends at `next` with the library's algorithm.
  private mutating func rounded(from first: UnsafePointer<UInt8>) throws(JSONError) -> Double {
    let text = String(decoding: UnsafeBufferPointer(start: first, count: next - first), as: UTF8.self)
    guard let value = Double(text), value.isFinite else { throw JSONError(.numberOutOfRange, at: first - start) }
    return value
  }
}

@inline(__always)
private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

/// The powers of ten that a double holds exactly.
private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]
