extension Migrator.Migration {
  /// Questions to persons that wait for an answer; a row is taken out by the one answer that counts.
  static let asking = Self(
    version: 13,
    sql: """
      CREATE TABLE open_decisions (
        handle TEXT NOT NULL PRIMARY KEY,
        call BLOB NOT NULL,
        shown BLOB NOT NULL,
        round INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX open_decisions_by_expiry ON open_decisions (expires_at);
      """)
}
