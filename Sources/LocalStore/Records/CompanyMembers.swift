internal import Platform
internal import Service

/// The contacts of companies that come and go.
///
/// A company may have very many, and each takes a while to be changed. A deleted company's contacts are left pointing to
/// it, and readers take a company that is not there for none; so its deletion takes no longer than any other, and
/// taking it back gives it its contacts again. A new company takes in the contacts of its domain, some at once and the
/// others in the background.
enum CompanyMembers {
  /// So many contacts are changed in one transaction.
  private static let batch: Int64 = 500

  /// Takes a company that is just being deleted from its contacts, if these are not too many.
  static func release(_ company: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    guard try hasMany(company, transaction) else {
      let release = try transaction.database.statement(
        """
        UPDATE contacts INDEXED BY contacts_by_company SET company_id = NULL, updated_at = ?2 WHERE company_id = ?1
        """)
      release.bind(company, at: 1)
      release.bind(transaction.now.milliseconds, at: 2)
      return try release.run()
    }
    // Who founds a company of this domain anew is to get them.
    let departed = try transaction.database.statement(
      "INSERT OR REPLACE INTO departed_companies (company_id, domain) SELECT id, domain FROM companies WHERE id = ?1")
    departed.bind(company, at: 1)
    try departed.run()
  }

  /// Makes the domain's contacts, those of no company, contacts of this one.
  static func takeIn(_ domain: String, _ company: Int64, in transaction: WriteTransaction) throws(ServiceError) {
    guard try takeBatch(domain, company, in: transaction) == batch else { return }
    let rest = try transaction.database.statement(
      "INSERT OR REPLACE INTO companies_to_fill (company_id, domain) VALUES (?1, ?2)")
    rest.bind(company, at: 1)
    rest.bind(domain, at: 2)
    try rest.run()
    transaction.noteUpkeep()
  }

  /// Whether contacts are left to be taken in.
  static func areLeft(_ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement("SELECT 1 FROM companies_to_fill LIMIT 1")
    defer { statement.reset() }
    return try statement.step()
  }

  /// Takes some more in, if any are left, and their company still has that domain.
  static func takeInMore(in transaction: WriteTransaction) throws(ServiceError) {
    let next = try transaction.database.statement(
      """
      SELECT f.company_id, f.domain, o.id IS NULL FROM companies_to_fill AS f
        LEFT JOIN companies AS o ON o.id = f.company_id AND o.domain = f.domain ORDER BY f.company_id LIMIT 1
      """)
    guard try next.step() else { return next.reset() }
    let (company, domain, isGone) = (next.integer(0), next.string(1), next.bool(2))
    next.reset()
    let taken = isGone ? 0 : try takeBatch(domain, company, in: transaction)
    guard taken < batch else { return }
    let done = try transaction.database.statement("DELETE FROM companies_to_fill WHERE company_id = ?1")
    done.bind(company, at: 1)
    try done.run()
  }

  /// Whether a company has more contacts than are changed at once.
  private static func hasMany(_ company: Int64, _ transaction: WriteTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM contacts INDEXED BY contacts_by_company WHERE company_id = ?1 LIMIT ?2)
      """)
    statement.bind(company, at: 1)
    statement.bind(batch + 1, at: 2)
    defer { statement.reset() }
    return try statement.step() && statement.integer(0) > batch
  }

  /// Makes some of the domain's contacts, of no company or a deleted one, contacts of this one; gives their number.
  private static func takeBatch(
    _ domain: String, _ company: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      UPDATE contacts SET company_id = ?2, updated_at = ?3 WHERE id IN (
        SELECT id FROM contacts INDEXED BY contacts_without_company WHERE mail_domain = ?1 AND company_id IS NULL
        LIMIT ?4)
      RETURNING 1
      """)
    statement.bind(domain, at: 1)
    statement.bind(company, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    statement.bind(batch, at: 4)
    var taken = try count(statement)
    for departed in try departed(domain, transaction) where taken < batch {
      taken += try take(batch - taken, of: departed, domain, company, in: transaction)
    }
    return taken
  }

  /// Does the same with contacts of a deleted company.
  private static func take(
    _ most: Int64, of departed: Int64, _ domain: String, _ company: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64 {
    let statement = try transaction.database.statement(
      """
      UPDATE contacts SET company_id = ?2, updated_at = ?3 WHERE id IN (
        SELECT id FROM contacts INDEXED BY contacts_by_company WHERE company_id = ?5 AND mail_domain = ?1 LIMIT ?4)
      RETURNING 1
      """)
    statement.bind(domain, at: 1)
    statement.bind(company, at: 2)
    statement.bind(transaction.now.milliseconds, at: 3)
    statement.bind(most, at: 4)
    statement.bind(departed, at: 5)
    let taken = try count(statement)
    if taken < most {
      let done = try transaction.database.statement("DELETE FROM departed_companies WHERE company_id = ?1")
      done.bind(departed, at: 1)
      try done.run()
    }
    return taken
  }

  /// Deleted companies of the domain that left contacts behind.
  private static func departed(_ domain: String, _ transaction: WriteTransaction) throws(ServiceError) -> [Int64] {
    let statement = try transaction.database.statement(
      """
      SELECT d.company_id FROM departed_companies AS d INDEXED BY departed_companies_by_domain
      WHERE d.domain = ?1 AND NOT EXISTS (SELECT 1 FROM companies WHERE id = d.company_id)
      """)
    statement.bind(domain, at: 1)
    defer { statement.reset() }
    var rows: [Int64] = []
    while try statement.step() { rows.append(statement.integer(0)) }
    return rows
  }

  private static func count(_ statement: Statement) throws(ServiceError) -> Int64 {
    defer { statement.reset() }
    var count: Int64 = 0
    while try statement.step() { count += 1 }
    return count
  }
}
