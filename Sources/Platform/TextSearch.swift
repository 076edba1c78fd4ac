/// Search by bytes; the standard library's own search of texts brings its regular expression engine into the program.
extension StringProtocol {
  /// Where a text first stands in this one; nil when it does not, or is empty.
  public func firstOccurrence(of text: String) -> Range<Index>? {
    guard let first = text.utf8.first else { return nil }
    var start = utf8.startIndex
    while let hit = utf8[start...].firstIndex(of: first) {
      if utf8[hit...].starts(with: text.utf8) { return hit..<utf8.index(hit, offsetBy: text.utf8.count) }
      start = utf8.index(after: hit)
    }
    return nil
  }

  /// Whether a text stands anywhere in this one.
  public func holds(_ text: String) -> Bool { firstOccurrence(of: text) != nil }
}
