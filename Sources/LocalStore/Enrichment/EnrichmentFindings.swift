internal import JSON
internal import Platform
internal import Service

/// What one phase found of a contact, and how it is kept.
///
/// Nothing is made up: what neither a provider nor the workspace knows stays empty, and a phase without either is
/// skipped and says what to configure. Fields that are filled stay, unless the job is forced; even then only a provider
/// replaces them, since what the workspace knows elsewhere may be older.
struct EnrichmentFindings {
  let phase: EnrichmentPhase
  let contact: Int64
  let isForced: Bool
  let transaction: WriteTransaction

  /// The most profiles that a contact is scored against.
  private static let profileLimit: Int64 = 50

  /// Fields that a contact has itself.
  private static let contactFields: Set<String> = ["title", "company", "location", "linkedInUrl", "email", "phone"]

  /// Stores what was found and says what became of the phase.
  func apply(_ answers: [EnrichmentAnswer]) throws(ServiceError) -> PhaseOutcome {
    if phase == .icpScoring { return try score() }
    var failures: [String] = []
    var found: JSONObject = [:]
    var sources: [JSONValue] = []
    for answer in answers {
      switch answer.result {
      case .failure(let failure): failures.append("\(answer.source): \(failure.message)")
      case .success(let fields):
        let known = accepted(fields)
        if !known.isEmpty { sources.append(.string(answer.source)) }
        for (name, value) in known where found[name] == nil { found[name] = value }
      }
    }
    failures += try fill(found, replaces: isForced)
    let own = try learn()
    failures += try fill(own, replaces: false)
    if !own.isEmpty { sources.append("workspace") }
    for (name, value) in own where found[name] == nil { found[name] = value }
    if !found.isEmpty { try keep(found, sources) }
    let hasAnswer = answers.contains { if case .success = $0.result { true } else { false } }
    if !found.isEmpty || hasAnswer { return PhaseOutcome(phase, .completed, failures: failures) }
    guard failures.isEmpty else { return PhaseOutcome(phase, .failed, failures: failures) }
    return PhaseOutcome(phase, .skipped, message: reason)
  }

  /// Why nothing could be found.
  private var reason: String {
    let way = "and no provider is configured for it: name one under enrichment in config.json, or set enrichment_url."
    return switch phase {
    case .linkedInProfile: "The workspace knows no profile of this person, \(way)"
    case .contactInfo: "The workspace knows no other e-mail or phone of this person, \(way)"
    case .activityAnalysis: "The workspace has neither events nor signals of this person, \(way)"
    case .connectionStatus: "Nothing in the workspace looks at LinkedIn, \(way)"
    case .icpScoring: "The workspace has no ICP profile: save one with owlbound_save_icp_profile."
    }
  }

  /// The documented fields of an answer, of their types and lengths.
  private func accepted(_ fields: JSONObject) -> JSONObject {
    var accepted: JSONObject = [:]
    for name in phase.fields {
      guard let value = fields[name] else { continue }
      if name == "activityScore" {
        if let number = value.doubleValue, (0...100).contains(number) { accepted[name] = .number(number) }
      } else if let text = value.stringValue?.trimmed, !text.isEmpty, text.utf8.count <= SizeLimit.line {
        accepted[name] = .string(text)
      }
    }
    return accepted
  }

  // MARK: What the workspace knows

  private func learn() throws(ServiceError) -> JSONObject {
    let reading = transaction.reading
    let subject = try EnrichmentSubject.load(contact, reading)
    var known: JSONObject = [:]
    switch phase {
    case .linkedInProfile:
      let profile = try subject.pathboundProfile(reading)
      for name in ["title", "company", "location", "linkedInUrl", "industry"] {
        if let text = profile[name] { known[name] = .string(text) }
      }
      if let company = try subject.companyOfDomain(reading) {
        if known["company"] == nil { known["company"] = .string(company.name) }
        if known["industry"] == nil, let industry = company.industry { known["industry"] = .string(industry) }
      }
    case .contactInfo:
      if let phone = try subject.pathboundProfile(reading)["phone"] { known["phone"] = .string(phone) }
    case .activityAnalysis:
      if let activity = try subject.activity(reading) { known = Self.activity(activity) }
    case .connectionStatus, .icpScoring: break
    }
    return known
  }

  /// A signal says twice as much as an event; twenty events in 30 days are as active as it gets.
  private static func activity(_ activity: (events: Int64, signals: Int64, last: Int64?)) -> JSONObject {
    let score = min(100, 5 * min(activity.events, 100) + 10 * min(activity.signals, 100))
    let level = score == 0 ? "none" : score < 25 ? "low" : score < 60 ? "medium" : "high"
    return [
      "activityScore": .integer(score), "activityLevel": .string(level), "events30Days": .integer(activity.events),
      "signals30Days": .integer(activity.signals), "lastActiveAt": activity.last.map { .integer($0) } ?? .null,
    ]
  }

  private func score() throws(ServiceError) -> PhaseOutcome {
    let statement = try transaction.database.statement("SELECT id FROM icp_profiles ORDER BY id LIMIT ?1")
    statement.bind(Self.profileLimit, at: 1)
    var profiles: [Int64] = []
    defer { statement.reset() }
    while try statement.step() { profiles.append(statement.integer(0)) }
    guard !profiles.isEmpty else { return PhaseOutcome(phase, .skipped, message: reason) }
    for profile in profiles { _ = try ContactScores.score(contact, against: profile, in: transaction) }
    return PhaseOutcome(phase, .completed)
  }

  // MARK: Keeping

  /// Writes into the contact's own fields; gives what could not be written, and why.
  private func fill(_ found: JSONObject, replaces: Bool) throws(ServiceError) -> [String] {
    var failures: [String] = []
    let present = try EnrichmentSubject.load(contact, transaction.reading).fields
    for (name, value) in found {
      guard Self.contactFields.contains(name), replaces || present[name] == nil else { continue }
      do throws(ServiceError) {
        // One by one: an address that belongs to another contact must not hold up the title.
        var change = try OwlContactChange([name: value])
        _ = try change.update(contact, transaction)
      } catch {
        guard error.code == .validation else { throw error }
        failures.append("\(name) was found, but not stored. \(error.message)")
      }
    }
    return failures
  }

  /// Keeps the phase's findings with their sources beside the contact.
  private func keep(_ found: JSONObject, _ sources: [JSONValue]) throws(ServiceError) {
    var kept = found
    kept["sources"] = .array(sources)
    kept["at"] = .integer(transaction.now.milliseconds)
    let statement = try transaction.database.statement(
      """
      UPDATE owl_contacts SET enrichment = json_set(coalesce(enrichment, '{}'), '$.' || ?2, json(?3)),
        activity_score = coalesce(?4, activity_score), updated_at = ?5 WHERE id = ?1
      """)
    statement.bind(contact, at: 1)
    statement.bind(phase.rawValue, at: 2)
    statement.bind(text: JSONValue.object(kept).serialized(), at: 3)
    statement.bind(found["activityScore"]?.doubleValue, at: 4)
    statement.bind(transaction.now.milliseconds, at: 5)
    try statement.run()
  }
}
