internal import Service

/// What is kept of each event in columns, beside the table.
///
/// All but the time are numbers that stand for something, 0 for nothing: rows of `pages`, `domains` and `contacts`,
/// words of ``EventWords``.
enum EventColumn: Int, CaseIterable, Sendable {
  /// Milliseconds since 1970.
  case time
  case name, page, domain, contact, visitor
  /// What is known of the browser, with the referring domain.
  case client
  /// The campaign's parameters.
  case campaign
}

/// Some thousand events that came in one after the other, column by column.
///
/// One block is used for one after the other; a column is there once it was asked for.
final class EventBlock {
  /// The most events of a block.
  static let length = 4096

  /// Gives the columns of what the block stands for.
  typealias Loader = (EventColumn, EventBlock) throws(ServiceError) -> Void

  private(set) var count = 0
  private var firstEvent: Int64 = 0
  private var isContiguous = true
  private var loaded: UInt = 0
  private let ids: UnsafeMutablePointer<Int64>
  private let times: UnsafeMutablePointer<Int64>
  private let numbers: UnsafeMutablePointer<UInt32>

  init() {
    ids = .allocate(capacity: Self.length)
    times = .allocate(capacity: Self.length)
    numbers = .allocate(capacity: Self.length * EventColumn.allCases.count)
  }

  deinit {
    ids.deallocate()
    times.deallocate()
    numbers.deallocate()
  }

  /// The row of the event at a position.
  @inline(__always)
  func event(at position: Int) -> Int64 { isContiguous ? firstEvent &+ Int64(position) : ids[position] }

  /// Makes the block stand for events with consecutive rows; no column is there yet.
  func begin(first: Int64, count: Int) {
    firstEvent = first
    self.count = min(count, Self.length)
    isContiguous = true
    loaded = 0
  }

  /// Makes the block empty; events are added with ``append(_:time:)``.
  func beginEmpty() {
    count = 0
    isContiguous = false
    loaded = ~0
  }

  /// Adds an event without anything but its time.
  ///
  /// - Returns: its position; nil when the block is full.
  func append(_ event: Int64, time: Int64) -> Int? {
    guard count < Self.length else { return nil }
    ids[count] = event
    times[count] = time
    for column in EventColumn.allCases { numbers[column.rawValue * Self.length + count] = 0 }
    count += 1
    return count - 1
  }

  /// Drops the events from this position on.
  func truncate(to count: Int) { self.count = min(self.count, count) }

  @inline(__always)
  func set(_ column: EventColumn, _ number: UInt32, at position: Int) {
    numbers[column.rawValue * Self.length + position] = number
  }

  func isLoaded(_ column: EventColumn) -> Bool { loaded & 1 << UInt(column.rawValue) != 0 }

  /// Takes a column's stored bytes: as many for each event as the largest of its numbers needs.
  ///
  /// - Returns: false when they are not what they should be.
  func load(_ column: EventColumn, _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress, count > 0, bytes.count % count == 0 else { return false }
    if column == .time {
      guard bytes.count == count * MemoryLayout<Int64>.stride else { return false }
      UnsafeMutableRawPointer(times).copyMemory(from: base, byteCount: bytes.count)
    } else {
      let target = values(column)
      switch bytes.count / count {
      case 1: for position in 0..<count { target[position] = UInt32(bytes[position]) }
      case 2:
        for position in 0..<count {
          target[position] = UInt32(bytes.loadUnaligned(fromByteOffset: position &* 2, as: UInt16.self))
        }
      case 4: UnsafeMutableRawPointer(target).copyMemory(from: base, byteCount: bytes.count)
      default: return false
      }
    }
    loaded |= 1 << UInt(column.rawValue)
    return true
  }

  /// A column's bytes as they are stored.
  func stored(_ column: EventColumn) -> [UInt8] {
    guard column != .time else { return Self.bytes(UnsafeBufferPointer(start: times, count: count)) }
    let numbers = UnsafeBufferPointer(start: values(column), count: count)
    let largest = numbers.max() ?? 0
    if largest <= UInt8.max { return numbers.map { UInt8(truncatingIfNeeded: $0) } }
    guard largest <= UInt16.max else { return Self.bytes(numbers) }
    return numbers.map { UInt16(truncatingIfNeeded: $0) }.withUnsafeBufferPointer { Self.bytes($0) }
  }

  private static func bytes<Number>(_ numbers: UnsafeBufferPointer<Number>) -> [UInt8] {
    Array(UnsafeRawBufferPointer(numbers))
  }

  /// The times of the block's events; they must be there.
  var moments: UnsafePointer<Int64> { UnsafePointer(times) }

  /// The numbers of a column; they must be there.
  func numbers(_ column: EventColumn) -> UnsafePointer<UInt32> { UnsafePointer(values(column)) }

  private func values(_ column: EventColumn) -> UnsafeMutablePointer<UInt32> {
    numbers + column.rawValue * Self.length
  }
}
