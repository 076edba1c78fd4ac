public import JSON
internal import JSONSchema
internal import Operations
public import Platform
public import Service

/// What reading one row of a file leaves for the rows after it.
public struct ImportCache: Sendable {
  var agents = AgentCache()

  /// Nothing yet.
  public init() {}
}

/// One row of a file, checked as far as the row itself allows, and ready for the writer.
public struct ImportedRecord: Sendable {
  let store: @Sendable (WriteTransaction) throws(ServiceError) -> ImportResult

  /// Reads the members of a row.
  ///
  /// - Parameters:
  ///   - members: contacts and companies: their properties (Pathbound API 5.2, 6) or fields (Owlbound API 8.3, 12);
  ///     events: the tracker's envelope (Pathbound API 14.2); signals: as they are ingested (Owlbound API 11.2), with
  ///     `timestamp`. Events and signals may name their contact by `contact_email`.
  ///   - existing: what is done with a record that is there already.
  ///   - cache: what one row has found out for the next.
  /// - Throws: `VALIDATION_ERROR`.
  public init(
    _ members: JSONObject, of set: RecordSet, existing: ExistingRecord, now: Timestamp, cache: inout ImportCache
  ) throws(ServiceError) {
    switch set {
    case .contacts: store = Self.contact(members, existing)
    case .companies: store = Self.company(members, existing)
    case .owlboundContacts: store = try Self.owlContact(members, existing)
    case .owlboundCompanies: store = try Self.owlCompany(members, existing)
    case .events: store = try Self.event(members, now, &cache)
    case .signals: store = try Self.signal(members, now)
    }
  }
}

// MARK: - People and companies

extension ImportedRecord {
  private typealias Storing = @Sendable (WriteTransaction) throws(ServiceError) -> ImportResult

  private static func contact(_ members: JSONObject, _ existing: ExistingRecord) -> Storing {
    { transaction throws(ServiceError) in
      guard let email = members.trimmedText("email") else {
        throw .invalid(
          "/email", "A contact of Pathbound needs an e-mail address: --as owlbound-contacts takes people without.")
      }
      guard let row = try ContactChanges.row(email: email, transaction.reading) else {
        _ = try ContactChanges.create(
          email: email, properties: members, visitors: [], company: nil, source: "import", in: transaction)
        return .created
      }
      let statement = try transaction.database.statement("SELECT properties FROM contacts WHERE id = ?1")
      let news = try news(in: members, statement, row, existing)
      guard !news.isEmpty else { return .unchanged }
      try ContactChanges.merge(news, into: row, by: .file, in: transaction)
      return .updated
    }
  }

  private static func company(_ members: JSONObject, _ existing: ExistingRecord) -> Storing {
    { transaction throws(ServiceError) in
      guard let given = members.trimmedText("domain") else {
        throw .invalid("/domain", "A company of Pathbound needs a domain, such as acme.com.")
      }
      let domain = try CompanyDomain.normalized(given, at: "/domain")
      guard let row = try CompanyChanges.row(domain: domain, transaction.reading) else {
        _ = try CompanyChanges.create(domain: domain, properties: members, in: transaction)
        return .created
      }
      let statement = try transaction.database.statement("SELECT properties FROM companies WHERE id = ?1")
      var news = try news(in: members, statement, row, existing)
      news["domain"] = nil
      guard !news.isEmpty else { return .unchanged }
      try CompanyChanges.merge(news, into: row, by: .file, in: transaction)
      return .updated
    }
  }

  /// What a row says that the record it names does not hold, as far as it may be written there.
  private static func news(
    in members: JSONObject, _ statement: Statement, _ row: Int64, _ existing: ExistingRecord
  ) throws(ServiceError) -> JSONObject {
    if existing == .skip { return [:] }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    let stored = try statement.step() ? Properties.stored(Array(statement.text(0)), of: "record") : [:]
    var news: JSONObject = [:]
    for (name, value) in members where name != "email" && stored[name] != value {
      let isEmpty = stored[name].map { $0.isNull || $0.stringValue?.isEmpty == true } ?? true
      if isEmpty || existing == .replace { news[name] = value }
    }
    return news
  }

  private static func owlContact(
    _ members: JSONObject, _ existing: ExistingRecord
  ) throws(ServiceError) -> Storing {
    // Who comes from elsewhere may have been written to already, which callers of the API say by a second call.
    var members = members
    let status = members["status"]
    members["status"] = nil
    var arguments = try checked(members, by: contactSchema)
    if let status, !status.isNull {
      guard let text = status.stringValue, Vocabulary.contactStatuses.contains(text) else {
        throw .invalid("/status", "Must be one of \(Vocabulary.contactStatuses.joined(separator: ", ")).")
      }
      arguments["status"] = status
    }
    let change = try OwlContactChange(arguments)
    return { transaction throws(ServiceError) in
      guard let row = try change.namesake(transaction.reading) else {
        let row = try change.insert(transaction)
        transaction.audit(.owlContact, row, after: change.record)
        return .created
      }
      if existing == .skip { return .unchanged }
      var change = change
      if existing == .fill {
        let stored = try OwlContactChange.stored(row, transaction)
        change.leaveOut { field, _ in stored[field.rawValue] != nil }
      }
      guard !change.isEmpty else { return .unchanged }
      let before = try change.update(row, transaction)
      guard !before.isEmpty else { return .unchanged }
      transaction.audit(.owlContact, row, before: OwlContactChange.record(before), after: change.record)
      return .updated
    }
  }

  private static func owlCompany(
    _ members: JSONObject, _ existing: ExistingRecord
  ) throws(ServiceError) -> Storing {
    let change = try OwlCompanyChange(try checked(members, by: companySchema))
    return { transaction throws(ServiceError) in
      let changes = transaction.database.totalChanges
      let (row, isNew, before) = try change.store(transaction)
      guard transaction.database.totalChanges != changes else { return .unchanged }
      transaction.audit(.owlCompany, row, before: before, after: change.record)
      return isNew ? .created : .updated
    }
  }
}

// MARK: - What happened

extension ImportedRecord {
  private static func event(
    _ members: JSONObject, _ now: Timestamp, _ cache: inout ImportCache
  ) throws(ServiceError) -> Storing {
    var members = members
    let email = try take(email: &members)
    // Exports often have milliseconds since 1970 as a number.
    if let milliseconds = members["timestamp"]?.integerValue {
      members["timestamp"] = .string(Timestamp(milliseconds: milliseconds).iso8601)
    }
    let envelope = try checked(members, by: eventSchema)
    var draft = try EventDraft(envelope, at: "", now: now.milliseconds)
    draft.describeClient(&cache.agents)
    return { [draft] transaction throws(ServiceError) in
      var contact = try draft.namedContact(in: transaction)
      if contact == nil, let email { contact = try ContactChanges.row(email: email, transaction.reading) }
      _ = try draft.store(for: contact, in: transaction)
      return .created
    }
  }

  private static func signal(_ members: JSONObject, _ now: Timestamp) throws(ServiceError) -> Storing {
    var members = members
    let email = try take(email: &members)
    let time = try time(&members, now)
    let arguments = try checked(members, by: signalSchema)
    return { transaction throws(ServiceError) in
      var draft = try SignalDraft(arguments, transaction.reading)
      draft.time = time
      if arguments["source"] == nil { draft.source = "import" }
      if draft.contact == nil, let email {
        draft.contact = try OwlContactKeys.row(email: ContactChanges.emailKey(email), transaction.reading)
      }
      _ = try draft.store(in: transaction)
      return .created
    }
  }

  private static func take(email members: inout JSONObject) throws(ServiceError) -> String? {
    guard let value = members["contact_email"] else { return nil }
    members["contact_email"] = nil
    if value.isNull { return nil }
    guard let email = value.stringValue else { throw .invalid("/contact_email", "Must be an e-mail address.") }
    return email
  }

  private static func time(_ members: inout JSONObject, _ now: Timestamp) throws(ServiceError) -> Int64? {
    guard let value = members["timestamp"] else { return nil }
    members["timestamp"] = nil
    if value.isNull { return nil }
    let time = value.integerValue ?? value.stringValue.flatMap { Timestamp(iso8601: $0)?.milliseconds }
    guard let time, time > 0, time <= now.milliseconds else {
      throw .invalid("/timestamp", "Must be an ISO 8601 time like 2026-03-31T14:00:00Z that is not ahead of us.")
    }
    return time
  }
}

// MARK: - Checks

extension ImportedRecord {
  private static let eventSchema = CompiledSchema(PathboundEvents.envelope)
  private static let signalSchema = schema("owlbound_ingest_signal")
  private static let contactSchema = schema("owlbound_create_contact")
  private static let companySchema = schema("owlbound_upsert_company")

  private static func schema(_ operation: String) -> CompiledSchema? {
    Catalogue.all.first { $0.name == operation }?.validator
  }

  private static func checked(_ members: JSONObject, by schema: CompiledSchema?) throws(ServiceError) -> JSONObject {
    guard let schema else { throw ServiceError(.internal, "The catalogue has lost an operation.") }
    do {
      return try schema.validate(members)
    } catch {
      throw ServiceError(error)
    }
  }
}
