/// Bytes in memory of their own that grows on demand.
@usableFromInline
struct ByteBuffer: ~Copyable, @unchecked Sendable {  // nobody else has the pointer
  @usableFromInline private(set) var start: UnsafeMutablePointer<UInt8>
  @usableFromInline private(set) var capacity: Int
  @usableFromInline var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    start = .allocate(capacity: self.capacity)
  }

  @inlinable
  deinit { start.deallocate() }

  /// Where the next byte goes.
  @inlinable
  @inline(__always)
  var end: UnsafeMutablePointer<UInt8> { start + count }

  var contents: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }

  /// Makes sure that `number` further bytes fit.
  @inlinable
  @inline(__always)
  mutating func reserve(_ number: Int) {
    if capacity &- count < number { grow(by: number) }
  }

  @usableFromInline
  @inline(never)
  mutating func grow(by number: Int) { resize(to: max(count + number, capacity * 2)) }

  /// Moves the bytes into memory of another size, which must hold them.
  mutating func resize(to size: Int) {
    let other = UnsafeMutablePointer<UInt8>.allocate(capacity: size)
    other.initialize(from: start, count: count)
    start.deallocate()
    start = other
    capacity = size
  }

  mutating func removeAll() { count = 0 }

  @inlinable
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    start[count] = byte
    count &+= 1
  }

  @inlinable
  @inline(__always)
  mutating func append(_ bytes: UnsafePointer<UInt8>, count number: Int) {
    reserve(number)
    end.initialize(from: bytes, count: number)
    count &+= number
  }

  /// Appends the first bytes of a block.
  @inline(__always)
  mutating func append(_ block: ByteBlock, count number: Int) {
    reserve(16)
    UnsafeMutableRawPointer(end).storeBytes(of: block.bytes, as: SIMD16<UInt8>.self)
    count &+= number
  }
}
