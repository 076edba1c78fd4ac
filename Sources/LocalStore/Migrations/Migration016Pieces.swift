extension Migrator.Migration {
  /// Work on very many rows that is done piece by piece: visitors, and other systems' ids, whose older events are still
  /// to be given to their contact.
  static let pieces = Self(
    version: 16,
    sql: """
      CREATE TABLE visitors_to_attach (visitor_id TEXT PRIMARY KEY, contact_id INTEGER NOT NULL)
        STRICT, WITHOUT ROWID;
      CREATE TABLE external_ids_to_attach (external_id TEXT PRIMARY KEY, contact_id INTEGER NOT NULL)
        STRICT, WITHOUT ROWID;
      """)
}
