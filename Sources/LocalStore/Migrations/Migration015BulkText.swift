extension Migrator.Migration {
  /// Text indexes take in many new rows together.
  ///
  /// A text index writes what it has gathered at every statement that could be taken back, and triggers make every
  /// insert one: a row by itself costs ten times what it costs among many. `text_waits` names the tables whose rows from
  /// a number on are put into their text indexes at the end of the transaction; outside such a transaction it is empty.
  static let bulkText = Self(
    version: 15,
    sql: """
      CREATE TABLE text_waits (source TEXT PRIMARY KEY, first_row INTEGER NOT NULL) STRICT, WITHOUT ROWID;

      DROP TRIGGER contacts_text_insert;
      CREATE TRIGGER contacts_text_insert AFTER INSERT ON contacts
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'contacts') BEGIN
        INSERT INTO contacts_text (rowid, firstname, lastname, email, company, jobtitle)
        VALUES (new.id, new.firstname, new.lastname, new.email, new.company, new.jobtitle);
      END;
      DROP TRIGGER contacts_text_update;
      CREATE TRIGGER contacts_text_update AFTER UPDATE OF properties ON contacts
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'contacts' AND first_row <= old.id) BEGIN
        INSERT INTO contacts_text (contacts_text, rowid, firstname, lastname, email, company, jobtitle)
        VALUES ('delete', old.id, old.firstname, old.lastname, old.email, old.company, old.jobtitle);
        INSERT INTO contacts_text (rowid, firstname, lastname, email, company, jobtitle)
        VALUES (new.id, new.firstname, new.lastname, new.email, new.company, new.jobtitle);
      END;

      DROP TRIGGER companies_text_insert;
      CREATE TRIGGER companies_text_insert AFTER INSERT ON companies
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'companies') BEGIN
        INSERT INTO companies_text (rowid, name, domain, industry)
        VALUES (new.id, new.name, new.domain, new.industry);
      END;
      DROP TRIGGER companies_text_update;
      CREATE TRIGGER companies_text_update AFTER UPDATE OF properties, domain ON companies
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'companies' AND first_row <= old.id) BEGIN
        INSERT INTO companies_text (companies_text, rowid, name, domain, industry)
        VALUES ('delete', old.id, old.name, old.domain, old.industry);
        INSERT INTO companies_text (rowid, name, domain, industry)
        VALUES (new.id, new.name, new.domain, new.industry);
      END;

      DROP TRIGGER pages_text_insert;
      CREATE TRIGGER pages_text_insert AFTER INSERT ON pages
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'pages') BEGIN
        INSERT INTO pages_text (rowid, url) VALUES (new.id, new.url);
      END;

      DROP TRIGGER owl_contacts_text_insert;
      DROP TRIGGER owl_contacts_names_insert;
      DROP TRIGGER owl_contacts_companies_insert;
      CREATE TRIGGER owl_contacts_text_insert AFTER INSERT ON owl_contacts
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'owl_contacts') BEGIN
        INSERT INTO owl_contacts_text (rowid, first_name, last_name, title, company, email, tags)
        VALUES (new.id, new.first_name, new.last_name, new.title, new.company, new.email, new.tags);
        INSERT INTO owl_contacts_names (rowid, first_name, last_name)
        VALUES (new.id, new.first_name, new.last_name);
        INSERT INTO owl_contacts_companies (rowid, company_key)
          SELECT new.id, new.company_key WHERE new.company_key IS NOT NULL;
      END;
      DROP TRIGGER owl_contacts_text_update;
      CREATE TRIGGER owl_contacts_text_update
        AFTER UPDATE OF first_name, last_name, title, company, email, tags ON owl_contacts
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'owl_contacts' AND first_row <= old.id) BEGIN
        INSERT INTO owl_contacts_text (owl_contacts_text, rowid, first_name, last_name, title, company, email, tags)
        VALUES ('delete', old.id, old.first_name, old.last_name, old.title, old.company, old.email, old.tags);
        INSERT INTO owl_contacts_text (rowid, first_name, last_name, title, company, email, tags)
        VALUES (new.id, new.first_name, new.last_name, new.title, new.company, new.email, new.tags);
      END;
      DROP TRIGGER owl_contacts_names_update;
      CREATE TRIGGER owl_contacts_names_update AFTER UPDATE OF first_name, last_name ON owl_contacts
        WHEN NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'owl_contacts' AND first_row <= old.id) BEGIN
        INSERT INTO owl_contacts_names (owl_contacts_names, rowid, first_name, last_name)
        VALUES ('delete', old.id, old.first_name, old.last_name);
        INSERT INTO owl_contacts_names (rowid, first_name, last_name)
        VALUES (new.id, new.first_name, new.last_name);
      END;
      DROP TRIGGER owl_contacts_companies_update;
      CREATE TRIGGER owl_contacts_companies_update AFTER UPDATE OF company_key ON owl_contacts
        WHEN old.company_key IS NOT new.company_key
          AND NOT EXISTS (SELECT 1 FROM text_waits WHERE source = 'owl_contacts' AND first_row <= old.id) BEGIN
        INSERT INTO owl_contacts_companies (owl_contacts_companies, rowid, company_key)
          SELECT 'delete', old.id, old.company_key WHERE old.company_key IS NOT NULL;
        INSERT INTO owl_contacts_companies (rowid, company_key)
          SELECT new.id, new.company_key WHERE new.company_key IS NOT NULL;
      END;
      """)
}
