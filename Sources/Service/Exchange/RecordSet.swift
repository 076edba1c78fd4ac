/// A kind of records that files bring in and take out.
public enum RecordSet: String, Sendable, CaseIterable {
  /// Pathbound contacts.
  case contacts
  /// Pathbound companies.
  case companies
  /// Tracked events.
  case events
  /// Intent signals.
  case signals
  /// Owlbound contacts.
  case owlboundContacts = "owlbound-contacts"
  /// Owlbound companies.
  case owlboundCompanies = "owlbound-companies"
}

/// What is done with a record that the workspace has already.
public enum ExistingRecord: String, Sendable, CaseIterable {
  /// Only what it lacks is added.
  case fill
  /// What the file says is put in the place of what it holds.
  case replace
  /// It stays as it is.
  case skip
}

/// What became of one row of a file.
public enum ImportResult: Sendable, Equatable {
  /// There is a new record.
  case created
  /// A record that was there has changed.
  case updated
  /// A record that was there stays as it is.
  case unchanged
  /// There is nothing of it; the error says what would be right.
  case refused(ServiceError)
}

/// The file that rows come from, as it is known again.
public struct ImportSource: Sendable {
  /// Its name, without its folder.
  public let name: String
  /// Digest of its content and of what is read out of it.
  public let fingerprint: [UInt8]

  /// Creates a source.
  public init(name: String, fingerprint: [UInt8]) {
    self.name = name
    self.fingerprint = fingerprint
  }
}

/// How far a file has been brought in: stored with the rows themselves, so that none is lost or brought in twice.
public struct ImportProgress: Sendable, Equatable {
  /// The bytes of the file that are done.
  public var offset: Int64
  /// The lines of the file that are done.
  public var line: Int64
  /// Rows that made new records.
  public var created: Int64 = 0
  /// Rows that changed records.
  public var updated: Int64 = 0
  /// Rows that the workspace held already.
  public var unchanged: Int64 = 0
  /// Rows that could not be used.
  public var refused: Int64 = 0
  /// Whether the end was reached.
  public var isComplete = false

  /// At a place of the file, nothing counted.
  public init(offset: Int64 = 0, line: Int64 = 0) {
    self.offset = offset
    self.line = line
  }

  /// The rows that were looked at.
  public var rows: Int64 { created + updated + unchanged + refused }

  /// Counts one more row.
  public mutating func add(_ result: ImportResult) {
    switch result {
    case .created: created += 1
    case .updated: updated += 1
    case .unchanged: unchanged += 1
    case .refused: refused += 1
    }
  }
}
