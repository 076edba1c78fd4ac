extension Migrator.Migration {
  /// Settings, counters, identities, companies, contacts, notes, tasks, mail threads.
  ///
  /// Ids that callers see are made from row numbers, so row numbers are never used again (AUTOINCREMENT). Properties
  /// are one JSON object; what lists show, filter and sort by are generated columns over it: stored where a list shows
  /// them, so that no row is parsed to be read.
  static let people = Self(
    version: 1,
    sql: """
      CREATE TABLE settings (name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
      INSERT INTO settings VALUES ('id_key', randomblob(16));

      CREATE TABLE counters (name TEXT PRIMARY KEY, rows INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE identities (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        first_name TEXT NOT NULL,
        last_name TEXT NOT NULL,
        job_title TEXT NOT NULL,
        email TEXT,
        linkedin_url TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO identities VALUES (1, 'Default', 'Sender', 'Owner of this workspace', NULL, NULL,
        unixepoch() * 1000, unixepoch() * 1000);

      CREATE TABLE companies (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        domain TEXT NOT NULL UNIQUE,
        properties TEXT NOT NULL CHECK (json_valid(properties)),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        name TEXT AS (json_extract(properties, '$.name')),
        industry TEXT AS (json_extract(properties, '$.industry'))
      ) STRICT;

      CREATE TABLE contacts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email_key TEXT UNIQUE,
        jobtitle_key TEXT,
        properties TEXT NOT NULL CHECK (json_valid(properties)),
        company_id INTEGER REFERENCES companies (id) ON DELETE SET NULL,
        creation_source TEXT NOT NULL,
        first_seen_at INTEGER,
        first_touch TEXT CHECK (first_touch IS NULL OR json_valid(first_touch)),
        enriched_at INTEGER,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        email TEXT AS (json_extract(properties, '$.email')) STORED,
        firstname TEXT AS (json_extract(properties, '$.firstname')) STORED,
        lastname TEXT AS (json_extract(properties, '$.lastname')) STORED,
        company TEXT AS (json_extract(properties, '$.company')) STORED,
        jobtitle TEXT AS (json_extract(properties, '$.jobtitle')) STORED,
        lifecyclestage TEXT AS (json_extract(properties, '$.lifecyclestage')) STORED,
        lead_status TEXT AS (json_extract(properties, '$.lead_status')),
        country TEXT AS (json_extract(properties, '$.country')),
        state TEXT AS (json_extract(properties, '$.state')),
        city TEXT AS (json_extract(properties, '$.city')),
        industry TEXT AS (json_extract(properties, '$.industry')),
        external_id TEXT AS (json_extract(properties, '$.external_id')),
        linkedin_url TEXT AS (
          nullif(coalesce(json_extract(properties, '$.linkedin_url'), json_extract(properties, '$.linkedin')), ''))
      ) STRICT;
      CREATE INDEX contacts_by_created ON contacts (created_at);
      CREATE INDEX contacts_by_company ON contacts (company_id, created_at) WHERE company_id IS NOT NULL;
      CREATE INDEX contacts_by_jobtitle ON contacts (jobtitle_key, created_at) WHERE jobtitle_key IS NOT NULL;
      CREATE INDEX contacts_by_stage ON contacts (lifecyclestage, created_at) WHERE lifecyclestage IS NOT NULL;
      CREATE INDEX contacts_by_lead_status ON contacts (lead_status, created_at) WHERE lead_status IS NOT NULL;
      CREATE INDEX contacts_by_country ON contacts (country, created_at) WHERE country IS NOT NULL;
      CREATE INDEX contacts_by_state ON contacts (state, created_at) WHERE state IS NOT NULL;
      CREATE INDEX contacts_by_city ON contacts (city, created_at) WHERE city IS NOT NULL;
      CREATE INDEX contacts_by_industry ON contacts (industry, created_at) WHERE industry IS NOT NULL;
      CREATE INDEX contacts_by_external_id ON contacts (external_id) WHERE external_id IS NOT NULL;
      CREATE INDEX contacts_with_linkedin ON contacts (created_at) WHERE linkedin_url IS NOT NULL;
      CREATE INDEX contacts_without_linkedin ON contacts (created_at) WHERE linkedin_url IS NULL;
      CREATE INDEX contacts_enriched ON contacts (created_at) WHERE enriched_at IS NOT NULL;
      CREATE INDEX contacts_not_enriched ON contacts (created_at) WHERE enriched_at IS NULL;
      CREATE INDEX contacts_by_email ON contacts (email COLLATE NOCASE);
      CREATE INDEX contacts_by_firstname ON contacts (firstname COLLATE NOCASE);
      CREATE INDEX contacts_by_lastname ON contacts (lastname COLLATE NOCASE);
      CREATE INDEX contacts_by_company_name ON contacts (company COLLATE NOCASE);

      CREATE VIRTUAL TABLE contacts_text USING fts5 (
        firstname, lastname, email, company, jobtitle, content='contacts', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='2 3'
      );
      CREATE TRIGGER contacts_text_insert AFTER INSERT ON contacts BEGIN
        INSERT INTO contacts_text (rowid, firstname, lastname, email, company, jobtitle)
        VALUES (new.id, new.firstname, new.lastname, new.email, new.company, new.jobtitle);
      END;
      CREATE TRIGGER contacts_text_delete AFTER DELETE ON contacts BEGIN
        INSERT INTO contacts_text (contacts_text, rowid, firstname, lastname, email, company, jobtitle)
        VALUES ('delete', old.id, old.firstname, old.lastname, old.email, old.company, old.jobtitle);
      END;
      CREATE TRIGGER contacts_text_update AFTER UPDATE OF properties ON contacts BEGIN
        INSERT INTO contacts_text (contacts_text, rowid, firstname, lastname, email, company, jobtitle)
        VALUES ('delete', old.id, old.firstname, old.lastname, old.email, old.company, old.jobtitle);
        INSERT INTO contacts_text (rowid, firstname, lastname, email, company, jobtitle)
        VALUES (new.id, new.firstname, new.lastname, new.email, new.company, new.jobtitle);
      END;

      CREATE TABLE notes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
        company_id INTEGER REFERENCES companies (id) ON DELETE CASCADE,
        content TEXT NOT NULL,
        author TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        CHECK ((contact_id IS NULL) <> (company_id IS NULL))
      ) STRICT;
      CREATE INDEX notes_by_contact ON notes (contact_id, id) WHERE contact_id IS NOT NULL;
      CREATE INDEX notes_by_company ON notes (company_id, id) WHERE company_id IS NOT NULL;

      CREATE TABLE tasks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('task', 'escalation')),
        title TEXT NOT NULL,
        details TEXT,
        due_at INTEGER,
        contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
        action_id INTEGER,
        done_at INTEGER,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX tasks_by_contact ON tasks (contact_id, id) WHERE contact_id IS NOT NULL;

      CREATE TABLE mail_threads (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
        subject TEXT NOT NULL,
        last_message_id TEXT NOT NULL,
        message_ids TEXT NOT NULL CHECK (json_valid(message_ids)),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX mail_threads_by_contact ON mail_threads (contact_id, updated_at);

      CREATE TABLE mails (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        thread_id INTEGER NOT NULL REFERENCES mail_threads (id) ON DELETE CASCADE,
        contact_id INTEGER REFERENCES contacts (id) ON DELETE CASCADE,
        action_id INTEGER,
        message_id TEXT NOT NULL UNIQUE,
        subject TEXT NOT NULL,
        sent_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX mails_by_thread ON mails (thread_id, id);
      CREATE INDEX mails_by_contact ON mails (contact_id, sent_at) WHERE contact_id IS NOT NULL;
      """)
}
