internal import Platform
internal import Service

/// An action as decisions need it; read inside the transaction that decides.
struct StoredAction {
  let row: Int64
  let type: String
  var status: ActionStatus
  /// Serialised JSON.
  let params: [UInt8]
  let identity: Int64
  let contact: Int64?
  let summary: String?
  var claim: Int64

  /// Reads an action.
  ///
  /// - Throws: `NOT_FOUND` when there is no such row.
  static func require(_ id: String, in transaction: WriteTransaction) throws(ServiceError) -> StoredAction {
    guard let row = transaction.ids.row(.action, id), let action = try find(row, in: transaction.database) else {
      throw .notFound("action", id)
    }
    return action
  }

  /// Reads the action of a row; nil when there is none.
  static func find(_ row: Int64, in database: Connection) throws(ServiceError) -> StoredAction? {
    let statement = try database.statement(
      "SELECT type, status, params, identity_id, contact_id, description, claim FROM actions WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    guard let status = ActionStatus(rawValue: statement.string(1)) else {
      throw ServiceError(.internal, "An action in the workspace has an unknown status.")
    }
    return StoredAction(
      row: row, type: statement.string(0), status: status, params: Array(statement.text(2)),
      identity: statement.integer(3), contact: statement.optionalInteger(4), summary: statement.optionalString(5),
      claim: statement.integer(6))
  }
}

extension StoredAction {
  /// SHA-256 of the parameters, for the audit log.
  var paramsDigest: [UInt8] { SHA256.digest(params) }
}
