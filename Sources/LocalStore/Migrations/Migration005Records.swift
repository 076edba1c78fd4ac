extension Migrator.Migration {
  /// What was done through the server: receipts of guarded calls, the audit log, the usage ledger.
  static let records = Self(
    version: 5,
    sql: """
      CREATE TABLE receipts (
        key BLOB PRIMARY KEY,
        digest BLOB NOT NULL,
        payload TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER,
        action_id INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX receipts_by_expiry ON receipts (expires_at) WHERE expires_at IS NOT NULL;
      CREATE INDEX receipts_by_action ON receipts (action_id) WHERE action_id IS NOT NULL;

      CREATE TABLE audit_log (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        client TEXT NOT NULL,
        tool TEXT NOT NULL,
        arguments_digest BLOB NOT NULL,
        outcome TEXT NOT NULL,
        record TEXT,
        before TEXT,
        after TEXT
      ) STRICT;

      CREATE TABLE usage_ledger (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        capability TEXT NOT NULL,
        credits INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX usage_ledger_by_time ON usage_ledger (at);
      """)
}
