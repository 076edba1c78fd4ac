internal import JSON
internal import Service

/// A tracked event as it is shown (Pathbound API 7.1).
enum EventRecord {
  /// What ``write(_:_:cards:into:)`` reads, in this order.
  static let columns = "e.id, e.name, e.occurred_at, \(owner), p.url, d.name, e.data, e.client"
  /// What the page of one event shows beyond ``columns``, in this order behind them.
  static let envelopeColumns = "e.created_at, e.visitor_id, e.session_id, e.envelope"
  /// What ``columns`` needs.
  static let joins = "LEFT JOIN pages AS p ON p.id = e.page_id LEFT JOIN domains AS d ON d.id = e.domain_id"
  /// The row of the contact that an event names or is about to.
  private static let owner =
    "coalesce(e.contact_id, (SELECT contact_id FROM visitors_to_attach WHERE visitor_id = e.visitor_id))"
  /// The contact of an event; a contact that is deleted is none.
  static let contact = "(SELECT id FROM contacts WHERE id = e.contact_id)"
  /// The same where the event may be about to get its contact.
  static let contactToBe = "(SELECT id FROM contacts WHERE id = \(owner))"
  /// What ``writeSummary(_:_:into:)`` reads, in this order.
  static func summaryColumns(contact: String) -> String { "e.id, e.name, e.occurred_at, \(contact), p.url" }
  /// What the short form needs.
  static let summaryJoins = "LEFT JOIN pages AS p ON p.id = e.page_id"

  /// Writes the whole event that the statement stands at, one object; `cards` remember its contact for the next one.
  ///
  /// - Parameter withEnvelope: the statement has ``envelopeColumns`` too, and they are shown.
  static func write(
    _ event: Statement, _ ids: RecordIDs, cards: inout ContactCards, withEnvelope: Bool = false,
    into payload: inout JSONWriter
  ) throws(ServiceError) {
    payload.beginObject()
    payload.recordID("_id", "event_id", .event, event.integer(0), ids)
    payload.key("event")
    payload.text(event, 1)
    payload.key("timestamp")
    payload.time(event, 2)
    payload.key("url")
    payload.text(event, 4)
    payload.key("domain")
    payload.text(event, 5)
    payload.key("data")
    if event.isNull(6) { payload.raw("{}") } else { payload.storedJSON(event, 6) }
    payload.storedMembers(event, 7)
    if event.isNull(3) {
      payload.key("internal_contact_id")
      payload.null()
    } else {
      try cards.write(event.integer(3), into: &payload)
    }
    if withEnvelope { writeEnvelope(event, into: &payload) }
    payload.endObject()
  }

  /// Under the names that the tracker and `sort_by` use.
  private static func writeEnvelope(_ event: Statement, into payload: inout JSONWriter) {
    payload.key("createdAt")
    payload.time(event, 8)
    payload.key("visitorId")
    payload.text(event, 9)
    payload.key("sessionId")
    payload.text(event, 10)
    payload.storedMembers(event, 11)
  }

  /// Writes the short form of the event that the statement stands at, one object.
  static func writeSummary(_ event: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    payload.key("id")
    ids.write(.event, event.integer(0), into: &payload)
    payload.key("event")
    payload.text(event, 1)
    payload.key("timestamp")
    payload.time(event, 2)
    payload.key("url")
    payload.text(event, 4)
    payload.key("contact_id")
    if event.isNull(3) { payload.null() } else { ids.write(.contact, event.integer(3), into: &payload) }
    payload.endObject()
  }
}

/// The members `internal_contact_id`, `contact` and `company` of events, made once for each person of a list.
struct ContactCards {
  private let transaction: ReadTransaction
  private let withProvenance: Bool
  private var cards: [(row: Int64, members: [UInt8])] = []

  /// - Parameter withProvenance: contact and company tell where their properties come from.
  init(_ transaction: ReadTransaction, withProvenance: Bool = false) {
    self.transaction = transaction
    self.withProvenance = withProvenance
  }

  /// Writes the members of a contact into the object that is open.
  mutating func write(_ row: Int64, into payload: inout JSONWriter) throws(ServiceError) {
    // The events of one person come one after the other; a list has at most a hundred.
    if let known = cards.last(where: { $0.row == row }) { return payload.raw(known.members) }
    let start = payload.count
    try writeNew(row, into: &payload)
    let members = payload.withBytes { Array($0[start...]) }
    // Without the comma that parts them from what stands before.
    cards.append((row, members.first == UInt8(ascii: ",") ? Array(members.dropFirst()) : members))
  }

  private func writeNew(_ row: Int64, into payload: inout JSONWriter) throws(ServiceError) {
    let statement = try transaction.database.statement("card of a contact", flags: withProvenance ? 1 : 0) {
      """
      SELECT c.email, c.firstname, c.lastname, o.id, o.name, o.domain\(withProvenance ? Self.provenance : "")
      FROM contacts AS c LEFT JOIN companies AS o ON o.id = c.company_id WHERE c.id = ?1
      """
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else {
      // Deleted: the event is about to be released.
      payload.key("internal_contact_id")
      return payload.null()
    }
    transaction.ids.withText(.contact, row) { id in
      payload.key("internal_contact_id")
      payload.raw(id)
      payload.key("contact")
      payload.beginObject()
      payload.key("_id")
      payload.raw(id)
    }
    payload.key("email")
    payload.text(statement, 0)
    payload.key("firstname")
    payload.text(statement, 1)
    payload.key("lastname")
    payload.text(statement, 2)
    writeProvenance(statement, 6, into: &payload)
    payload.endObject()
    guard !statement.isNull(3) else { return }
    payload.key("company")
    payload.beginObject()
    payload.key("_id")
    transaction.ids.write(.company, statement.integer(3), into: &payload)
    payload.key("name")
    payload.text(statement, 4)
    payload.key("domain")
    payload.text(statement, 5)
    writeProvenance(statement, 7, into: &payload)
    payload.endObject()
  }

  private static let provenance =
    ", " + Provenance.column("c", origin: "c.creation_source") + ", "
    + Provenance.column("o", origin: "'\(Provenance.Source.api.rawValue)'")

  private func writeProvenance(_ card: Statement, _ column: Int32, into payload: inout JSONWriter) {
    guard withProvenance else { return }
    payload.key("properties_provenance")
    payload.storedJSON(card, column)
  }
}
