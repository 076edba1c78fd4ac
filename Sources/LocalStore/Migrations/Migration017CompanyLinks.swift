extension Migrator.Migration {
  /// Companies with very many contacts: who is deleted leaves its contacts pointing to nothing, and whose domain many
  /// have takes them in piece by piece.
  ///
  /// The link of a contact to its company loses its constraint, in the way that SQLite describes for changes which leave
  /// the stored rows as they are. Row numbers are never given twice, so that a link to nothing stays one.
  static let companyLinks = Self(
    version: 17,
    sql: """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_master
        SET sql = replace(sql, 'company_id INTEGER REFERENCES companies (id) ON DELETE SET NULL', 'company_id INTEGER')
        WHERE type = 'table' AND name = 'contacts';
      PRAGMA writable_schema = RESET;
      CREATE TABLE departed_companies (company_id INTEGER PRIMARY KEY, domain TEXT NOT NULL) STRICT;
      CREATE INDEX departed_companies_by_domain ON departed_companies (domain);
      CREATE TABLE companies_to_fill (company_id INTEGER PRIMARY KEY, domain TEXT NOT NULL) STRICT;
      """)
}
