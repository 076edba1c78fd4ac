internal import Service

/// Numbers for texts that events have again and again, so that a column holds numbers alone.
///
/// The writer gives a text its number when a chunk of events is closed. Who only reads numbers new texts for itself,
/// behind those that are stored.
final class EventWords {
  /// Which texts.
  enum Kind {
    /// Names of events, what is known of browsers, campaigns.
    case words
    case visitors
  }

  private let kind: Kind
  private let database: Connection
  private let adds: Bool
  private var numbers: [ByteKey: UInt32] = [:]
  private var fresh: [UInt32: String] = [:]
  private var last: UInt32?

  /// - Parameter adds: new texts are stored.
  init(_ kind: Kind, _ database: Connection, adds: Bool = false) {
    self.kind = kind
    self.database = database
    self.adds = adds
  }

  /// The number of a text, an own one when it has none yet.
  func number(of text: String) throws(ServiceError) -> UInt32 {
    let key = ByteKey(text: text)
    if let known = numbers[key] { return known }
    let number = if let stored = try stored(text) { stored } else { try adds ? add(text) : invent(text) }
    numbers[key] = number
    return number
  }

  /// The text of a number; nil when there is none.
  func text(of number: UInt32) throws(ServiceError) -> String? {
    if let text = fresh[number] { return text }
    let statement =
      switch kind {
      case .words: try database.statement("SELECT text FROM event_words WHERE id = ?1")
      case .visitors: try database.statement("SELECT text FROM event_visitors WHERE id = ?1")
      }
    statement.bind(Int64(number), at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.string(0) : nil
  }

  private func stored(_ text: String) throws(ServiceError) -> UInt32? {
    let statement =
      switch kind {
      case .words: try database.statement("SELECT id FROM event_words WHERE text = ?1")
      case .visitors: try database.statement("SELECT id FROM event_visitors WHERE text = ?1")
      }
    statement.bind(text, at: 1)
    defer { statement.reset() }
    return try statement.step() ? UInt32(truncatingIfNeeded: statement.integer(0)) : nil
  }

  private func add(_ text: String) throws(ServiceError) -> UInt32 {
    let statement =
      switch kind {
      case .words: try database.statement("INSERT INTO event_words (text) VALUES (?1)")
      case .visitors: try database.statement("INSERT INTO event_visitors (text) VALUES (?1)")
      }
    statement.bind(text, at: 1)
    try statement.run()
    return UInt32(truncatingIfNeeded: database.lastInsertedID)
  }

  private func invent(_ text: String) throws(ServiceError) -> UInt32 {
    let highest = if let last { last } else { try highest() }
    let number = highest &+ 1
    last = number
    fresh[number] = text
    return number
  }

  private func highest() throws(ServiceError) -> UInt32 {
    let statement =
      switch kind {
      case .words: try database.statement("SELECT max(id) FROM event_words")
      case .visitors: try database.statement("SELECT max(id) FROM event_visitors")
      }
    defer { statement.reset() }
    return try statement.step() ? UInt32(truncatingIfNeeded: statement.integer(0)) : 0
  }
}
