// Scalars and whole values.
extension JSONWriter {
  /// Writes `null`.
  @inlinable
  public mutating func null() { raw("null") }

  /// Writes `true` or `false`.
  @inlinable
  public mutating func bool(_ value: Bool) { value ? raw("true") : raw("false") }

  /// Writes an integer, exact.
  public mutating func integer(_ value: Int64) {
    separate(reserving: 20)
    appendDigits(of: value)
  }

  /// Writes a number so that reading it gives the same double; one that is not finite becomes `null`.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    // A float's description takes ten times as long as an integer's digits, and most numbers are whole.
    if value.magnitude < 0x1p53, let whole = Int64(exactly: value), whole != 0 || value.sign == .plus {
      separate(reserving: 22)
      appendDigits(of: whole)
      return append(".0")
    }
    value.description.withUTF8Bytes { raw(UnsafeRawBufferPointer($0)) }
  }

  /// Writes a value with everything in it.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .integer(let value): integer(value)
    case .number(let value): number(value)
    case .string(let value): string(value)
    case .array(let items):
      beginArray()
      for item in items { self.value(item) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.key)
        self.value(member.value)
      }
      endObject()
    }
  }

  /// Writes the form that `JSONValue.canonicalized()` describes.
  mutating func canonicalValue(_ value: JSONValue) {
    switch value {
    case .number:
      if let whole = value.integerValue { integer(whole) } else { self.value(value) }
    case .array(let items):
      beginArray()
      for item in items { canonicalValue(item) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        key(member.key)
        canonicalValue(member.value)
      }
      endObject()
    default: self.value(value)
    }
  }

  /// Writes an integer's digits into room that has been reserved: at most 20 bytes.
  @inline(__always)
  private mutating func appendDigits(of value: Int64) {
    var rest = value.magnitude
    if value < 0 { buffer.append(UInt8(ascii: "-")) }
    let length = decimalLength(of: rest)
    var to = buffer.end + length
    buffer.count &+= length
    while rest >= 100 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      to -= 2
      to.initialize(from: digitPairs.utf8Start + 2 &* Int(truncatingIfNeeded: pair), count: 2)
    }
    if rest >= 10 {
      (to - 2).initialize(from: digitPairs.utf8Start + 2 &* Int(truncatingIfNeeded: rest), count: 2)
    } else {
      (to - 1).initialize(to: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest))
    }
  }
}

@inline(__always)
private func decimalLength(of value: UInt64) -> Int {
  var (length, bound) = (1, 10 as UInt64)
  while length < 20, value >= bound {
    length &+= 1
    bound = bound &* 10
  }
  return length
}

private let digitPairs: StaticString = """
  0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
  5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
  """
