internal import JSON
internal import Platform
internal import Service

/// Keeps a mail that was handed over, in its thread, so that a later one can follow it up.
///
/// The mail is on its way whatever the workspace says: a thread or contact that is gone by now must not make it appear
/// unsent, so this starts a new thread, or one without a contact.
struct MailRecord {
  private let mail: SentMail
  /// The row of the action that sent it.
  private let action: Int64
  private let transaction: WriteTransaction

  private static let chainLimit = 100

  init(_ mail: SentMail, _ action: Int64, _ transaction: WriteTransaction) {
    self.mail = mail
    self.action = action
    self.transaction = transaction
  }

  /// Stores mail and thread; the thread's id.
  func store() throws(ServiceError) -> String {
    let contact = if let id = mail.contactID { try transaction.reading.existing(.contact, id) } else { nil as Int64? }
    let known = if let id = mail.threadID { try transaction.reading.existing(.thread, id) } else { nil as Int64? }
    let thread = if let known { try extend(known) } else { try start(contact) }
    let statement = try transaction.database.statement(
      """
      INSERT OR IGNORE INTO mails (thread_id, contact_id, action_id, message_id, subject, sent_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """)
    statement.bind(thread, at: 1)
    statement.bind(contact, at: 2)
    statement.bind(action, at: 3)
    statement.bind(mail.messageID, at: 4)
    statement.bind(mail.subject, at: 5)
    statement.bind(transaction.now.milliseconds, at: 6)
    try statement.run()
    transaction.audit(.thread, thread)
    return transaction.ids.text(.thread, thread)
  }

  private func start(_ contact: Int64?) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      INSERT INTO mail_threads (contact_id, subject, last_message_id, message_ids, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5)
      """)
    statement.bind(contact, at: 1)
    statement.bind(mail.subject, at: 2)
    statement.bind(mail.messageID, at: 3)
    statement.bind(text: chain, at: 4)
    statement.bind(transaction.now.milliseconds, at: 5)
    try statement.run()
    return transaction.database.lastInsertedID
  }

  private func extend(_ thread: Int64) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      "UPDATE mail_threads SET last_message_id = ?2, message_ids = ?3, updated_at = ?4 WHERE id = ?1")
    statement.bind(thread, at: 1)
    statement.bind(mail.messageID, at: 2)
    statement.bind(text: chain, at: 3)
    statement.bind(transaction.now.milliseconds, at: 4)
    try statement.run()
    return thread
  }

  /// The ids of the messages before it and its own, the newest hundred.
  private var chain: [UInt8] {
    let ids = mail.references.filter { $0 != mail.messageID } + [mail.messageID]
    return JSONValue.array(ids.suffix(Self.chainLimit).map { .string($0) }).serialized()
  }
}
