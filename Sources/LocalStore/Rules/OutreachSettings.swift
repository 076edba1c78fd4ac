internal import JSON
internal import Service

/// The workspace's rules for outreach, one row of `settings`.
enum OutreachSettings {
  /// The rules; those that ask for nothing when none were saved.
  static func rules(_ transaction: ReadTransaction) throws(ServiceError) -> OutreachRules {
    let statement = try transaction.database.statement("SELECT value FROM settings WHERE name = 'outreach_rules'")
    defer { statement.reset() }
    guard try statement.step(), case .object(let json)? = try? JSONParser.parse(statement.text(0)) else {
      return OutreachRules()
    }
    return OutreachRules(json: json)
  }

  /// Puts these rules in place of the present ones.
  static func save(_ rules: OutreachRules, in transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement(
      """
      INSERT INTO settings (name, value) VALUES ('outreach_rules', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1
      """)
    statement.bind(text: JSONValue.object(rules.json).serialized(), at: 1)
    try statement.run()
  }
}
