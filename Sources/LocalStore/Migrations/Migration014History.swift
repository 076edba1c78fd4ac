extension Migrator.Migration {
  /// What rows were before a change, so that it can be taken back, and which change takes back which.
  ///
  /// An image says of one row what it was before (`before`; null when there was none), and of the same columns, or of
  /// the whole new row, a digest of what they were afterwards (`after`; null when the row was gone). Owlbound contacts
  /// get triggers for their deletion, which only taking back their creation brings about.
  static let history = Self(
    version: 14,
    sql: """
      CREATE TABLE change_images (
        change_id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        source TEXT NOT NULL,
        row_key TEXT NOT NULL,
        before TEXT CHECK (before IS NULL OR json_valid(before)),
        after INTEGER,
        PRIMARY KEY (change_id, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX change_images_by_row ON change_images (source, row_key, change_id);

      CREATE TABLE undos (
        undo_id INTEGER PRIMARY KEY,
        change_id INTEGER NOT NULL,
        is_undone INTEGER NOT NULL DEFAULT 0 CHECK (is_undone IN (0, 1))
      ) STRICT;
      CREATE INDEX undos_by_change ON undos (change_id) WHERE is_undone = 0;

      CREATE TRIGGER owl_contacts_text_delete AFTER DELETE ON owl_contacts BEGIN
        INSERT INTO owl_contacts_text (owl_contacts_text, rowid, first_name, last_name, title, company, email, tags)
        VALUES ('delete', old.id, old.first_name, old.last_name, old.title, old.company, old.email, old.tags);
        INSERT INTO owl_contacts_names (owl_contacts_names, rowid, first_name, last_name)
        VALUES ('delete', old.id, old.first_name, old.last_name);
        INSERT INTO owl_contacts_companies (owl_contacts_companies, rowid, company_key)
          SELECT 'delete', old.id, old.company_key WHERE old.company_key IS NOT NULL;
      END;
      """)
}
