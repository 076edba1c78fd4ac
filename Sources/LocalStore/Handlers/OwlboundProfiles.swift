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
  for (key, value) in call.arguments where !["id", "name", "dry_run"].contains(key) && !value.isNull {
    criteria[key] = value
  }
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
  let weights = call.arguments["weights"]?.objectValue
  let score: Score
  if let weights {
    score = try ContactScores.whatIf(weights, contact, against: profile, transaction.reading)
  } else {
    score = try ContactScores.score(contact, against: profile, in: transaction)
  }
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
  payload.key("whatWouldChange")
  payload.value(.object(score.whatWouldChange))
  payload.key("scoredAt")
  payload.integer(transaction.now.milliseconds)
  payload.key("stored")
  payload.bool(weights == nil)
  payload.endObject()
  return nil
}
