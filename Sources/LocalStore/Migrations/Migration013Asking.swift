extension Migrator.Migration {
  /// Questions to persons that wait for an answer, of which a row is taken out by the one answer that counts; and work
  /// that clients ask for later, with who works on it until `lease_until`, or what it follows.
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

      CREATE TABLE client_tasks (
        id TEXT NOT NULL PRIMARY KEY,
        tool TEXT NOT NULL,
        client TEXT NOT NULL,
        followed TEXT CHECK (followed IS NULL OR json_valid(followed)),
        status TEXT NOT NULL CHECK (status IN ('working', 'completed', 'failed', 'cancelled')),
        message TEXT,
        payload TEXT,
        is_error INTEGER NOT NULL CHECK (is_error IN (0, 1)),
        is_to_end INTEGER NOT NULL DEFAULT 0 CHECK (is_to_end IN (0, 1)),
        lease_until INTEGER,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX client_tasks_by_expiry ON client_tasks (expires_at);
      """)
}
