internal import JSON
internal import Service

/// What was written to a contact by e-mail, thread by thread (Pathbound API 5.4 and 11.10).
///
/// A mail's text is that of the action that sent it, which can't change any more. The API names a thread's
/// `thread_id`, `last_message_id` and `subject`; all else is ours.
struct MailThreads {
  /// The contact's row.
  let contact: Int64
  let transaction: ReadTransaction

  /// The most threads that are shown, the latest.
  private static let threadLimit = 100
  /// The most messages of a thread that are shown, the latest, and the most bytes of one and of all, in a list of threads.
  private static let overview = (messages: Int64(5), bytes: 600, all: 8000)
  /// The same where one thread is asked for.
  private static let single = (messages: Int64(100), bytes: 12_000, all: RowList.byteLimit - 2000)

  private static let thread = RowShape(
    .id("thread_id", .thread, "t.id"), .text("last_message_id", "t.last_message_id"), .text("subject", "t.subject"),
    .integer("message_count", "(SELECT count(*) FROM mails INDEXED BY mails_by_thread WHERE thread_id = t.id)"),
    .time("created_at", "t.created_at"), .time("last_message_at", "t.updated_at"))

  /// Writes `threads: [thread, …]`, the latest first.
  func writeThreads(into payload: inout JSONWriter) throws(ServiceError) {
    let statement = try threads(only: nil)
    var rows = RowList()
    try rows.write("threads", statement, into: &payload) { thread, payload in
      Self.thread.write(thread, transaction.ids, into: &payload)
    }
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long; the latest threads are shown.\"", into: &payload)
  }

  /// Writes `conversations: [thread, …]`, the latest first, each with its newest messages in order of time where they
  /// are asked for.
  ///
  /// - Parameter only: the row of the one thread to show; nil for all.
  func writeConversations(
    only: Int64?, withMessages: Bool, into payload: inout JSONWriter
  ) throws(ServiceError) {
    var heads: [(row: Int64, members: [UInt8])] = []
    let statement = try threads(only: only)
    do {
      defer { statement.reset() }
      while try statement.step() {
        var head = JSONWriter(capacity: 256, sanitizing: true)
        Self.thread.write(statement, transaction.ids, into: &head)
        heads.append((statement.integer(0), Array(head.finish().dropFirst().dropLast())))
      }
    }
    var rows = RowList(limit: only == nil ? RowList.defaultByteLimit : RowList.byteLimit)
    try rows.write("conversations", heads, into: &payload) { (head, payload) throws(ServiceError) in
      payload.beginObject()
      payload.key("channel")
      payload.raw("\"email\"")
      payload.raw(head.members)
      if withMessages { try writeMessages(of: head.row, isAlone: only != nil, into: &payload) }
      payload.endObject()
    }
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long; give thread_id to read one conversation.\"",
      into: &payload)
  }

  private func threads(only: Int64?) throws(ServiceError) -> Statement {
    let statement = try transaction.database.statement("mail threads", flags: only == nil ? 0 : 1) {
      let rows = "SELECT \(Self.thread.columns) FROM mail_threads AS t"
      return only == nil
        ? rows + " INDEXED BY mail_threads_by_contact WHERE t.contact_id = ?1 ORDER BY t.updated_at DESC, t.id DESC"
          + " LIMIT \(Self.threadLimit)"
        : rows + " WHERE t.id = ?2 AND t.contact_id = ?1"
    }
    statement.bind(contact, at: 1)
    if let only { statement.bind(only, at: 2) }
    return statement
  }
}

// MARK: - Messages

extension MailThreads {
  private static func message(bytes: Int) -> RowShape {
    RowShape(
      .text("message_id", "m.message_id"), .text("direction", "'outbound'"), .time("sent_at", "m.sent_at"),
      .text("subject", "m.subject"), .text("from", "json_extract(a.result, '$.from')").ifAny,
      .text("to", "json_extract(a.params, '$.email')").ifAny,
      .excerpt("body", "coalesce(json_extract(a.params, '$.message'), json_extract(a.params, '$.html'))", bytes: bytes),
      .id("action_id", .action, "m.action_id").ifAny)
  }

  private static let shortMessage = message(bytes: overview.bytes)
  private static let longMessage = message(bytes: single.bytes)

  /// Writes `messages: [message, …]`, the newest, oldest first.
  private func writeMessages(
    of thread: Int64, isAlone: Bool, into payload: inout JSONWriter
  ) throws(ServiceError) {
    let shape = isAlone ? Self.longMessage : Self.shortMessage
    let room = isAlone ? Self.single : Self.overview
    let statement = try transaction.database.statement("mails of a thread", flags: isAlone ? 1 : 0) {
      """
      SELECT \(shape.columns) FROM
        (SELECT * FROM mails INDEXED BY mails_by_thread WHERE thread_id = ?1 ORDER BY id DESC LIMIT \(room.messages)) AS m
        LEFT JOIN actions AS a ON a.id = m.action_id ORDER BY m.id
      """
    }
    statement.bind(thread, at: 1)
    var rows = RowList(limit: room.all)
    try rows.write("messages", statement, into: &payload) { message, payload in
      shape.write(message, transaction.ids, into: &payload)
    }
    rows.writeOmission(
      advice: "\"Left out because the answer would be too long; the earlier messages are shown.\"", into: &payload)
  }
}
