/// A stack that grows on demand and hands over its top items in one move.
struct ScratchStack<Item>: ~Copyable {
  private(set) var items: UnsafeMutablePointer<Item>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int) {
    items = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit {
    items.deinitialize(count: count)
    items.deallocate()
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
    items.deallocate()
    items = larger
    capacity *= 2
  }
}
