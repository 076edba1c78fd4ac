internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// What an action would do: its type and parameters, checked and filled in, so that what is approved is what is done.
struct ActionContent {
  let type: ActionType
  /// Serialised JSON, with everything that the server fills in.
  let params: [UInt8]
  /// What was filled in; empty when nothing was.
  let resolved: JSONObject
  /// The contact it is for.
  let contact: Int64?
  /// The company it is for.
  let company: Int64?

  /// More would make an action too long to be shown to a model that is to review it.
  static let paramsLimit = 20_000

  /// Checks parameters by the type's schema and against what is stored, and fills in what they leave to the server.
  ///
  /// - Throws: `VALIDATION_ERROR` with details below `/params`.
  static func check(
    type name: String, params given: JSONObject, in transaction: ReadTransaction
  ) throws(ServiceError) -> ActionContent {
    guard let type = ActionType.named(name) else { throw unknown(name) }
    var params = try valid(given, type)
    let contact = try reference("contact_id", .contact, params, transaction)
    let company = try reference("company_id", .company, params, transaction)
    try checkTarget(type, contact: contact, company: company)
    var resolved: JSONObject = [:]
    if type.name == ActionType.emailMessage.name {
      resolved = try MailParameters(params: params, contact: contact, transaction: transaction).missing()
      for (key, value) in resolved { params[key] = value }
    }
    if type.name == ActionType.createNote.name {
      try SizeLimit.check(params.text("content"), SizeLimit.note, at: "/params/content")
    }
    let bytes = JSONValue.object(params).serialized()
    guard bytes.count <= paramsLimit else {
      throw .invalid(
        "/params", "params has \(bytes.count) bytes; at most \(paramsLimit) can be kept. Shorten the text.")
    }
    return ActionContent(type: type, params: bytes, resolved: resolved, contact: contact, company: company)
  }

  private static func unknown(_ name: String) -> ServiceError {
    let names = (ActionType.all + ActionType.installed).map(\.name)
    // Names of an earlier API (Pathbound API 11.1).
    let earlier = ["send_email": "email_message", "linkedin_message": "linkedin_connection"]
    let hint =
      if let near = earlier[name] ?? Nearest.name(to: name, among: names) {
        "Did you mean \"\(near)\"?"
      } else {
        "Known are \(names.joined(separator: ", "))."
      }
    return .invalid("/type", "There is no action type \"\(name.prefix(64))\". \(hint)")
  }

  private static func valid(_ params: JSONObject, _ type: ActionType) throws(ServiceError) -> JSONObject {
    do throws(ValidationFailure) {
      let valid = try (schemas[type.name] ?? CompiledSchema(type.parameters)).validate(params, below: "/params")
      if type.name == ActionType.updateContact.name {
        // The same rules as for a change at once: a malformed e-mail or stage must not wait for approval.
        _ = try PathboundContacts.updateContact.validator.validate(valid, below: "/params")
      }
      return valid
    } catch {
      throw ServiceError(error)
    }
  }

  /// Those of the built-in types, made at first use.
  private static let schemas = Dictionary(
    ActionType.all.map { ($0.name, CompiledSchema($0.parameters)) }, uniquingKeysWith: { first, _ in first })

  /// The row that a parameter refers to.
  private static func reference(
    _ name: String, _ kind: RecordKind, _ params: JSONObject, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Int64? {
    guard let id = params[name]?.stringValue else { return nil }
    if let row = try transaction.existing(kind, id) { return row }
    throw .invalid("/params/" + name, "No \(kind.noun) has the id \"\(id.prefix(64))\".")
  }

  /// Notes and pushes to the CRM are for a contact or a company (API 11.1), which no flat schema can say.
  private static func checkTarget(_ type: ActionType, contact: Int64?, company: Int64?) throws(ServiceError) {
    switch type.name {
    case ActionType.createNote.name where (contact == nil) == (company == nil):
      throw .invalid("/params/contact_id", "create_note needs exactly one of contact_id and company_id.")
    case ActionType.syncToCRM.name where contact == nil && company == nil:
      throw .invalid("/params/contact_id", "sync_to_crm needs contact_id or company_id.")
    default: return
    }
  }
}
