/// What events are asked to fulfil, over their columns.
struct EventCriteria {
  /// One condition.
  enum Test {
    /// The column has this number.
    case equals(EventColumn, UInt32)
    /// The column has one of these numbers.
    case among(EventColumn, BitSet)
    /// The column has something.
    case present(EventColumn)
    /// One of the columns has one of its numbers.
    case anyOf([(column: EventColumn, numbers: BitSet)])
  }

  /// When it happened, both ends included.
  var times = Int64.min...Int64.max
  /// All must hold; the quickest first.
  var tests: [Test] = []
  /// It is known that nothing matches.
  var isNever = false

  /// Whether the time matters.
  var isTimed: Bool { times.lowerBound != .min || times.upperBound != .max }

  /// What the tests read.
  var columns: Set<EventColumn> { Set(tests.flatMap(\.columns)) }

  /// Keeps the positions whose time is right, and gives their number.
  func narrow(_ positions: UnsafeMutablePointer<Int32>, _ count: Int, times: UnsafePointer<Int64>) -> Int {
    let (low, high) = (self.times.lowerBound, self.times.upperBound)
    return keep(positions, count) { position in times[position] >= low && times[position] <= high }
  }
}

extension EventCriteria.Test {
  var columns: [EventColumn] {
    switch self {
    case .equals(let column, _), .among(let column, _), .present(let column): [column]
    case .anyOf(let parts): parts.map(\.column)
    }
  }

  /// Keeps the positions that fulfil the test, and gives their number; the block has the columns.
  func narrow(_ positions: UnsafeMutablePointer<Int32>, _ count: Int, _ block: EventBlock) -> Int {
    switch self {
    case .equals(let column, let number):
      let numbers = block.numbers(column)
      return keep(positions, count) { numbers[$0] == number }
    case .among(let column, let wanted):
      let numbers = block.numbers(column)
      return keep(positions, count) { wanted.contains(numbers[$0]) }
    case .present(let column):
      let numbers = block.numbers(column)
      return keep(positions, count) { numbers[$0] != 0 }
    case .anyOf(let parts):
      let columns = parts.map { (numbers: block.numbers($0.column), wanted: $0.numbers) }
      return keep(positions, count) { position in columns.contains { $0.wanted.contains($0.numbers[position]) } }
    }
  }
}

/// Keeps the positions that the body takes, in their order, without a branch that depends on the data.
@inline(__always)
private func keep(
  _ positions: UnsafeMutablePointer<Int32>, _ count: Int, _ takes: (Int) -> Bool
) -> Int {
  var kept = 0
  for index in 0..<count {
    let position = positions[index]
    positions[kept] = position
    kept += takes(Int(position)) ? 1 : 0
  }
  return kept
}
