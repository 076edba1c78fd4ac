internal import Service
internal import Templates

/// `cold_outreach`: who could become a customer and was never written to gets a short introduction.
///
/// Proposes when the contact has an e-mail address, is in one of the `stages` ("lead", "prospect") or has no stage, is
/// no customer, and no e-mail to it was ever sent, refused by a reviewer, or is open. Further keys: `subject` and
/// `message` with the placeholders of ``PlaybookFact``, of which the visits are unknown here.
struct ColdOutreach: PlaybookTemplate {
  static let name = "cold_outreach"

  private let stages: [String]
  private let subject: TextTemplate
  private let message: TextTemplate

  init(_ settings: PlaybookSettings) throws(ProviderFailure) {
    stages = try settings.texts("stages", default: ["lead", "prospect"]).map { $0.lowercased() }
    subject = try settings.template("subject", default: "A short introduction")
    message = try settings.template("message", default: Self.standardMessage)
  }

  func decide(_ facts: ContactFacts) -> ModelAnswer {
    guard let email = facts.email else { return nothing("No e-mail address is known") }
    if facts.stage == "customer" { return nothing("Is a customer, so an introduction makes no sense") }
    if let stage = facts.stage, !stages.contains(stage) {
      return nothing("Is in the stage \(stage.prefix(40)); asked for are \(stages.joined(separator: ", ")) or none")
    }
    if let open = facts.openMail { return nothing("An e-mail is \(open.status.rawValue) already\(open.reference)") }
    if let sent = facts.lastSentMail {
      return nothing("We wrote \(ago(facts.days(since: sent.time)))\(sent.reference), so we are no strangers")
    }
    if let rejected = facts.lastRejectedMail {
      return nothing("A reviewer rejected an e-mail \(ago(facts.days(since: rejected.time)))\(rejected.reference)")
    }
    let stage = facts.stage.map { "In the stage \($0)" } ?? "Has no stage"
    let seen = facts.totalEvents > 0 ? "\(counted(facts.totalEvents, "event")) on record" : "no event on record"
    return mail(
      to: email, "\(stage), \(seen), \(facts.silence)", subject: subject, message: message, values: values(facts))
  }

  private static let standardMessage = """
    Hi {{firstname|there}},

    we have not spoken yet, so I will keep this short. I believe that we could be useful to {{company|your team}} and \
    would like to find out whether that is so.

    Would you have fifteen minutes next week? If somebody else is the right person, a name would help me just as much. \
    If it is not a topic, tell me and I will not write again.

    Best regards
    """
}
