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

  /// Adds that one of the columns must have one of its numbers.
  mutating func addAny(_ parts: [(column: EventColumn, numbers: BitSet)]) {
    let parts = parts.filter { !$0.numbers.isEmpty }
    switch parts.count {
    case 0: isNever = true
    case 1: tests.append(.among(parts[0].column, parts[0].numbers))
    default: tests.append(.anyOf(parts))
    }
  }

  /// Whether the time matters.
  var isTimed: Bool { times.lowerBound != .min || times.upperBound != .max }

  /// What the tests read.
  var columns: Set<EventColumn> { Set(tests.flatMap(\.columns)) }

  /// Keeps the positions whose time is right.
  func narrow(_ selection: inout EventSelection, times: UnsafePointer<Int64>) {
    let (low, high) = (self.times.lowerBound, self.times.upperBound)
    selection.keep { position in times[position] >= low && times[position] <= high }
  }
}

extension EventCriteria.Test {
  var columns: [EventColumn] {
    switch self {
    case .equals(let column, _), .among(let column, _), .present(let column): [column]
    case .anyOf(let parts): parts.map(\.column)
    }
  }

  /// Keeps the positions that fulfil the test; the block has the columns.
  func narrow(_ selection: inout EventSelection, _ block: EventBlock) {
    switch self {
    case .equals(let column, let number):
      let numbers = block.numbers(column)
      selection.keep { numbers[$0] == number }
    case .among(let column, let wanted):
      let numbers = block.numbers(column)
      wanted.withBits { bits in selection.keep { bits.contains(numbers[$0]) } }
    case .present(let column):
      let numbers = block.numbers(column)
      selection.keep { numbers[$0] != 0 }
    case .anyOf(let parts):
      withUnsafeTemporaryAllocation(of: Bool.self, capacity: max(1, block.count)) { marks in
        marks.initialize(repeating: false)
        for part in parts {
          let numbers = block.numbers(part.column)
          part.numbers.withBits { bits in
            for position in 0..<block.count {
              marks[position] = bits.contains(numbers[position]) ? true : marks[position]
            }
          }
        }
        selection.keep { marks[$0] }
      }
    }
  }
}

/// The positions in a block that are left after each test, in their order.
struct EventSelection {
  private let positions: UnsafeMutablePointer<Int32>
  private(set) var count: Int
  /// All positions are left, and none is written down.
  private(set) var isWhole = true

  /// All of a block, in memory for as many positions.
  init(_ positions: UnsafeMutablePointer<Int32>, count: Int) {
    self.positions = positions
    self.count = count
  }

  @inline(__always)
  subscript(index: Int) -> Int { isWhole ? index : Int(positions[index]) }

  /// Keeps the positions that the body takes, without a branch that depends on the data.
  @inline(__always)
  mutating func keep(_ takes: (Int) -> Bool) {
    var kept = 0
    if isWhole {
      for position in 0..<count {
        positions[kept] = Int32(truncatingIfNeeded: position)
        kept += takes(position) ? 1 : 0
      }
      isWhole = kept == count
    } else {
      for index in 0..<count {
        let position = positions[index]
        positions[kept] = position
        kept += takes(Int(position)) ? 1 : 0
      }
    }
    count = kept
  }
}
