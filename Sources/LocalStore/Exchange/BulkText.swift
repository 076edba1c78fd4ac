internal import Service

/// The text indexes of rows that come in by the thousand: written at the end of their transaction, all together.
enum BulkText: String, CaseIterable {
  case contacts, companies, pages
  case owlContacts = "owl_contacts"

  /// From here on the text indexes wait for ``end(in:)``, which must follow in the same transaction.
  static func begin(in transaction: WriteTransaction) throws(ServiceError) {
    for source in allCases {
      // New rows get higher numbers than any that is there.
      let last = try transaction.database.integer("SELECT max(id) FROM \(source.rawValue)") ?? 0
      let statement = try transaction.database.statement(
        "INSERT OR REPLACE INTO text_waits (source, first_row) VALUES (?1, ?2)")
      statement.bind(source.rawValue, at: 1)
      statement.bind(last + 1, at: 2)
      try statement.run()
    }
  }

  /// Writes the text indexes of what has come in since.
  static func end(in transaction: WriteTransaction) throws(ServiceError) {
    let database = transaction.database
    for source in allCases {
      for index in source.indexes {
        try database.statement(
          composed: """
            INSERT INTO \(index.name) (rowid, \(index.columns)) SELECT id, \(index.columns) FROM \(source.rawValue)
            WHERE id >= (SELECT first_row FROM text_waits WHERE source = '\(source.rawValue)') \(index.condition)
            """
        ).run()
      }
    }
    try database.statement("DELETE FROM text_waits").run()
  }

  private typealias Index = (name: String, columns: String, condition: String)

  private var indexes: [Index] {
    switch self {
    case .contacts: [("contacts_text", "firstname, lastname, email, company, jobtitle", "")]
    case .companies: [("companies_text", "name, domain, industry", "")]
    case .pages: [("pages_text", "url", "")]
    case .owlContacts:
      [
        ("owl_contacts_text", "first_name, last_name, title, company, email, tags", ""),
        ("owl_contacts_names", "first_name, last_name", ""),
        ("owl_contacts_companies", "company_key", "AND company_key IS NOT NULL"),
      ]
    }
  }
}
