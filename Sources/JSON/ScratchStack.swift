/// A stack that begins in memory lent by the caller and moves to memory of its own when it needs more.
struct ScratchStack<Item>: ~Copyable {
  private(set) var items: UnsafeMutablePointer<Item>
  private(set) var count = 0
  private var capacity: Int
  private var ownsMemory = false

  /// Borrows memory, which must outlive the stack.
  init(in memory: UnsafeMutablePointer<Item>, capacity: Int) {
    items = memory
    self.capacity = capacity
  }

  deinit {
    items.deinitialize(count: count)
    if ownsMemory { items.deallocate() }
  }

  @inline(__always)
  mutating func push(_ item: consuming Item) {
    if count == capacity { grow() }
    (items + count).initialize(to: item)
    count &+= 1
  }

  /// Takes the top `number` items off without destroying them: the caller has moved them elsewhere.
  @inline(__always)
  mutating func forget(_ number: Int) { count &-= number }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Item>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: items, count: count)
    if ownsMemory { items.deallocate() }
    (items, capacity, ownsMemory) = (larger, capacity * 2, true)
  }
}
