internal import JSON
internal import Platform
internal import Service

/// A connector of the workspace: its setup, and how its last real uses went (Owlbound API 14).
enum StoredConnector {
  /// What ``write(_:_:into:)`` reads, in this order.
  static let columns = """
    id, slug, name, config, failures_in_a_row, last_success_at, last_failure_at, last_error, uses, failures, \
    archived_at, created_at, updated_at
    """

  /// Slugs are compared in lower case.
  static func slug(_ text: String) -> String { text.trimmed.lowercased() }

  /// SQL of all connectors, or of one integration's; those that are archived when ?1 says so.
  static func list(hasSlug: Bool) -> String {
    """
    SELECT \(columns) FROM connectors
    WHERE (archived_at IS NULL OR ?1) \(hasSlug ? "AND slug = ?2" : "") ORDER BY id
    """
  }

  /// Writes the connector of a row, one object.
  ///
  /// - Throws: `NOT_FOUND` when there is none.
  static func write(row: Int64, _ transaction: ReadTransaction, into payload: inout JSONWriter) throws(ServiceError) {
    let statement = try transaction.database.statement("connector", flags: 0) {
      "SELECT \(columns) FROM connectors WHERE id = ?1"
    }
    statement.bind(row, at: 1)
    defer { statement.reset() }
    guard try statement.step() else { throw .notFound("connector", transaction.ids.text(.connector, row)) }
    write(statement, transaction, into: &payload)
  }

  /// Writes the connector that the statement stands at, one object.
  static func write(_ connector: Statement, _ transaction: ReadTransaction, into payload: inout JSONWriter) {
    let isArchived = !connector.isNull(10)
    payload.beginObject()
    payload.key("id")
    transaction.ids.write(.connector, connector.integer(0), into: &payload)
    payload.key("integrationSlug")
    payload.text(connector, 1)
    payload.key("name")
    payload.text(connector, 2)
    payload.key("status")
    payload.raw(isArchived ? "\"archived\"" : "\"active\"")
    payload.key("config")
    let config = try? JSONParser.parse(connector.text(3))
    payload.value(.object(ConnectorSecrets.redacted(config?.objectValue ?? [:])))
    payload.key("health")
    ConnectorHealth(connector, now: transaction.now).write(into: &payload)
    payload.key("archived")
    payload.bool(isArchived)
    payload.key("createdAt")
    payload.integer(connector.integer(11))
    payload.key("updatedAt")
    payload.integer(connector.integer(12))
    payload.endObject()
  }
}
