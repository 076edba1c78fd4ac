extension Migrator.Migration {
  /// What keeps a large workspace quick, and what is known later than it happened.
  ///
  /// Kept totals of events, text indexes that know longer beginnings of words, events that outlive their contact; events
  /// that name a contact by another system's id which nobody has yet, who changed which property of a contact or company.
  ///
  /// Events refer to contacts without a constraint: who is deleted may have hundreds of thousands, and these are released
  /// little by little (`departed_contacts` names whose are left). An index of beginnings spares a search for what
  /// everybody has the work of joining thousands of words.
  static let scale = Self(
    version: 12,
    sql: """
      CREATE TABLE event_totals (
        id INTEGER PRIMARY KEY,
        events INTEGER NOT NULL,
        first_time INTEGER NOT NULL,
        last_time INTEGER NOT NULL,
        names BLOB NOT NULL,
        days BLOB NOT NULL,
        visitors BLOB NOT NULL
      ) STRICT;

      DROP TABLE contacts_text;
      CREATE VIRTUAL TABLE contacts_text USING fts5 (
        firstname, lastname, email, company, jobtitle, content='contacts', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='2 3 4 5 6 7'
      );
      INSERT INTO contacts_text (contacts_text) VALUES ('rebuild');

      DROP TABLE owl_contacts_text;
      CREATE VIRTUAL TABLE owl_contacts_text USING fts5 (
        first_name, last_name, title, company, email, tags, content='owl_contacts', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='1 2 3 4 5 6 7'
      );
      INSERT INTO owl_contacts_text (owl_contacts_text) VALUES ('rebuild');
      DROP TABLE owl_contacts_names;
      CREATE VIRTUAL TABLE owl_contacts_names USING fts5 (
        first_name, last_name, content='owl_contacts', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='1 2 3 4 5 6 7'
      );
      INSERT INTO owl_contacts_names (owl_contacts_names) VALUES ('rebuild');

      CREATE TABLE departed_contacts (contact_id INTEGER PRIMARY KEY, departed_at INTEGER NOT NULL) STRICT;
      CREATE TABLE events_of_all (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        occurred_at INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        page_id INTEGER,
        domain_id INTEGER,
        contact_id INTEGER,
        visitor_id TEXT,
        session_id TEXT,
        data TEXT,
        client TEXT,
        envelope TEXT
      ) STRICT;
      INSERT INTO events_of_all SELECT id, name, occurred_at, created_at, page_id, domain_id, contact_id, visitor_id,
        session_id, data, client, envelope FROM events ORDER BY id;
      DROP TABLE events;
      ALTER TABLE events_of_all RENAME TO events;
      CREATE INDEX events_by_time ON events (occurred_at, id, contact_id);
      CREATE INDEX events_by_contact ON events (contact_id, occurred_at, id, name, page_id)
        WHERE contact_id IS NOT NULL;
      CREATE INDEX events_by_name ON events (name, occurred_at);
      CREATE INDEX events_of_strangers ON events (visitor_id, occurred_at)
        WHERE contact_id IS NULL AND visitor_id IS NOT NULL;
      CREATE TRIGGER events_moved AFTER UPDATE OF contact_id ON events
      WHEN new.id < (SELECT first_event + events FROM event_chunks ORDER BY id DESC LIMIT 1) BEGIN
        INSERT OR REPLACE INTO event_moves VALUES (new.id, new.contact_id);
      END;

      CREATE TABLE waiting_events (
        external_id TEXT NOT NULL,
        event_id INTEGER NOT NULL,
        PRIMARY KEY (external_id, event_id)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO waiting_events SELECT json_extract(envelope, '$.external_contact_id'), id FROM events
        WHERE contact_id IS NULL AND json_extract(envelope, '$.external_contact_id') IS NOT NULL;

      ALTER TABLE contacts ADD COLUMN provenance TEXT CHECK (provenance IS NULL OR json_valid(provenance));
      ALTER TABLE companies ADD COLUMN provenance TEXT CHECK (provenance IS NULL OR json_valid(provenance));
      """)
}
