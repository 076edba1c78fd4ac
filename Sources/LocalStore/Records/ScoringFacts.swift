internal import JSON
internal import Platform
internal import Scoring
internal import Service

/// What the workspace knows of an Owlbound contact when it is scored.
///
/// Owlbound's own fields come first; what it has no field for, or has not filled, comes from the Pathbound contact of the
/// same person and from that one's company, and then from Owlbound's company of that name.
struct ScoringFacts {
  private(set) var subject = Subject()
  /// The contact's latest score so far.
  private(set) var score: Int64?

  /// The newest signals; older ones weigh next to nothing.
  private static let signalLimit: Int64 = 500

  /// Gathers the facts of a row.
  ///
  /// - Throws: `NOT_FOUND` when there is no such contact.
  static func load(_ row: Int64, _ transaction: ReadTransaction) throws(ServiceError) -> ScoringFacts {
    var facts = ScoringFacts()
    let keys = try facts.addContact(row, transaction)
    try facts.addSignals(of: row, transaction)
    if let contact = try SamePerson.onPathbound(email: keys.email, linkedIn: keys.linkedIn, transaction) {
      try facts.addPathbound(contact, transaction)
    }
    try facts.addCompany(of: row, transaction)
    return facts
  }

  /// Gives what the person is known by elsewhere.
  private mutating func addContact(
    _ row: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (email: String?, linkedIn: String?) {
    let statement = try transaction.database.statement(
      """
      SELECT title, company, location, tags, notes, activity_score, score, email_key, linkedin_url FROM owl_contacts
      WHERE id = ?1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.owlContact, row)) }
    subject.title = statement.optionalString(0)
    subject.company = statement.optionalString(1)
    subject.location = statement.optionalString(2)
    let tags = try? JSONParser.parse(statement.text(3))
    subject.tags = tags?.arrayValue?.compactMap(\.stringValue) ?? []
    if let notes = statement.optionalString(4) { subject.texts.append(notes) }
    subject.activityScore = statement.optionalDouble(5)
    score = statement.optionalInteger(6)
    return (statement.optionalString(7), statement.optionalString(8))
  }

  /// Fills in what Owlbound's own record of the company tells, which the contact names as theirs.
  private mutating func addCompany(of row: Int64, _ transaction: ReadTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT k.industry, k.size, k.description FROM owl_contacts AS w
        JOIN owl_companies AS k INDEXED BY owl_companies_by_name ON k.name_key = w.company_key
      WHERE w.id = ?1 LIMIT 1
      """)
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return }
    subject.industry = subject.industry ?? statement.optionalString(0)
    subject.headCount = subject.headCount ?? statement.optionalString(1).flatMap { HeadCount($0) }
    if let text = statement.optionalString(2) { subject.texts.append(text) }
  }

  private mutating func addSignals(of row: Int64, _ transaction: ReadTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT type, priority, created_at FROM signals INDEXED BY signals_by_contact WHERE contact_id = ?1
      ORDER BY id DESC LIMIT ?2
      """)
    statement.bind(row, at: 1)
    statement.bind(Self.signalLimit, at: 2)
    defer { statement.reset() }
    while try statement.step() {
      subject.signals.append(
        Subject.Signal(
          type: statement.string(0), priority: statement.string(1),
          age: transaction.now.milliseconds - statement.integer(2)))
    }
  }

  private mutating func addPathbound(_ contact: Int64, _ transaction: ReadTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      SELECT c.jobtitle, coalesce(o.name, c.company), coalesce(c.industry, o.industry), c.city, c.state, c.country,
        coalesce(json_extract(o.properties, '$.employee_count'), json_extract(c.properties, '$.employee_count'),
          json_extract(c.properties, '$.company_size')),
        json_extract(o.properties, '$.description'),
        (SELECT count(*) FROM events INDEXED BY events_by_contact WHERE contact_id = c.id AND occurred_at >= ?2)
      FROM contacts AS c LEFT JOIN companies AS o ON o.id = c.company_id WHERE c.id = ?1
      """)
    statement.bind(contact, at: 1)
    statement.bind(transaction.now.adding(milliseconds: -UnifiedProfile.recent).milliseconds, at: 2)
    defer { statement.reset() }
    guard try statement.step() else { return }
    subject.title = subject.title ?? statement.optionalString(0)
    subject.company = subject.company ?? statement.optionalString(1)
    subject.industry = statement.optionalString(2)
    let place = [3, 4, 5].compactMap { statement.optionalString($0) }.filter { !$0.isEmpty }
    if subject.location == nil, !place.isEmpty { subject.location = place.joined(separator: ", ") }
    // A number is exact; a text may be a range, with commas.
    if let number = statement.number(6) {
      subject.headCount = number >= 0 && number < 1e9 ? HeadCount(Int(number)) : nil
    } else {
      subject.headCount = statement.optionalString(6).flatMap { HeadCount($0) }
    }
    if let text = statement.optionalString(7) { subject.texts.append(text) }
    subject.recentEvents = Int(clamping: statement.integer(8))
  }
}
