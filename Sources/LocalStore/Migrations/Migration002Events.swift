extension Migrator.Migration {
  /// Tracked events, the pages they happened on, and who the visitors turned out to be.
  ///
  /// Addresses are kept once in `pages`: a substring is looked for among the distinct addresses (trigrams), not among
  /// a million events. `event_names` keeps the count of each kind, so that totals are one look-up.
  static let events = Self(
    version: 2,
    sql: """
      CREATE TABLE pages (
        id INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        domain TEXT NOT NULL
      ) STRICT;
      CREATE INDEX pages_by_domain ON pages (domain);
      CREATE VIRTUAL TABLE pages_text USING fts5 (url, content='pages', content_rowid='id', tokenize='trigram');
      CREATE TRIGGER pages_text_insert AFTER INSERT ON pages BEGIN
        INSERT INTO pages_text (rowid, url) VALUES (new.id, new.url);
      END;

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
        page_id INTEGER REFERENCES pages (id),
        contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
        visitor_id TEXT,
        session_id TEXT,
        data TEXT CHECK (json_valid(data)),
        envelope TEXT CHECK (json_valid(envelope))
      ) STRICT;
      CREATE INDEX events_by_time ON events (occurred_at, id);
      CREATE INDEX events_by_contact ON events (contact_id, occurred_at, id) WHERE contact_id IS NOT NULL;
      CREATE INDEX events_by_name ON events (name, occurred_at, id);
      CREATE INDEX events_by_page ON events (page_id, occurred_at, id) WHERE page_id IS NOT NULL;
      CREATE INDEX events_by_visitor ON events (visitor_id, occurred_at, id) WHERE visitor_id IS NOT NULL;
      """)
}
