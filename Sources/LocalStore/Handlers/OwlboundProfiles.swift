internal import JSON
internal import Platform
internal import Scoring
internal import Service

extension Handlers {
  static let owlboundProfiles: [String: Handler] = [
    "owlbound_list_icp_profiles": .quickRead(listProfiles), "owlbound_save_icp_profile": .write(saveProfile),
    "owlbound_score_contact": .write(scoreContact),
  ]
}

/// `profiles`, in the order in which they were made.
private func listProfiles(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let statement = try transaction.database.statement(
    "SELECT id, name, criteria, created_at, updated_at FROM icp_profiles ORDER BY id")
  payload.beginObject()
  var rows = RowList()
  try rows.write("profiles", statement, into: &payload) { profile, payload in
    StoredProfile.write(profile, transaction.ids, into: &payload)
  }
  rows.writeOmission(
    advice: "\"Left out because the answer would be too long; the oldest profiles are shown.\"", into: &payload)
  payload.endObject()
}

/// `profile` as it now is, and whether it is new.
private func saveProfile(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  guard let name = call.arguments.trimmedText("name") else { throw .invalid("/name", "A profile needs a name.") }
  try SizeLimit.check(name, SizeLimit.line, at: "/name")
  let known = try call.arguments.trimmedText("id").map { id throws(ServiceError) in
    try transaction.ids.require(.profile, id)
  }
  let old: StoredProfile?
  if let known {
    old = try StoredProfile.load(known, transaction.reading)
  } else {
    old = try StoredProfile.find(name, transaction.reading)
  }
  var criteria = old?.criteria ?? [:]
  for (key, value) in call.arguments where key != "id" && key != "name" && !value.isNull { criteria[key] = value }
  try StoredProfile.check(criteria)
  let stored = try SizeLimit.serialized(criteria, at: "")
  if let old, let other = try StoredProfile.find(name, transaction.reading), other.row != old.row {
    let id = transaction.ids.text(.profile, other.row)
    throw ServiceError(.conflict, "The profile \(id) has this name. Names tell profiles apart; choose another.")
  }

  let row = try StoredProfile.store(name, stored, in: old?.row, transaction)
  transaction.audit(.profile, row, before: old.map { JSONValue.object($0.criteria).serialized() }, after: stored)
  payload.beginObject()
  payload.key("profile")
  try StoredProfile.write(row: row, transaction.reading, into: &payload)
  payload.key("created")
  payload.bool(old == nil)
  payload.endObject()
  return nil
}

/// The score of a contact against a profile, with reasons; the contact keeps it (Owlbound API 10).
private func scoreContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let contact = try transaction.ids.require(.owlContact, call.arguments.text("id") ?? "")
  let profile = try transaction.ids.require(.profile, call.arguments.text("icpProfileId") ?? "")
  let reading = transaction.reading
  let known = try StoredProfile.load(profile, reading)
  let facts = try ScoringFacts.load(contact, reading)
  let score = Scorer(profile: try known.profile()).score(facts.subject)
  let breakdown = JSONValue.object(score.breakdown).serialized()

  try store(score, breakdown, of: contact, against: profile, transaction)
  transaction.audit(
    .owlContact, contact, before: scoreRecord(facts.score), after: scoreRecord(Int64(score.points)))
  payload.beginObject()
  payload.key("contactId")
  transaction.ids.write(.owlContact, contact, into: &payload)
  payload.key("icpProfileId")
  transaction.ids.write(.profile, profile, into: &payload)
  payload.key("score")
  payload.integer(Int64(score.points))
  payload.key("verdict")
  payload.string(score.verdict.rawValue)
  payload.key("breakdown")
  payload.value(.object(score.breakdown))
  payload.key("reasoning")
  payload.string(score.reasoning)
  payload.key("scoredAt")
  payload.integer(transaction.now.milliseconds)
  payload.endObject()
  return nil
}

/// Keeps the result per profile; the contact's `score` is the latest.
private func store(
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
  let latest = try transaction.database.statement("UPDATE owl_contacts SET score = ?2 WHERE id = ?1")
  latest.bind(contact, at: 1)
  latest.bind(Int64(score.points), at: 2)
  try latest.run()
}

private func scoreRecord(_ score: Int64?) -> [UInt8] {
  JSONValue.object(["score": score.map { .integer($0) } ?? .null]).serialized()
}
