internal import JSON
internal import Service

/// Fills in what the parameters of an e-mail leave to the server (Pathbound API 11.10).
///
/// It happens before the action is stored, so that a reviewer sees the address and subject that will be used.
struct MailParameters {
  let params: JSONObject
  /// The row of `contact_id`.
  let contact: Int64?
  let transaction: ReadTransaction

  private static let subjectLimit = 60

  /// A thread that the mail continues.
  private struct MailThread {
    let row: Int64
    let subject: String
    let lastMessageID: String
    let messageIDs: JSONValue
  }

  /// The members to add.
  ///
  /// - Throws: `VALIDATION_ERROR` when there is nobody to send to, or no thread to continue.
  func missing() throws(ServiceError) -> JSONObject {
    let thread = try thread()
    var missing: JSONObject = [:]
    if isBlank("email") { missing["email"] = .string(try contactEmail()) }
    if isBlank("subject") { missing["subject"] = .string(try subject(of: thread)) }
    if let thread {
      if isBlank("thread_id") { missing["thread_id"] = .string(transaction.ids.text(.thread, thread.row)) }
      if isBlank("in_reply_to_message_id") { missing["in_reply_to_message_id"] = .string(thread.lastMessageID) }
      if params["references"] == nil { missing["references"] = thread.messageIDs }
    }
    return missing
  }

  private func isBlank(_ name: String) -> Bool { params[name]?.stringValue?.allSatisfy(\.isWhitespace) ?? true }

  private func contactEmail() throws(ServiceError) -> String {
    guard let contact else {
      throw .invalid("/params/email", "Give email, or contact_id to take the contact's.")
    }
    let statement = try transaction.database.statement("SELECT email FROM contacts WHERE id = ?1")
    statement.bind(contact, at: 1)
    defer { statement.reset() }
    guard try statement.step(), let email = statement.optionalString(0) else {
      throw .invalid("/params/contact_id", "This contact has no e-mail address; give email, or add one to the contact.")
    }
    return email
  }

  private func subject(of thread: MailThread?) throws(ServiceError) -> String {
    if let thread { return "Re: " + Self.withoutReplyMarks(thread.subject) }
    guard contact != nil else {
      throw .invalid("/params/subject", "Give subject; without contact_id it is not filled in.")
    }
    return Self.firstLine(of: params["message"]?.stringValue ?? "")
  }

  /// The thread that `thread_id` names, else with `follow_up` the contact's latest.
  private func thread() throws(ServiceError) -> MailThread? {
    if let id = params["thread_id"]?.stringValue {
      guard let row = transaction.ids.row(.thread, id), let thread = try find(row) else {
        throw .invalid("/params/thread_id", "No e-mail thread of this contact has the id \"\(id.prefix(64))\".")
      }
      return thread
    }
    guard params["follow_up"]?.boolValue == true else { return nil }
    guard let contact else {
      throw .invalid("/params/follow_up", "follow_up needs contact_id: it replies in that contact's latest thread.")
    }
    guard let thread = try latest(of: contact) else {
      throw .invalid(
        "/params/follow_up", "This contact has no e-mail thread to follow up. Leave out follow_up to start one.")
    }
    return thread
  }

  private func find(_ row: Int64) throws(ServiceError) -> MailThread? {
    let statement = try transaction.database.statement(
      "SELECT id, subject, last_message_id, message_ids FROM mail_threads WHERE id = ?1 AND (?2 IS NULL OR contact_id = ?2)"
    )
    statement.bind(row, at: 1)
    statement.bind(contact, at: 2)
    return try read(statement)
  }

  private func latest(of contact: Int64) throws(ServiceError) -> MailThread? {
    let statement = try transaction.database.statement(
      """
      SELECT id, subject, last_message_id, message_ids FROM mail_threads WHERE contact_id = ?1
      ORDER BY updated_at DESC, id DESC LIMIT 1
      """)
    statement.bind(contact, at: 1)
    return try read(statement)
  }

  private func read(_ statement: Statement) throws(ServiceError) -> MailThread? {
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return MailThread(
      row: statement.integer(0), subject: statement.string(1), lastMessageID: statement.string(2),
      messageIDs: (try? JSONParser.parse(statement.text(3))) ?? [])
  }

  /// The first line with something in it, at most 60 characters.
  static func firstLine(of message: String) -> String {
    let lines = message.split(whereSeparator: \.isNewline)
    let line = lines.first { !$0.allSatisfy(\.isWhitespace) } ?? ""
    return trimmed(trimmed(line).prefix(subjectLimit))
  }

  /// The subject without any `Re:` before it.
  static func withoutReplyMarks(_ subject: String) -> String {
    var rest = subject[...]
    while true {
      rest = rest.drop(while: \.isWhitespace)
      guard rest.prefix(3).lowercased() == "re:" else { return trimmed(rest) }
      rest = rest.dropFirst(3)
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
