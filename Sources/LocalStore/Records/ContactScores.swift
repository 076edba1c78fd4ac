internal import JSON
internal import Platform
internal import Scoring
internal import Service

/// Scores of contacts against ICP profiles, for the tool and for workflows alike (Owlbound API 10).
enum ContactScores {
  /// Scores a contact by what is known now, and keeps the result.
  ///
  /// - Throws: `NOT_FOUND` when there is no such contact or profile.
  static func score(
    _ contact: Int64, against profile: Int64, in transaction: WriteTransaction
  ) throws(ServiceError) -> Score {
    let (score, facts) = try look(contact, profile, weights: nil, transaction.reading)
    let breakdown = JSONValue.object(score.breakdown).serialized()
    try store(score, breakdown, of: contact, against: profile, transaction)
    transaction.audit(.owlContact, contact, before: record(facts.score), after: record(Int64(score.points)))
    return score
  }

  /// The score as it would be with other weights; nothing is kept.
  ///
  /// - Throws: `NOT_FOUND` when there is no such contact or profile; `VALIDATION_ERROR` when no category is left.
  static func whatIf(
    _ weights: JSONObject, _ contact: Int64, against profile: Int64, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Score {
    try look(contact, profile, weights: weights, transaction).score
  }

  private static func look(
    _ contact: Int64, _ profile: Int64, weights: JSONObject?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> (score: Score, facts: ScoringFacts) {
    var known = try StoredProfile.load(profile, transaction)
    let facts = try ScoringFacts.load(contact, transaction)
    if let weights { known = try known.weighing(weights) }
    return (Scorer(profile: try known.profile()).score(facts.subject), facts)
  }

  /// Keeps the result per profile; the contact's `score` is the latest.
  private static func store(
    _ score: Score, _ breakdown: [UInt8], of contact: Int64, against profile: Int64, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      INSERT INTO scores (contact_id, profile_id, score, verdict, breakdown, reasoning, scored_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (contact_id, profile_id)
      DO UPDATE SET score = ?3, verdict = ?4, breakdown = ?5, reasoning = ?6, scored_at = ?7
      """)
    statement.bind(contact, at: 1)
    statement.bind(profile, at: 2)
    statement.bind(Int64(score.points), at: 3)
    statement.bind(score.verdict.rawValue, at: 4)
    statement.bind(text: breakdown, at: 5)
    statement.bind(score.reasoning, at: 6)
    statement.bind(transaction.now.milliseconds, at: 7)
    try statement.run()
    let history = try transaction.database.statement(
      """
      INSERT INTO score_history (contact_id, profile_id, score, verdict, scored_at) VALUES (?1, ?2, ?3, ?4, ?5)
      """)
    history.bind(contact, at: 1)
    history.bind(profile, at: 2)
    history.bind(Int64(score.points), at: 3)
    history.bind(score.verdict.rawValue, at: 4)
    history.bind(transaction.now.milliseconds, at: 5)
    try history.run()
    let latest = try transaction.database.statement("UPDATE owl_contacts SET score = ?2 WHERE id = ?1")
    latest.bind(contact, at: 1)
    latest.bind(Int64(score.points), at: 2)
    try latest.run()
  }

  private static func record(_ score: Int64?) -> [UInt8] {
    JSONValue.object(["score": score.map { .integer($0) } ?? .null]).serialized()
  }
}
