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
    separate(reserving: Self.roomForDigits &+ 16)
    appendDigits(of: value)
  }

  /// Writes a number so that reading it gives the same double; one that is not finite becomes `null`.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    // A float's description takes ten times as long as an integer's digits, and most numbers are whole.
    if value.magnitude < 0x1p53, let whole = Int64(exactly: value), whole != 0 || value.sign == .plus {
      separate(reserving: Self.roomForDigits &+ 16)
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
      for member in members.inCanonicalOrder {
        key(member.key)
        canonicalValue(member.value)
      }
      endObject()
    default: self.value(value)
    }
  }

  /// Writes an integer's digits into room that has been reserved: `roomForDigits` bytes.
  ///
  /// The digits are made from the last to the first, further along in the room, and then moved to their place.
  @inline(__always)
  private mutating func appendDigits(of value: Int64) {
    let room = UnsafeMutableRawPointer(buffer.end)
    var first = Self.roomForDigits
    var rest = value.magnitude
    while rest >= 100 {
      let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
      rest = quotient
      first &-= 2
      room.storeBytes(of: digitPair(pair), toByteOffset: first, as: UInt16.self)
    }
    if rest >= 10 {
      first &-= 2
      room.storeBytes(of: digitPair(rest), toByteOffset: first, as: UInt16.self)
    } else {
      first &-= 1
      room.storeBytes(of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest), toByteOffset: first, as: UInt8.self)
    }
    if value < 0 {
      first &-= 1
      room.storeBytes(of: UInt8(ascii: "-"), toByteOffset: first, as: UInt8.self)
    }
    let length = Self.roomForDigits &- first
    let digits = room + first
    room.storeBytes(of: digits.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
    if length > 16 {
      let last = (digits + (length &- 4)).loadUnaligned(as: UInt32.self)
      room.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
    }
    buffer.count &+= length
  }

  /// The longest integer twice, so that making and moving never overlap, and what a move touches behind it.
  private static var roomForDigits: Int { 56 }
}

/// The two digits of a number below 100 as they stand in memory.
@inline(__always)
private func digitPair(_ value: UInt64) -> UInt16 {
  UnsafeRawPointer(digitPairs.utf8Start).loadUnaligned(
    fromByteOffset: 2 &* Int(truncatingIfNeeded: value), as: UInt16.self)
}

private let digitPairs: StaticString = """
  0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
  5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
  """
