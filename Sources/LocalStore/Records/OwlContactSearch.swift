internal import Service

/// The SQL of a search among Owlbound contacts (Owlbound API 8.4).
///
/// Who bears the searched name comes first, then by where and how rarely the words occur, then the newest. Only the
/// newest matches are ranked: a search that thousands match is no narrower for looking at them all. How rare a word is
/// is learnt by counting all who have it, so that what more than some thousands have is not asked.
enum OwlContactSearch {
  /// So many of those whose name matches are looked at.
  private static let names = 200
  /// So many of all that match are ranked.
  private static let matches = 500

  /// Who so many have is no rare word any more.
  private static let common: Int64 = 5000

  /// Whether some thousands have one of the words.
  static func areCommon(_ words: [String], _ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    for word in words where try isCommon(word, transaction) { return true }
    return false
  }

  private static func isCommon(_ word: String, _ transaction: ReadTransaction) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      "SELECT count(*) FROM (SELECT 1 FROM owl_contacts_text WHERE owl_contacts_text MATCH ?1 LIMIT ?2)")
    statement.bind(word, at: 1)
    statement.bind(common, at: 2)
    defer { statement.reset() }
    return try statement.step() && statement.integer(0) == common
  }

  /// Values: 1 the words as prefixes, 2 the status if there is one, 3 the number of rows.
  static func sql(hasStatus: Bool, isCommon: Bool) -> String {
    let condition = "c.archived_at IS NULL" + (hasStatus ? " AND c.status = ?2" : "")
    return """
      SELECT \(OwlContactRecord.columns) FROM (
        SELECT id, max(is_named) AS is_named, min(rank) AS rank FROM (
          SELECT id, 1 AS is_named, 0.0 AS rank FROM (
            SELECT c.id FROM owl_contacts_names AS n CROSS JOIN owl_contacts AS c ON c.id = n.rowid
            WHERE owl_contacts_names MATCH ?1 AND \(condition) ORDER BY n.rowid DESC LIMIT \(names))
          UNION ALL
          SELECT id, 0, rank FROM (
            SELECT c.id, \(isCommon ? "0.0" : "bm25(owl_contacts_text, 10, 10, 4, 4, 6, 3)") AS rank
            FROM owl_contacts_text AS t CROSS JOIN owl_contacts AS c ON c.id = t.rowid
            WHERE owl_contacts_text MATCH ?1 AND \(condition) ORDER BY t.rowid DESC LIMIT \(matches)))
        GROUP BY id) AS found CROSS JOIN owl_contacts AS c ON c.id = found.id
      ORDER BY found.is_named DESC, found.rank, c.id DESC LIMIT ?3
      """
  }
}
