extension Migrator.Migration {
  /// What makes Owlbound a platform: lists and search of contacts, companies, connectors, enrichment, the history of
  /// scores, usage by day.
  ///
  /// `company_key` is the company's name in lower case, made by the program, which knows all letters; for the rows that
  /// are there already SQLite's own `lower` must do, which knows ASCII.
  static let owlboundPlatform = Self(
    version: 10,
    sql: """
      ALTER TABLE owl_contacts ADD COLUMN company_key TEXT;
      UPDATE owl_contacts SET company_key = lower(company) WHERE company IS NOT NULL;
      DROP INDEX owl_contacts_by_company;
      CREATE INDEX owl_contacts_by_company ON owl_contacts (company_key)
        WHERE company_key IS NOT NULL AND archived_at IS NULL;
      CREATE INDEX owl_contacts_by_status ON owl_contacts (status, created_at, id);
      CREATE INDEX owl_contacts_by_source ON owl_contacts (source, created_at, id);

      CREATE VIRTUAL TABLE owl_contacts_companies USING fts5 (
        company_key, content='owl_contacts', content_rowid='id', tokenize='trigram'
      );
      INSERT INTO owl_contacts_companies (rowid, company_key)
        SELECT id, company_key FROM owl_contacts WHERE company_key IS NOT NULL;
      CREATE TRIGGER owl_contacts_companies_insert AFTER INSERT ON owl_contacts WHEN new.company_key IS NOT NULL BEGIN
        INSERT INTO owl_contacts_companies (rowid, company_key) VALUES (new.id, new.company_key);
      END;
      CREATE TRIGGER owl_contacts_companies_update AFTER UPDATE OF company_key ON owl_contacts
        WHEN old.company_key IS NOT new.company_key BEGIN
        INSERT INTO owl_contacts_companies (owl_contacts_companies, rowid, company_key)
          SELECT 'delete', old.id, old.company_key WHERE old.company_key IS NOT NULL;
        INSERT INTO owl_contacts_companies (rowid, company_key)
          SELECT new.id, new.company_key WHERE new.company_key IS NOT NULL;
      END;

      -- Again, with the first letter alone among the prefixes: people search while they type. Names once more by
      -- themselves, so that who is called like the search is found among all whose company is.
      DROP TABLE owl_contacts_text;
      CREATE VIRTUAL TABLE owl_contacts_text USING fts5 (
        first_name, last_name, title, company, email, tags, content='owl_contacts', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
      );
      INSERT INTO owl_contacts_text (owl_contacts_text) VALUES ('rebuild');
      CREATE VIRTUAL TABLE owl_contacts_names USING fts5 (
        first_name, last_name, content='owl_contacts', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='1 2 3'
      );
      INSERT INTO owl_contacts_names (owl_contacts_names) VALUES ('rebuild');
      CREATE TRIGGER owl_contacts_names_insert AFTER INSERT ON owl_contacts BEGIN
        INSERT INTO owl_contacts_names (rowid, first_name, last_name)
        VALUES (new.id, new.first_name, new.last_name);
      END;
      CREATE TRIGGER owl_contacts_names_update AFTER UPDATE OF first_name, last_name ON owl_contacts BEGIN
        INSERT INTO owl_contacts_names (owl_contacts_names, rowid, first_name, last_name)
        VALUES ('delete', old.id, old.first_name, old.last_name);
        INSERT INTO owl_contacts_names (rowid, first_name, last_name)
        VALUES (new.id, new.first_name, new.last_name);
      END;

      CREATE TABLE owl_companies (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        linkedin_url TEXT NOT NULL,
        linkedin_key TEXT NOT NULL UNIQUE,
        name TEXT,
        name_key TEXT,
        domain TEXT,
        domain_key TEXT,
        industry TEXT,
        industry_key TEXT,
        website TEXT,
        size TEXT,
        location TEXT,
        description TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX owl_companies_by_industry ON owl_companies (industry_key, id) WHERE industry_key IS NOT NULL;
      CREATE INDEX owl_companies_by_name ON owl_companies (name_key) WHERE name_key IS NOT NULL;
      CREATE INDEX owl_companies_by_domain ON owl_companies (domain_key) WHERE domain_key IS NOT NULL;

      CREATE TABLE connectors (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        slug TEXT NOT NULL,
        name TEXT NOT NULL,
        config TEXT NOT NULL CHECK (json_valid(config)),
        uses INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0,
        failures_in_a_row INTEGER NOT NULL DEFAULT 0,
        last_success_at INTEGER,
        last_failure_at INTEGER,
        last_error TEXT,
        archived_at INTEGER,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        UNIQUE (slug, name)
      ) STRICT;

      CREATE TABLE score_history (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact_id INTEGER NOT NULL REFERENCES owl_contacts (id) ON DELETE CASCADE,
        profile_id INTEGER NOT NULL REFERENCES icp_profiles (id) ON DELETE CASCADE,
        score INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
        verdict TEXT NOT NULL,
        scored_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX score_history_by_contact ON score_history (contact_id, profile_id, id);
      INSERT INTO score_history (contact_id, profile_id, score, verdict, scored_at)
        SELECT contact_id, profile_id, score, verdict, scored_at FROM scores ORDER BY scored_at;

      CREATE TABLE enrichment_jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact_id INTEGER NOT NULL REFERENCES owl_contacts (id) ON DELETE CASCADE,
        priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3),
        is_forced INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('queued', 'in_progress', 'completed', 'failed')),
        phase TEXT,
        phases TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(phases)),
        attempts INTEGER NOT NULL DEFAULT 0,
        claim INTEGER NOT NULL DEFAULT 0,
        lease_until INTEGER,
        queued_at INTEGER NOT NULL,
        started_at INTEGER,
        completed_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX enrichment_jobs_open ON enrichment_jobs (contact_id)
        WHERE status IN ('queued', 'in_progress');
      CREATE INDEX enrichment_jobs_queued ON enrichment_jobs (priority, id) WHERE status = 'queued';
      CREATE INDEX enrichment_jobs_running ON enrichment_jobs (lease_until) WHERE status = 'in_progress';
      CREATE INDEX enrichment_jobs_by_contact ON enrichment_jobs (contact_id, id);

      CREATE TABLE usage_days (
        day INTEGER NOT NULL,
        capability TEXT NOT NULL,
        calls INTEGER NOT NULL,
        credits INTEGER NOT NULL,
        PRIMARY KEY (day, capability)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO usage_days (day, capability, calls, credits)
        SELECT at / 86400000, capability, count(*), sum(credits) FROM usage_ledger GROUP BY 1, 2;
      """)
}
