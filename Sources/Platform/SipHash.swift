/// SipHash-2-4 of one or two 64-bit words under a secret key: a short code that can't be guessed without the key.
///
/// Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012.
public struct SipHash: Sendable {
  private let key: (UInt64, UInt64)

  /// A function under this key of 128 bits.
  public init(key: (UInt64, UInt64)) { self.key = key }

  /// The code of two words.
  public func callAsFunction(_ first: UInt64, _ second: UInt64) -> UInt64 {
    var v0 = key.0 ^ 0x736f_6d65_7073_6575
    var v1 = key.1 ^ 0x646f_7261_6e64_6f6d
    var v2 = key.0 ^ 0x6c79_6765_6e65_7261
    var v3 = key.1 ^ 0x7465_6462_7974_6573
    @inline(__always)
    func round() {
      v0 &+= v1
      v1 = (v1 << 13) | (v1 >> 51)
      v1 ^= v0
      v0 = (v0 << 32) | (v0 >> 32)
      v2 &+= v3
      v3 = (v3 << 16) | (v3 >> 48)
      v3 ^= v2
      v0 &+= v3
      v3 = (v3 << 21) | (v3 >> 43)
      v3 ^= v0
      v2 &+= v1
      v1 = (v1 << 17) | (v1 >> 47)
      v1 ^= v2
      v2 = (v2 << 32) | (v2 >> 32)
    }
    @inline(__always)
    func absorb(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }
    absorb(first)
    absorb(second)
    absorb(16 << 56)  // the length in bytes, in the top byte of the last word
    v2 ^= 0xff
    round()
    round()
    round()
    round()
    return v0 ^ v1 ^ v2 ^ v3
  }
}
