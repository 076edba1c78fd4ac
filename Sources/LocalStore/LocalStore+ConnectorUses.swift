internal import Logging
internal import Platform
public import Service

extension LocalStore: ConnectorUses {
  /// Notes how a real use went; a connector that nobody saved is listed from its first use on.
  public func recordUse(of integrationSlug: String, failure: String?) {
    let slug = StoredConnector.slug(integrationSlug)
    // What other systems answer may hold anything.
    let error = failure.map { String(Redaction.redact($0).unicodeScalars.prefix(300)) }
    writer.add(
      .change(
        { transaction throws(ServiceError) in
          try StoredConnector.record(slug, error, transaction)
          return .answered(Answer(payload: []))
        },
        completion: { [log] outcome in
          if case .failure(let error) = outcome { log.error("a connector's use was not recorded: \(error.message)") }
        }))
  }
}

extension StoredConnector {
  /// Adds a use to all connectors of a slug.
  fileprivate static func record(
    _ slug: String, _ error: String?, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let known = try transaction.database.statement("SELECT 1 FROM connectors WHERE slug = ?1")
    known.bind(slug, at: 1)
    let isKnown = try known.step()
    known.reset()
    if !isKnown {
      let new = try transaction.database.statement(
        "INSERT INTO connectors (slug, name, config, created_at, updated_at) VALUES (?1, ?1, '{}', ?2, ?2)")
      new.bind(slug, at: 1)
      new.bind(transaction.now.milliseconds, at: 2)
      try new.run()
    }
    let statement = try transaction.database.statement(
      """
      UPDATE connectors SET uses = uses + 1, failures = failures + (?2 IS NOT NULL),
        failures_in_a_row = iif(?2 IS NULL, 0, failures_in_a_row + 1),
        last_success_at = iif(?2 IS NULL, ?3, last_success_at),
        last_failure_at = iif(?2 IS NULL, last_failure_at, ?3), last_error = coalesce(?2, last_error)
      WHERE slug = ?1 AND archived_at IS NULL
      """)
    statement.bind(slug, at: 1)
    statement.bind(error, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    try statement.run()
  }
}
