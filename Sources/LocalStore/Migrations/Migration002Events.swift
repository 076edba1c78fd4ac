extension Migrator.Migration {
  /// Tracked events, the pages and sites they happened on, and who the visitors turned out to be.
  ///
  /// Addresses are kept once in `pages`: a substring is looked for among the distinct addresses (trigrams), not among
  /// a million events. `event_names` and `domains` keep the number of their events, so that totals are one look-up.
  /// Pages and domains are never removed, so events refer to them without a check on each row.
  static let events = Self(
    version: 2,
    sql: """
      CREATE TABLE pages (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE) STRICT;
      CREATE VIRTUAL TABLE pages_text USING fts5 (url, content='pages', content_rowid='id', tokenize='trigram');
      CREATE TRIGGER pages_text_insert AFTER INSERT ON pages BEGIN
        INSERT INTO pages_text (rowid, url) VALUES (new.id, new.url);
      END;

      CREATE TABLE domains (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        events INTEGER NOT NULL DEFAULT 0
      ) STRICT;

      CREATE TABLE visitors (
        visitor_id TEXT PRIMARY KEY,
        contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
        attached_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX visitors_by_contact ON visitors (contact_id);

      CREATE TABLE event_names (
        name TEXT PRIMARY KEY,
        events INTEGER NOT NULL,
        last_seen_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        occurred_at INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        page_id INTEGER,
        domain_id INTEGER,
        contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
        visitor_id TEXT,
        session_id TEXT,
        data TEXT,
        client TEXT,
        envelope TEXT
      ) STRICT;
      -- A row number stands at the end of every index, so it need not be named where it decides between equals.
      CREATE INDEX events_by_time ON events (occurred_at, id, contact_id);
      -- Holds what the short form of a contact's events shows, which would else be spread over the whole table.
      CREATE INDEX events_by_contact ON events (contact_id, occurred_at, id, name, page_id)
        WHERE contact_id IS NOT NULL;
      CREATE INDEX events_by_name ON events (name, occurred_at);
      CREATE INDEX events_by_page ON events (page_id, occurred_at) WHERE page_id IS NOT NULL;
      CREATE INDEX events_by_domain ON events (domain_id, occurred_at) WHERE domain_id IS NOT NULL;
      CREATE INDEX events_of_strangers ON events (visitor_id, occurred_at)
        WHERE contact_id IS NULL AND visitor_id IS NOT NULL;
      """)
}
