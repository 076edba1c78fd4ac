extension Migrator.Migration {
  /// Who must not be written to, and who was written to when.
  ///
  /// `value` is an address, or a domain that stands for all addresses of it and below it.
  static let outreach = Self(
    version: 8,
    sql: """
      CREATE TABLE suppressions (
        id INTEGER PRIMARY KEY,
        value TEXT NOT NULL UNIQUE,
        reason TEXT NOT NULL CHECK (reason IN ('unsubscribed', 'bounced', 'complained', 'manual')),
        created_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE outreach_sends (
        action_id INTEGER NOT NULL,
        contact_id INTEGER,
        domain TEXT,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX outreach_sends_by_action ON outreach_sends (action_id);
      CREATE INDEX outreach_sends_by_contact ON outreach_sends (contact_id, at) WHERE contact_id IS NOT NULL;
      CREATE INDEX outreach_sends_by_domain ON outreach_sends (domain, at) WHERE domain IS NOT NULL;
      """)
}
