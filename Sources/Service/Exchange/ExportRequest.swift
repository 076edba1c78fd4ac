/// A kind of records that files take out; what ``set`` names can be brought in again.
public enum ExportedRecords: String, Sendable, CaseIterable {
  /// Pathbound contacts.
  case contacts
  /// Pathbound companies.
  case companies
  /// Tracked events.
  case events
  /// Intent signals.
  case signals
  /// Owlbound contacts that are not archived.
  case owlboundContacts = "owlbound-contacts"
  /// Owlbound companies.
  case owlboundCompanies = "owlbound-companies"
  /// Actions of every status.
  case actions
  /// Notes on contacts and companies.
  case notes

  /// As an import knows them; nil for what it does not take.
  public var set: RecordSet? { RecordSet(rawValue: rawValue) }

  /// The member that tells our own files from others': the record's id in the workspace that it came from.
  public var idName: String {
    switch self {
    case .contacts: "contact_id"
    case .companies: "company_id"
    case .events: "event_id"
    case .signals: "signal_id"
    case .owlboundContacts: "owlbound_contact_id"
    case .owlboundCompanies: "owlbound_company_id"
    case .actions: "action_id"
    case .notes: "note_id"
    }
  }

  /// Members that our files have beside the fields of a record, and that are not brought in.
  public var facts: [String] {
    switch self {
    case .contacts, .companies, .owlboundContacts, .owlboundCompanies: [idName, "created_at"]
    case .events, .signals, .actions, .notes: [idName]
    }
  }
}

/// Which records are wanted.
public struct ExportRequest: Sendable {
  /// The kind.
  public let records: ExportedRecords
  /// Events and signals that happened, others that were made at this time (ISO 8601) or later; nil for all.
  public var since: String?
  /// Contacts of the segment with this name or id alone.
  public var segment: String?
  /// Contacts in this stage alone.
  public var lifecycleStage: String?

  /// All of a kind.
  public init(_ records: ExportedRecords) { self.records = records }
}
