internal import JSON
internal import Operations
internal import Service

/// Whom a proposal would reach: who talks an agent into acting must not choose the reader.
struct Recipients {
  private let type: String
  private let params: JSONObject
  private let company: Int64?
  private let contact: Int64
  private let transaction: ReadTransaction

  init(of content: ActionContent, contact: Int64, _ transaction: ReadTransaction) {
    type = content.type.name
    params = (try? JSONValue(parsing: content.params))?.objectValue ?? [:]
    company = content.company
    self.contact = contact
    self.transaction = transaction
  }

  /// Refuses what is for another contact by its address, or for a company that is not the contact's.
  func requireNoOtherContact() throws(ServiceError) {
    let statement = try transaction.database.statement(
      "SELECT 1 FROM contacts INDEXED BY contacts_by_email WHERE email = ?1 COLLATE NOCASE AND id <> ?2")
    for address in addresses {
      statement.bind(address, at: 1)
      statement.bind(contact, at: 2)
      defer { statement.reset() }
      if try statement.step() {
        throw ServiceError(.validation, "It would reach another contact, \(address.prefix(100)).")
      }
    }
    guard let company, try company != ownCompany() else { return }
    throw ServiceError(.validation, "It is for a company that is not the contact's.")
  }

  /// Why a person must decide although the agent may act alone; nil when only the contact is reached.
  func obstacle() throws(ServiceError) -> String? {
    if type == ActionType.updateContact.name, params["properties"]?["email"] != nil {
      return "Waits for a decision: it would change the contact's e-mail address."
    }
    guard !addresses.isEmpty else { return nil }
    let own = try ownAddress()
    if let own, addresses.allSatisfy({ $0.lowercased() == own }) { return nil }
    return "Waits for a decision: it would also reach others than the contact."
  }

  private var addresses: [String] {
    guard type == ActionType.emailMessage.name || type == ActionType.resendSendEmail.name else { return [] }
    return ["email", "to", "cc", "bcc"].flatMap { key in
      params[key]?.stringValue.map { [$0] } ?? params[key]?.arrayValue?.compactMap(\.stringValue) ?? []
    }
  }

  private func ownAddress() throws(ServiceError) -> String? {
    let statement = try transaction.database.statement("SELECT lower(email) FROM contacts WHERE id = ?1")
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalString(0) : nil
  }

  private func ownCompany() throws(ServiceError) -> Int64? {
    let statement = try transaction.database.statement(
      composed: "SELECT \(ContactRecord.company) FROM contacts AS c WHERE c.id = ?1")
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalInteger(0) : nil
  }
}
