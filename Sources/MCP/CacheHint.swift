internal import JSON

/// How long a client may keep a result, and for whom (2026-07-28, caching).
struct CacheHint {
  let milliseconds: Int64
  let isPublic: Bool

  /// For what is the same for every user: the server's own description and the lists of what it offers.
  static func everyone(_ milliseconds: Int64) -> CacheHint { CacheHint(milliseconds: milliseconds, isPublic: true) }

  /// For a person's data.
  static func person(_ milliseconds: Int64) -> CacheHint { CacheHint(milliseconds: milliseconds, isPublic: false) }

  /// For what was read after questions to the person: the answers belong to one reading only.
  static let never = CacheHint.person(0)

  /// Writes the two members, which only modern clients know.
  func write(to writer: inout JSONWriter, revision: Revision) {
    guard revision.isModern else { return }
    writer.key("ttlMs")
    writer.integer(milliseconds)
    writer.key("cacheScope")
    if isPublic { writer.raw("\"public\"") } else { writer.raw("\"private\"") }
  }
}
