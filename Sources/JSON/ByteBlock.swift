/// Sixteen bytes looked at in one step.
struct ByteBlock {
  /// A bit pattern of 16 bytes: 0xFF where a test holds, else 0; the first byte is the lowest of `low`.
  struct Mask {
    let low, high: UInt64

    @inline(__always)
    init(_ mask: SIMDMask<SIMD16<Int8>>) {
      let words = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
      (low, high) = (words[0], words[1])
    }

    @inline(__always)
    var isEmpty: Bool { low | high == 0 }

    /// The position of the first byte for which the test holds; 16 when there is none.
    @inline(__always)
    var first: Int { low != 0 ? low.trailingZeroBitCount &>> 3 : 8 &+ high.trailingZeroBitCount &>> 3 }
  }

  let bytes: SIMD16<UInt8>

  /// Reads the 16 bytes at `start`.
  @inline(__always)
  init(at start: UnsafePointer<UInt8>) {
    bytes = UnsafeRawPointer(start).loadUnaligned(as: SIMD16<UInt8>.self)
  }

  @inline(__always)
  init(low: UInt64, high: UInt64) { bytes = unsafeBitCast(SIMD2(low, high), to: SIMD16<UInt8>.self) }

  @inline(__always)
  var words: SIMD2<UInt64> { unsafeBitCast(bytes, to: SIMD2<UInt64>.self) }

  @inline(__always)
  private var quotes: SIMDMask<SIMD16<Int8>> {
    // Compared with a scalar, the standard library goes through the bytes one by one.
    (bytes .== SIMD16(repeating: 0x22)) .| (bytes .== SIMD16(repeating: 0x5C))
  }

  /// Everything but printable ASCII.
  ///
  /// As signed numbers, control characters and bytes above 0x7F are those below 0x20: one comparison finds both.
  @inline(__always)
  var unusual: Mask {
    let signed = unsafeBitCast(bytes, to: SIMD16<Int8>.self)
    return Mask((signed .< SIMD16(repeating: 0x20)) .| (bytes .== SIMD16(repeating: 0x7F)))
  }

  /// What must be escaped in a string: quote, backslash, control character.
  @inline(__always)
  var escapes: Mask { Mask((bytes .< SIMD16(repeating: 0x20)) .| quotes) }
}

extension ByteBlock {
  /// Reads `count` bytes, 1 to 15, and fills up with spaces; never touches what lies behind them.
  @inline(__always)
  init(at start: UnsafePointer<UInt8>, count: Int) {
    if count >= 8 {
      let (low, high) = (Self.word(at: start), Self.word(at: start + (count &- 8)))
      // The last eight bytes overlap the first ones: what belongs behind them is shifted down.
      let missing = UInt64(truncatingIfNeeded: 16 &- count) &* 8
      let kept = count == 8 ? 0 : high &>> missing
      self.init(low: low, high: kept | Self.spaces(after: count &- 8))
    } else {
      var low: UInt64 = 0
      if count >= 4 {
        let tail = UInt64(Self.half(at: start + (count &- 4)))
        low = UInt64(Self.half(at: start)) | tail &<< (UInt64(truncatingIfNeeded: count &- 4) &* 8)
      } else {
        // One, two or three bytes: first, middle and last are all there are.
        low = UInt64(start[0]) | UInt64(start[count &>> 1]) &<< (UInt64(truncatingIfNeeded: count &>> 1) &* 8)
        low |= UInt64(start[count &- 1]) &<< (UInt64(truncatingIfNeeded: count &- 1) &* 8)
      }
      self.init(low: low | Self.spaces(after: count), high: Self.spaces(after: 0))
    }
  }

  @inline(__always)
  private static func word(at place: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func half(at place: UnsafePointer<UInt8>) -> UInt32 {
    UInt32(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt32.self))
  }

  /// A word of spaces but for its first `count` bytes, 0 to 7, which are 0.
  @inline(__always)
  private static func spaces(after count: Int) -> UInt64 {
    0x2020_2020_2020_2020 &<< (UInt64(truncatingIfNeeded: count) &* 8)
  }
}
