internal import JSON
internal import JSONSchema
internal import Platform
internal import Service

/// A field of an Owlbound contact that callers set (Owlbound API 8.3 and 8.5).
enum OwlContactField: Int, CaseIterable {
  case firstName, lastName, email, phone, linkedInUrl, company, title, location, source, notes, status, tags

  /// As callers name it.
  var name: String { "\(self)" }

  var column: String {
    switch self {
    case .firstName: "first_name"
    case .lastName: "last_name"
    case .linkedInUrl: "linkedin_url"
    default: name
    }
  }

  /// The most bytes.
  fileprivate var limit: Int {
    switch self {
    case .linkedInUrl: 2048
    case .notes: SizeLimit.note
    default: SizeLimit.line
    }
  }

  /// One of these must be there.
  fileprivate var identifies: Bool {
    self == .firstName || self == .lastName || self == .email || self == .linkedInUrl
  }

  /// Whether a contact can be without it.
  fileprivate var isClearable: Bool { self != .source && self != .status }
}

/// The fields that one call sets, checked, with what is derived from them.
///
/// An empty text is no value: it clears the field.
struct OwlContactChange {
  private var values: [OwlContactField: String?] = [:]

  /// Reads the fields that are given.
  init(_ arguments: JSONObject) throws(ServiceError) {
    for field in OwlContactField.allCases where field != .tags {
      guard let text = arguments.text(field.name) else { continue }
      try SizeLimit.check(text, field.limit, at: "/\(field.name)")
      let trimmed = text.trimmed
      guard !trimmed.isEmpty || field.isClearable else {
        throw .invalid("/\(field.name)", "\(field.name) can't be cleared; leave it out or give another.")
      }
      if field == .email, !trimmed.isEmpty { try Self.checkEmail(trimmed) }
      values[field] = .some(trimmed.isEmpty ? nil : trimmed)
    }
    if arguments.contains("tags") {
      values[.tags] = .some(String(decoding: try Self.tags(arguments), as: UTF8.self))
    }
  }

  /// Takes back what the stored contact has already.
  mutating func leaveOut(_ unchanged: (OwlContactField, String?) -> Bool) {
    values = values.filter { !unchanged($0.key, $0.value) }
  }

  var isEmpty: Bool { values.isEmpty }

  /// Whether the field is set, be it to nothing.
  func sets(_ field: OwlContactField) -> Bool { values[field] != nil }

  /// The new value; nil where the field is cleared or left alone.
  subscript(_ field: OwlContactField) -> String? { values[field] ?? nil }

  /// The fields as an object, for the audit log.
  var record: [UInt8] { Self.record(fields.map { ($0, self[$0]) }) }

  /// Fields as an object, for the audit log.
  static func record(_ fields: [(OwlContactField, String?)]) -> [UInt8] {
    JSONValue.object(JSONObject(fields.map { ($0.0.name, $0.1.map { .string($0) } ?? .null) })).serialized()
  }

  /// In the order of ``OwlContactField``.
  var fields: [OwlContactField] { OwlContactField.allCases.filter { sets($0) } }

  /// Columns and their values.
  private var assignments: [(column: String, value: String?)] {
    var assignments = fields.map { (column: $0.column, value: self[$0]) }
    if sets(.email) { assignments.append(("email_key", emailKey)) }
    if sets(.linkedInUrl) { assignments.append(("linkedin_key", linkedInKey)) }
    if sets(.company) { assignments.append(("company_key", self[.company].map { OwlContactKeys.company($0) })) }
    return assignments
  }

  private var emailKey: String? { self[.email].map { ContactChanges.emailKey($0) } }

  private var linkedInKey: String? { self[.linkedInUrl].flatMap { OwlContactKeys.linkedIn($0) } }

  private var flags: UInt64 { fields.reduce(0) { $0 | 1 << UInt64($1.rawValue) } }

  private static let rules = CompiledSchema(.openObject([.optional("email", .string(format: .email))]))

  /// Refuses what is no address; the operation's schema can't, since an empty one is welcome there.
  private static func checkEmail(_ email: String) throws(ServiceError) {
    do {
      _ = try rules.validate(["email": .string(email)])
    } catch {
      throw .invalid("/email", error.violations.first?.message ?? "Must be an e-mail address.")
    }
  }

  /// The tags as a JSON array, blank ones and repetitions left out.
  private static func tags(_ arguments: JSONObject) throws(ServiceError) -> [UInt8] {
    var seen: Set<ByteKey> = []
    var tags: [JSONValue] = []
    for (position, tag) in arguments.texts("tags").enumerated() {
      try SizeLimit.check(tag, 100, at: "/tags/\(position)")
      let tag = tag.trimmed
      guard !tag.isEmpty, seen.insert(ByteKey(text: tag)).inserted else { continue }
      tags.append(.string(tag))
    }
    guard tags.count <= 100 else { throw .invalid("/tags", "At most 100 tags.") }
    return JSONValue.array(tags).serialized()
  }
}

// MARK: - Storing

extension OwlContactChange {
  /// The row of the contact that has this e-mail or profile; nil when there is none.
  func namesake(_ transaction: ReadTransaction) throws(ServiceError) -> Int64? {
    if let emailKey, let row = try OwlContactKeys.row(email: emailKey, transaction) { return row }
    if let linkedInKey, let row = try OwlContactKeys.row(linkedIn: linkedInKey, transaction) { return row }
    return nil
  }

  /// Adds the contact and gives its row.
  ///
  /// - Throws: `VALIDATION_ERROR` when nobody is named, or another contact has the e-mail or profile.
  func insert(_ transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    guard OwlContactField.allCases.contains(where: { $0.identifies && self[$0] != nil }) else {
      throw ServiceError(.validation, "Give at least one of firstName, lastName, email, linkedInUrl.")
    }
    try OwlContactKeys.checkUnused(email: emailKey, linkedIn: linkedInKey, except: nil, in: transaction)
    let assignments = self.assignments
    let statement = try transaction.database.statement("insert owl contact", flags: flags) {
      let names = assignments.map(\.column).joined(separator: ", ")
      let places = assignments.indices.map { "?\($0 + 2)" }.joined(separator: ", ")
      return "INSERT INTO owl_contacts (created_at, updated_at, \(names)) VALUES (?1, ?1, \(places))"
    }
    statement.bind(transaction.now.milliseconds, at: 1)
    for (position, assignment) in assignments.enumerated() { statement.bind(assignment.value, at: Int32(position + 2)) }
    try statement.run()
    transaction.count("owl_contacts", by: 1)
    return transaction.database.lastInsertedID
  }

  /// Changes the contact of a row where it differs; gives the fields before, none when nothing differs.
  ///
  /// - Throws: `NOT_FOUND`; `VALIDATION_ERROR` for an archived contact, one that would be nobody any more, or an e-mail
  ///   or profile that another one has.
  mutating func update(
    _ row: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) -> [(OwlContactField, String?)] {
    let stored = try Self.stored(row, transaction)
    leaveOut { field, value in stored[field.rawValue] == value }
    guard !isEmpty else { return [] }
    let isSomebody = OwlContactField.allCases.contains { field in
      field.identifies && (sets(field) ? self[field] : stored[field.rawValue]) != nil
    }
    guard isSomebody else {
      throw ServiceError(
        .validation, "A contact keeps at least one of firstName, lastName, email, linkedInUrl; archive it instead.")
    }
    try OwlContactKeys.checkUnused(email: emailKey, linkedIn: linkedInKey, except: row, in: transaction)
    let assignments = self.assignments
    let statement = try transaction.database.statement("update owl contact", flags: flags) {
      let changes = assignments.enumerated().map { "\($1.column) = ?\($0 + 3)" }.joined(separator: ", ")
      return "UPDATE owl_contacts SET updated_at = ?2, \(changes) WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    for (position, assignment) in assignments.enumerated() { statement.bind(assignment.value, at: Int32(position + 3)) }
    try statement.run()
    return fields.map { ($0, stored[$0.rawValue]) }
  }

  /// What a contact holds, by the field's number.
  ///
  /// - Throws: `NOT_FOUND`; `VALIDATION_ERROR` when it is archived.
  static func stored(_ row: Int64, _ transaction: WriteTransaction) throws(ServiceError) -> [String?] {
    let fields = OwlContactField.allCases
    let statement = try transaction.database.statement("stored owl contact", flags: 0) {
      "SELECT \(fields.map(\.column).joined(separator: ", ")), archived_at FROM owl_contacts WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("contact", transaction.ids.text(.owlContact, row)) }
    guard statement.isNull(Int32(fields.count)) else {
      throw .invalid("/id", "This contact is archived, so it can't be changed.")
    }
    return fields.map { statement.optionalString(Int32($0.rawValue)) }
  }
}
