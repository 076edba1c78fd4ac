/// Numbers that look random and are the same every time (SplitMix64).
struct DemoRandom {
  private var state: UInt64

  /// The row of numbers of a seed.
  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from a range.
  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  /// True so many times of a hundred.
  mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

  /// One of a list that is not empty.
  mutating func pick<Element>(_ list: [Element]) -> Element { list[number(0...(list.count - 1))] }

  /// One of a list, each as often as its weight says.
  mutating func pick<Element>(weighted list: [(Element, Int)]) -> Element {
    var rest = number(1...list.reduce(0) { $0 + $1.1 })
    for (element, weight) in list.dropLast() {
      rest -= weight
      if rest <= 0 { return element }
    }
    return list[list.count - 1].0
  }

  /// The list in another order.
  mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
    var list = list
    for end in list.indices.dropFirst().reversed() { list.swapAt(end, number(0...end)) }
    return list
  }
}
