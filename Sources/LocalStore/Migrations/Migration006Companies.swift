extension Migrator.Migration {
  /// Companies as a list finds them and as the contacts of their domain know them; what happened to a person in order
  /// of time; identities that are gone but stand on actions.
  ///
  /// Mail domains are looked up only among contacts of no company, so only those are indexed. A step of an action
  /// belongs to the contact that the action was for when it was taken. A contact counts as enriched once Owlbound has
  /// data on the same person: a local workspace has no other enrichment.
  static let companies = Self(
    version: 6,
    sql: """
      ALTER TABLE companies ADD COLUMN country TEXT AS (json_extract(properties, '$.country'));
      CREATE INDEX companies_by_created ON companies (created_at);
      CREATE INDEX companies_by_name ON companies (name COLLATE NOCASE);
      CREATE INDEX companies_by_industry_name ON companies (industry COLLATE NOCASE);
      CREATE INDEX companies_by_industry ON companies (industry, created_at) WHERE industry IS NOT NULL;
      CREATE INDEX companies_by_country ON companies (country, created_at) WHERE country IS NOT NULL;
      CREATE VIRTUAL TABLE companies_text USING fts5 (
        name, domain, industry, content='companies', content_rowid='id',
        tokenize="unicode61 remove_diacritics 2", prefix='2 3'
      );
      CREATE TRIGGER companies_text_insert AFTER INSERT ON companies BEGIN
        INSERT INTO companies_text (rowid, name, domain, industry)
        VALUES (new.id, new.name, new.domain, new.industry);
      END;
      CREATE TRIGGER companies_text_delete AFTER DELETE ON companies BEGIN
        INSERT INTO companies_text (companies_text, rowid, name, domain, industry)
        VALUES ('delete', old.id, old.name, old.domain, old.industry);
      END;
      CREATE TRIGGER companies_text_update AFTER UPDATE OF properties, domain ON companies BEGIN
        INSERT INTO companies_text (companies_text, rowid, name, domain, industry)
        VALUES ('delete', old.id, old.name, old.domain, old.industry);
        INSERT INTO companies_text (rowid, name, domain, industry)
        VALUES (new.id, new.name, new.domain, new.industry);
      END;
      INSERT INTO companies_text (companies_text) VALUES ('rebuild');
      INSERT INTO counters SELECT 'companies', count(*) FROM companies WHERE true
        ON CONFLICT (name) DO UPDATE SET rows = excluded.rows;

      ALTER TABLE contacts ADD COLUMN mail_domain TEXT AS (substr(email_key, instr(email_key, '@') + 1));
      CREATE INDEX contacts_without_company ON contacts (mail_domain) WHERE company_id IS NULL;
      CREATE TRIGGER contacts_enriched_by_owlbound AFTER UPDATE OF enrichment ON owl_contacts
      WHEN new.enrichment IS NOT NULL AND new.email_key IS NOT NULL BEGIN
        UPDATE contacts SET enriched_at = new.updated_at WHERE email_key = new.email_key AND enriched_at IS NULL;
      END;

      ALTER TABLE identities ADD COLUMN deleted_at INTEGER;
      CREATE INDEX agents_by_identity ON agents (identity_id) WHERE identity_id IS NOT NULL;

      CREATE INDEX notes_by_contact_time ON notes (contact_id, created_at) WHERE contact_id IS NOT NULL;
      CREATE INDEX signals_by_contact_time ON signals (contact_id, created_at) WHERE contact_id IS NOT NULL;
      ALTER TABLE action_log ADD COLUMN contact_id INTEGER;
      UPDATE action_log SET contact_id = (SELECT contact_id FROM actions WHERE id = action_log.action_id);
      CREATE INDEX action_log_by_contact ON action_log (contact_id, at) WHERE contact_id IS NOT NULL;
      """)
}
