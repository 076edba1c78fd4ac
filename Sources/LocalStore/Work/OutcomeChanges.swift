internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Applies what an action brings about, all of it or nothing.
struct OutcomeChanges {
  let action: ClaimedAction
  /// The action's row.
  let row: Int64
  let actor: String
  let transaction: WriteTransaction

  /// The result with the ids of what was made; or why a change can't be applied, and then none of them is.
  ///
  /// - Throws: what is not the action's fault, such as a full disk.
  func apply(
    _ changes: [WorkspaceChange], result: JSONObject
  ) throws(ServiceError) -> Result<JSONObject, ActionFailure> {
    // The claim and the end of an action are no changes to be taken back, but what it brings about is.
    try transaction.journal.begin()
    defer { transaction.journal.end() }
    do throws(ServiceError) {
      return .success(
        try transaction.attempt { () throws(ServiceError) in
          var result = result
          for change in changes {
            try apply(change, &result)
            try AuditLog.record(client: actor, tool: action.type, digest: digest, transaction)
          }
          return result
        })
    } catch {
      if error.code == .internal || error.code == .unavailable { throw error }
      let place = error.details.first.map { $0.path + ": " } ?? ""
      return .failure(ActionFailure(reason: "Nothing was changed. " + place + error.message))
    }
  }

  private var digest: [UInt8] { SHA256.digest(JSONValue.object(action.params).serialized()) }

  private func apply(_ change: WorkspaceChange, _ result: inout JSONObject) throws(ServiceError) {
    switch change {
    case .createNote(let contactID, let companyID, let content):
      result["note_id"] = .string(try createNote(contactID, companyID, content))
    case .createTask(let title, let details, let due, let contactID):
      result["task_id"] = .string(try createTask("task", title, details, due, contactID))
    case .escalate(let reason, let contactID):
      let title = MailParameters.firstLine(of: reason)
      result["task_id"] = .string(try createTask("escalation", title, reason, nil, contactID))
    case .updateContact(let id, let properties): try merge(properties, into: id)
    case .updateCompany(let id, let properties):
      try CompanyChanges.merge(
        properties, into: try transaction.reading.require(.company, id), by: .action, in: transaction)
    case .setLifecycleStage(let id, let stage):
      try merge(["lifecyclestage": .string(stage)], into: id)
    case .recordMail(let mail): result["thread_id"] = .string(try MailRecord(mail, row, transaction).store())
    }
  }

  /// Checks included: a malformed e-mail or stage, and an e-mail that another contact has.
  private func merge(_ properties: JSONObject, into contactID: String) throws(ServiceError) {
    let contact = try transaction.reading.require(.contact, contactID)
    try ContactChanges.merge(properties, into: contact, by: .action, in: transaction)
  }

  private func createNote(
    _ contactID: String?, _ companyID: String?, _ content: String
  ) throws(ServiceError) -> String {
    let author = action.identity.name.isEmpty ? action.identity.id : action.identity.name
    let note: Int64
    switch (try existing(.contact, contactID), try existing(.company, companyID)) {
    case (let contact?, nil): note = try Notes.add(content, to: .contact(contact), by: author, in: transaction)
    case (nil, let company?): note = try Notes.add(content, to: .company(company), by: author, in: transaction)
    default: throw ServiceError(.validation, "A note is for a contact or for a company.")
    }
    return transaction.ids.text(.note, note)
  }

  private func createTask(
    _ kind: String, _ title: String, _ details: String?, _ due: Timestamp?, _ contactID: String?
  ) throws(ServiceError) -> String {
    let contact = try existing(.contact, contactID)
    let statement = try transaction.database.statement(
      """
      INSERT INTO tasks (kind, title, details, due_at, contact_id, action_id, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """)
    statement.bind(kind, at: 1)
    statement.bind(title, at: 2)
    statement.bind(details, at: 3)
    statement.bind(due?.milliseconds, at: 4)
    statement.bind(contact, at: 5)
    statement.bind(row, at: 6)
    statement.bind(transaction.now.milliseconds, at: 7)
    try statement.run()
    let task = transaction.database.lastInsertedID
    transaction.audit(.task, task)
    return transaction.ids.text(.task, task)
  }

  /// The row of an id that a change refers to; nil without an id.
  private func existing(_ kind: RecordKind, _ id: String?) throws(ServiceError) -> Int64? {
    if let id { try transaction.reading.require(kind, id) } else { nil }
  }
}
