extension String {
  /// Gives the UTF-8 bytes without a copy where the string has them in one piece, as all of ours have.
  @inlinable
  @inline(__always)
  public func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }

  /// Whether both strings consist of the same bytes: `==` would also equate different spellings of a character.
  @inlinable
  @inline(__always)
  public func hasSameBytes(as other: String) -> Bool {
    utf8.count == other.utf8.count && hasEqualBytes(other)
  }

  @usableFromInline
  @inline(never)
  func hasEqualBytes(_ other: String) -> Bool {
    withUTF8Bytes { left in
      other.withUTF8Bytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
        return areEqual(left, right, count: utf8.count)
      }
    }
  }
}

/// Compares eight bytes at a time.
private func areEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, count: Int) -> Bool {
  var place = 0
  while count - place >= 8 {
    let (leftWord, rightWord) = (
      left.loadUnaligned(fromByteOffset: place, as: UInt64.self),
      right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    )
    guard leftWord == rightWord else { return false }
    place += 8
  }
  while place < count {
    guard left.load(fromByteOffset: place, as: UInt8.self) == right.load(fromByteOffset: place, as: UInt8.self)
    else { return false }
    place += 1
  }
  return true
}

extension Hasher {
  /// Feeds in the bytes of a string and its end.
  @inline(__always)
  mutating func combine(bytesOf string: String) {
    string.withUTF8Bytes { combine(bytes: UnsafeRawBufferPointer($0)) }
    combine(0xFF as UInt8)
  }
}

/// The length of the well-formed UTF-8 sequence that begins at `start`, whose first byte is not ASCII; 0 when it is
/// ill-formed (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF) or cut off by `end`.
@inline(__always)
func lengthOfSequence(at start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) -> Int {
  let length: Int
  let second: ClosedRange<UInt8>
  switch start[0] {
  case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
  case 0xE0: (length, second) = (3, 0xA0...0xBF)
  case 0xED: (length, second) = (3, 0x80...0x9F)
  case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
  case 0xF0: (length, second) = (4, 0x90...0xBF)
  case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
  case 0xF4: (length, second) = (4, 0x80...0x8F)
  default: return 0
  }
  guard end - start >= length, second.contains(start[1]) else { return 0 }
  if length > 2, start[2] & 0xC0 != 0x80 { return 0 }
  if length > 3, start[3] & 0xC0 != 0x80 { return 0 }
  return length
}
