internal import JSON
internal import Service

/// What happened with a contact in order of time, whatever kind of record tells of it (Pathbound API 5.4).
///
/// Each source has an index by contact and time, so that a page reads as many entries of each as it may show and no
/// more, however much happened. The API names neither the entries' members nor how long a timeline may be; these are
/// ours: `type`, `timestamp`, the record's ids, and what it says in short.
struct Timeline {
  /// Where an entry comes from; decides between entries of the same moment.
  enum Source: Int64, CaseIterable {
    case event, note, action, email, signal
  }

  /// An entry's place in the order.
  struct Place: Equatable {
    let time: Int64
    let source: Int64
    let row: Int64

    /// As a caller gets it: the place that a page ended at.
    var cursor: String { "\(time).\(source).\(row)" }

    init(time: Int64, source: Int64, row: Int64) {
      (self.time, self.source, self.row) = (time, source, row)
    }

    /// Reads a cursor.
    ///
    /// - Throws: `VALIDATION_ERROR` when it is not one of ours.
    init(cursor: String) throws(ServiceError) {
      let parts = cursor.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
      guard parts.count == 3, let time = parts[0], let source = parts[1], let row = parts[2] else {
        throw .invalid("/cursor", "Must be next_cursor of an earlier page, or absent for the first page.")
      }
      self.init(time: time, source: source, row: row)
    }
  }

  let contact: Int64
  /// The Owlbound contact that is the same person.
  let owlContact: Int64?
  let isDescending: Bool
  let start: Place
  let limit: Int64
  private let transaction: ReadTransaction

  /// Reads what is asked for.
  ///
  /// - Throws: `NOT_FOUND` when there is no such contact.
  init(_ arguments: JSONObject, _ transaction: ReadTransaction) throws(ServiceError) {
    let id = arguments.text("contact_id") ?? ""
    contact = try transaction.require(.contact, id)
    isDescending = arguments.text("sort_dir") != "asc"
    let end: Int64 = isDescending ? .max : .min
    start =
      if let cursor = arguments.text("cursor") {
        try Place(cursor: cursor)
      } else {
        Place(time: end, source: end, row: end)
      }
    limit = PageRequest(arguments).limit
    self.transaction = transaction
    owlContact = try SamePerson.onOwlbound(of: contact, transaction)
  }

  /// Writes `timeline` and, where there may be more, `next_cursor`.
  func write(into payload: inout JSONWriter) throws(ServiceError) {
    let statement = try transaction.database.statement("timeline", flags: isDescending ? 1 : 0) {
      Self.sql(isDescending: isDescending)
    }
    statement.bind(contact, at: 1)
    statement.bind(owlContact, at: 2)
    statement.bind(start.time, at: 3)
    for source in Source.allCases { statement.bind(bound(source), at: Int32(source.rawValue) + 4) }
    statement.bind(limit, at: 9)
    let places = try places(statement)
    var rows = RowList(limit: limit <= PageRequest.defaultLimit ? RowList.defaultByteLimit : RowList.byteLimit)
    try rows.write("timeline", places, into: &payload) { (place, payload) throws(ServiceError) in
      try write(place, into: &payload)
    }
    guard rows.written > 0, rows.omitted > 0 || rows.met == limit else { return }
    payload.key("next_cursor")
    payload.string(places[rows.written - 1].cursor)
  }

  private func places(_ statement: Statement) throws(ServiceError) -> [Place] {
    defer { statement.reset() }
    var places: [Place] = []
    places.reserveCapacity(Int(limit))
    while try statement.step() {
      guard let source = Source(rawValue: statement.integer(1)) else { continue }
      places.append(Place(time: statement.integer(0), source: source.rawValue, row: statement.integer(2)))
    }
    return places
  }

  /// The row that entries of a source at the start's time must lie behind: all of them or none, but for its own.
  private func bound(_ source: Source) -> Int64 {
    source.rawValue == start.source ? start.row : source.rawValue < start.source ? .max : .min
  }
}

// MARK: - SQL

extension Timeline {
  /// Times, sources and row numbers of one page, from the indexes alone.
  static func sql(isDescending: Bool) -> String {
    let (order, comparison) = isDescending ? ("DESC", "<") : ("ASC", ">")
    let sources = Source.allCases.map { source in
      let (table, index, owner, time) = source.index
      return """
        SELECT * FROM (SELECT \(time) AS at, \(source.rawValue) AS source, id FROM \(table) INDEXED BY \(index) \
        WHERE \(owner) AND (\(time), id) \(comparison) (?3, ?\(source.rawValue + 4)) \
        ORDER BY \(time) \(order), id \(order) LIMIT ?9)
        """
    }
    // The sign keeps SQLite from merging the sources pairwise, each with a sorter of its own: that takes ten times as
    // long as sorting the few rows of all of them once.
    return "SELECT at, source, id FROM (" + sources.joined(separator: " UNION ALL ") + ") "
      + "ORDER BY +at \(order), source \(order), id \(order) LIMIT ?9"
  }
}

extension Timeline.Source {
  /// Table, index, condition of the person, and column of the time.
  fileprivate var index: (table: String, index: String, owner: String, time: String) {
    switch self {
    case .event: ("events", "events_by_contact", "contact_id = ?1", "occurred_at")
    case .note: ("notes", "notes_by_contact_time", "contact_id = ?1", "created_at")
    case .action: ("action_log", "action_log_by_contact", "contact_id = ?1", "at")
    case .email: ("mails", "mails_by_contact", "contact_id = ?1", "sent_at")
    case .signal: ("signals", "signals_by_contact_time", "contact_id = ?2", "created_at")
    }
  }
}

// MARK: - Entries

extension Timeline {
  private func write(_ place: Place, into payload: inout JSONWriter) throws(ServiceError) {
    guard let source = Source(rawValue: place.source) else { return payload.null() }
    let (shape, rows) = source.entry
    let statement = try transaction.database.statement("timeline entry", flags: UInt64(place.source)) {
      "SELECT \(shape.columns) FROM \(rows) = ?1"
    }
    statement.bind(place.row, at: 1)
    defer { statement.reset() }
    if try statement.step() { shape.write(statement, transaction.ids, into: &payload) } else { payload.null() }
  }
}

extension Timeline.Source {
  /// How an entry is shown, and the rows that it is read from, up to the number's column.
  fileprivate var entry: (shape: RowShape, rows: String) {
    switch self {
    case .event: (Self.eventEntry, "events AS e LEFT JOIN pages AS p ON p.id = e.page_id WHERE e.id")
    case .note: (Self.noteEntry, "notes WHERE id")
    case .action: (Self.actionEntry, "action_log AS l LEFT JOIN actions AS a ON a.id = l.action_id WHERE l.id")
    case .email: (Self.emailEntry, "mails WHERE id")
    case .signal: (Self.signalEntry, "signals WHERE id")
    }
  }

  private static let eventEntry = RowShape(
    .text("type", "'event'"), .time("timestamp", "e.occurred_at"), .id("event_id", .event, "e.id"),
    .text("event", "e.name"), .text("url", "p.url").ifAny, .jsonExcerpt("data", "e.data", bytes: 600))

  private static let noteEntry = RowShape(
    .text("type", "'note'"), .time("timestamp", "created_at"), .id("note_id", .note, "id"),
    .excerpt("content", "content", bytes: 1000), .text("author", "author"))

  private static let actionEntry = RowShape(
    .text("type", "'action'"), .time("timestamp", "l.at"), .id("action_id", .action, "l.action_id"),
    .text("action_type", "a.type"), .text("step", "l.event"), .text("from", "l.from_status").ifAny,
    .text("to", "l.to_status"), .text("by", "l.actor"), .excerpt("comment", "l.comment", bytes: 300),
    .excerpt("description", "a.description", bytes: 200))

  private static let emailEntry = RowShape(
    .text("type", "'email'"), .time("timestamp", "sent_at"), .id("thread_id", .thread, "thread_id"),
    .text("message_id", "message_id"), .excerpt("subject", "subject", bytes: 300),
    .id("action_id", .action, "action_id").ifAny)

  private static let signalEntry = RowShape(
    .text("type", "'signal'"), .time("timestamp", "created_at"), .id("signal_id", .signal, "id"),
    .text("signal_type", "type"), .text("priority", "priority"), .text("source", "source"),
    .jsonExcerpt("data", "data", bytes: 600), .excerpt("notes", "notes", bytes: 300))
}
