internal import JSON

/// What the writer meets again and again while it stores events, so that it need not be looked up each time.
///
/// Row numbers are kept beyond the transaction only once it is committed. They stay true whatever other processes do:
/// rows of `pages` and `domains` are never changed or removed.
final class PlaceCache: @unchecked Sendable {
  // Unchecked: used by the writer's thread alone.
  /// Rows of `pages` by address.
  var pages = RowCache()
  /// Rows of `domains` by name.
  var domains = RowCache()
  /// What browsers' names for themselves say; depends on nothing that is stored.
  var agents = AgentCache()

  private static let bulkLimit = 65_536

  /// Makes room for a file of events.
  func expectBulk() { pages.limit = Self.bulkLimit }

  /// The transaction's rows are there for good.
  func commit() {
    pages.commit()
    domains.commit()
  }

  /// The transaction's rows are gone.
  func rollBack() {
    pages.rollBack()
    domains.rollBack()
  }
}

/// What browsers' names for themselves say, as far as it was asked for lately.
struct AgentCache: Sendable {
  private static let limit = 256
  private var agents: [ByteKey: UserAgent] = [:]

  /// What a browser's name for itself says.
  mutating func agent(_ text: String) -> UserAgent {
    let key = ByteKey(text: text)
    if let known = agents[key] { return known }
    if agents.count >= Self.limit { agents.removeAll() }
    let agent = UserAgent(text)
    agents[key] = agent
    return agent
  }
}

/// Row numbers by a text, at most a thousand or so unless more is asked for.
struct RowCache {
  /// So many texts are kept.
  var limit = 1024
  private var committed: [ByteKey: Int64] = [:]
  private var fresh: [ByteKey: Int64] = [:]

  /// The row of a text; nil when it is not known here.
  func row(of text: String) -> Int64? {
    let key = ByteKey(text: text)
    return committed[key] ?? (fresh.isEmpty ? nil : fresh[key])
  }

  /// Notes a row that this transaction found or made.
  mutating func note(_ text: String, _ row: Int64) { fresh[ByteKey(text: text)] = row }

  mutating func commit() {
    guard !fresh.isEmpty else { return }
    if committed.count + fresh.count > limit { committed.removeAll() }
    if fresh.count <= limit { committed.merge(fresh) { _, new in new } }
    fresh.removeAll()
  }

  mutating func rollBack() { fresh.removeAll() }
}

/// A text that is told from others by its bytes; Swift's own `==` takes two spellings of an accented letter for one.
struct ByteKey: Hashable {
  let text: String

  static func == (left: ByteKey, right: ByteKey) -> Bool { left.text.hasSameBytes(as: right.text) }

  func hash(into hasher: inout Hasher) {
    let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    if isDone == nil { for byte in text.utf8 { hasher.combine(byte) } }
  }
}
