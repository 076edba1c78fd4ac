extension Migrator.Migration {
  /// Events once more, in columns, for questions about many of them; stored filters of contacts.
  ///
  /// A chunk is a run of events with consecutive row numbers. Its columns are kept at eight times its number and more.
  /// Moves are events of chunks that have got another contact, or none, since their chunk was closed. With columns at
  /// hand, the events of one page or site need no index any more, which spares each insert two entries.
  static let eventColumns = Self(
    version: 7,
    sql: """
      CREATE TABLE event_chunks (
        id INTEGER PRIMARY KEY,
        first_event INTEGER NOT NULL,
        events INTEGER NOT NULL,
        first_time INTEGER NOT NULL,
        last_time INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE event_columns (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
      CREATE TABLE event_words (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE event_visitors (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE event_moves (event_id INTEGER PRIMARY KEY, contact_id INTEGER) STRICT;
      CREATE TRIGGER events_moved AFTER UPDATE OF contact_id ON events
      WHEN new.id < (SELECT first_event + events FROM event_chunks ORDER BY id DESC LIMIT 1) BEGIN
        INSERT OR REPLACE INTO event_moves VALUES (new.id, new.contact_id);
      END;
      DROP INDEX events_by_page;
      DROP INDEX events_by_domain;

      CREATE TABLE segments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL UNIQUE,
        description TEXT,
        filter TEXT NOT NULL CHECK (json_valid(filter)),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      """)
}
