/// The SQL of a search among Owlbound contacts (Owlbound API 8.4).
///
/// Who bears the searched name comes first, then by where and how rarely the words occur, then the newest. Only the
/// newest matches are ranked: a search that thousands match is no narrower for looking at them all, and ranking a
/// hundred thousand takes a second.
enum OwlContactSearch {
  /// So many of those whose name matches are looked at.
  private static let names = 200
  /// So many of all that match are ranked.
  private static let matches = 500

  /// Values: 1 the words as prefixes, 2 the status if there is one, 3 the number of rows.
  static func sql(hasStatus: Bool) -> String {
    let condition = "c.archived_at IS NULL" + (hasStatus ? " AND c.status = ?2" : "")
    return """
      SELECT \(OwlContactRecord.columns) FROM (
        SELECT id, max(is_named) AS is_named, min(rank) AS rank FROM (
          SELECT id, 1 AS is_named, 0.0 AS rank FROM (
            SELECT c.id FROM owl_contacts_names AS n CROSS JOIN owl_contacts AS c ON c.id = n.rowid
            WHERE owl_contacts_names MATCH ?1 AND \(condition) ORDER BY n.rowid DESC LIMIT \(names))
          UNION ALL
          SELECT id, 0, rank FROM (
            SELECT c.id, bm25(owl_contacts_text, 10, 10, 4, 4, 6, 3) AS rank
            FROM owl_contacts_text AS t CROSS JOIN owl_contacts AS c ON c.id = t.rowid
            WHERE owl_contacts_text MATCH ?1 AND \(condition) ORDER BY t.rowid DESC LIMIT \(matches)))
        GROUP BY id) AS found CROSS JOIN owl_contacts AS c ON c.id = found.id
      ORDER BY found.is_named DESC, found.rank, c.id DESC LIMIT ?3
      """
  }
}
