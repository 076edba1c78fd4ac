internal import Platform
internal import Service

/// The first answers of guarded calls, so that a repeated call gets the first one's receipt.
enum Receipts {
  /// The payload of the first call with this key; nil when there was none, or its window has passed.
  ///
  /// - Throws: `CONFLICT` when an explicit key was used with other arguments.
  static func find(
    _ key: WriteTicket.RepeatKey, digest: [UInt8], in transaction: WriteTransaction
  ) throws(ServiceError) -> [UInt8]? {
    let statement = try transaction.database.statement(
      "SELECT digest, payload FROM receipts WHERE key = ?1 AND (expires_at IS NULL OR expires_at > ?2)")
    statement.bind(blob: key.bytes, at: 1)
    statement.bind(transaction.now.milliseconds, at: 2)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    guard !key.isExplicit || statement.blob(0) == digest else {
      throw ServiceError(
        .conflict,
        "This idempotency_key was used for a call with other arguments. Reuse a key only to repeat the same call.")
    }
    return Array(statement.text(1))
  }

  /// Keeps the answer, and drops expired ones.
  ///
  /// `action` is the id of an action whose outcome is still to come.
  static func store(
    _ key: WriteTicket.RepeatKey, digest: [UInt8], payload: [UInt8], action: String?, in transaction: WriteTransaction
  ) throws(ServiceError) {
    let now = transaction.now.milliseconds
    let expired = try transaction.database.statement("DELETE FROM receipts WHERE expires_at <= ?1")
    expired.bind(now, at: 1)
    try expired.run()
    let statement = try transaction.database.statement(
      """
      INSERT OR REPLACE INTO receipts (key, digest, payload, created_at, expires_at, action_id)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """)
    statement.bind(blob: key.bytes, at: 1)
    statement.bind(blob: digest, at: 2)
    statement.bind(text: payload, at: 3)
    statement.bind(now, at: 4)
    statement.bind(key.seconds.map { now + Int64($0) * 1000 }, at: 5)
    statement.bind(action.flatMap { transaction.ids.row(.action, $0) }, at: 6)
    try statement.run()
  }

  /// Puts an action's outcome where a repeated call finds it: its first caller was answered with it, too.
  static func complete(_ action: Int64, payload: [UInt8], in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("UPDATE receipts SET payload = ?2 WHERE action_id = ?1")
    statement.bind(action, at: 1)
    statement.bind(text: payload, at: 2)
    try statement.run()
  }
}
