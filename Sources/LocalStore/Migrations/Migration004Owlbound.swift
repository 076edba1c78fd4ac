extension Migrator.Migration {
  /// Owlbound contacts, signals, ICP profiles and scores.
  static let owlbound = Self(
    version: 4,
    sql: """
      CREATE TABLE owl_contacts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        first_name TEXT,
        last_name TEXT,
        email TEXT,
        email_key TEXT UNIQUE,
        phone TEXT,
        linkedin_url TEXT,
        linkedin_key TEXT UNIQUE,
        company TEXT,
        title TEXT,
        location TEXT,
        source TEXT NOT NULL,
        tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
        notes TEXT,
        status TEXT NOT NULL DEFAULT 'new'
          CHECK (status IN ('new', 'ready', 'contacted', 'replied', 'converted', 'lost')),
        score INTEGER,
        activity_score REAL,
        enrichment TEXT CHECK (enrichment IS NULL OR json_valid(enrichment)),
        archived_at INTEGER,
        archive_reason TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX owl_contacts_by_created ON owl_contacts (created_at, id);
      CREATE INDEX owl_contacts_by_score ON owl_contacts (score, id);
      CREATE INDEX owl_contacts_by_activity ON owl_contacts (activity_score, id);
      CREATE INDEX owl_contacts_by_company ON owl_contacts (company COLLATE NOCASE) WHERE company IS NOT NULL;

      CREATE VIRTUAL TABLE owl_contacts_text USING fts5 (
        first_name, last_name, title, company, email, tags, content='owl_contacts', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='2 3'
      );
      CREATE TRIGGER owl_contacts_text_insert AFTER INSERT ON owl_contacts BEGIN
        INSERT INTO owl_contacts_text (rowid, first_name, last_name, title, company, email, tags)
        VALUES (new.id, new.first_name, new.last_name, new.title, new.company, new.email, new.tags);
      END;
      CREATE TRIGGER owl_contacts_text_update
        AFTER UPDATE OF first_name, last_name, title, company, email, tags ON owl_contacts BEGIN
        INSERT INTO owl_contacts_text (owl_contacts_text, rowid, first_name, last_name, title, company, email, tags)
        VALUES ('delete', old.id, old.first_name, old.last_name, old.title, old.company, old.email, old.tags);
        INSERT INTO owl_contacts_text (rowid, first_name, last_name, title, company, email, tags)
        VALUES (new.id, new.first_name, new.last_name, new.title, new.company, new.email, new.tags);
      END;

      CREATE TABLE signals (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        type TEXT NOT NULL,
        priority TEXT NOT NULL CHECK (priority IN ('high', 'medium', 'low')),
        source TEXT NOT NULL,
        contact_id INTEGER REFERENCES owl_contacts (id),
        data TEXT NOT NULL CHECK (json_valid(data)),
        notes TEXT,
        actioned_at INTEGER,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX signals_by_type ON signals (type, id);
      CREATE INDEX signals_by_priority ON signals (priority, id);
      CREATE INDEX signals_by_contact ON signals (contact_id, id) WHERE contact_id IS NOT NULL;
      CREATE INDEX signals_by_time ON signals (created_at);
      CREATE INDEX signals_open ON signals (id) WHERE actioned_at IS NULL;

      CREATE TABLE icp_profiles (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        criteria TEXT NOT NULL CHECK (json_valid(criteria)),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE scores (
        contact_id INTEGER NOT NULL REFERENCES owl_contacts (id) ON DELETE CASCADE,
        profile_id INTEGER NOT NULL REFERENCES icp_profiles (id) ON DELETE CASCADE,
        score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
        verdict TEXT NOT NULL,
        breakdown TEXT NOT NULL CHECK (json_valid(breakdown)),
        reasoning TEXT NOT NULL,
        scored_at INTEGER NOT NULL,
        PRIMARY KEY (contact_id, profile_id)
      ) STRICT, WITHOUT ROWID;
      """)
}
