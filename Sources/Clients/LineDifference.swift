/// What differs between two texts, for people to read: the changed lines with one around them.
public struct LineDifference: Sendable {
  /// A line of it.
  public struct Line: Sendable, Equatable {
    /// What became of it.
    public enum Change: Sendable {
      /// It stays.
      case kept
      /// It goes.
      case removed
      /// It comes.
      case added
    }

    /// What became of it.
    public let change: Change
    /// The line without its end.
    public let text: String
  }

  /// The lines; those of changes that are far from each other follow upon each other.
  public private(set) var lines: [Line] = []

  /// Compares: an entry is one change, so what is alike at both ends is enough to find it.
  public init(_ before: [UInt8], _ after: [UInt8]) {
    let old = Self.lines(of: before)
    let new = Self.lines(of: after)
    var head = 0
    while head < min(old.count, new.count), old[head] == new[head] { head += 1 }
    var tail = 0
    while tail < min(old.count, new.count) - head, old[old.count - 1 - tail] == new[new.count - 1 - tail] { tail += 1 }
    guard head < old.count - tail || head < new.count - tail else { return }
    if head > 0 { lines.append(Line(change: .kept, text: new[head - 1])) }
    lines += old[head..<(old.count - tail)].map { Line(change: .removed, text: $0) }
    lines += new[head..<(new.count - tail)].map { Line(change: .added, text: $0) }
    if tail > 0 { lines.append(Line(change: .kept, text: new[new.count - tail])) }
  }

  private static func lines(of text: [UInt8]) -> [String] {
    var lines = text.split(separator: .newline, omittingEmptySubsequences: false).map { line in
      String(decoding: line.last == .carriageReturn ? line.dropLast() : line, as: UTF8.self)
    }
    if lines.last == "" { lines.removeLast() }
    return lines
  }
}
