internal import Platform
internal import Service
internal import Templates

/// `pricing_visitor_followup`: who comes back to the pricing page and has not heard from us gets a short e-mail.
///
/// Proposes when the page was viewed at least `min_visits` (2) times in the last `window_days` (7) days, no e-mail was
/// sent or refused by a reviewer in the last `quiet_days` (3) days, and none is open. Further keys: `url_contains`
/// ("/pricing", compared without case), `event` ("page_view"), and `subject` and `message` with the placeholders
/// of ``PlaybookFact``.
struct PricingVisitorFollowup: PlaybookTemplate {
  static let name = "pricing_visitor_followup"

  private let minVisits: Int
  private let windowDays: Int
  private let quietDays: Int
  private let event: String
  private let page: String
  private let subject: TextTemplate
  private let message: TextTemplate

  init(_ settings: PlaybookSettings) throws(ProviderFailure) {
    minVisits = try settings.integer("min_visits", default: 2, in: 1...1000)
    windowDays = try settings.integer("window_days", default: 7, in: 1...365)
    quietDays = try settings.integer("quiet_days", default: 3, in: 0...365)
    event = try settings.text("event", default: "page_view")
    page = try settings.text("url_contains", default: "/pricing")
    subject = try settings.template("subject", default: "Can I help with {{page}}?")
    message = try settings.template("message", default: Self.standardMessage)
  }

  func decide(_ facts: ContactFacts) -> ModelAnswer {
    guard let email = facts.email else { return nothing("No e-mail address is known") }
    let visits = self.visits(in: facts)
    let visited = self.visited(visits, facts)
    guard visits.count >= minVisits, let last = visits.max(by: { $0.time < $1.time }) else {
      return nothing("\(visited), \(minVisits) are asked for")
    }
    if let open = facts.openMail {
      return nothing("\(visited), but an e-mail is \(open.status.rawValue) already\(open.reference)")
    }
    if let sent = facts.lastSentMail, facts.isWithin(days: quietDays, sent.time) {
      return nothing("\(visited), but we wrote \(ago(facts.days(since: sent.time))), within \(quiet)")
    }
    if let rejected = facts.lastRejectedMail, facts.isWithin(days: quietDays, rejected.time) {
      let time = ago(facts.days(since: rejected.time))
      return nothing("\(visited), but a reviewer rejected an e-mail \(time), within \(quiet)")
    }
    return mail(
      to: email, "\(visited), \(facts.silence)", subject: subject, message: message,
      values: values(facts, visits: visits.count, last: last.time))
  }

  private var quiet: String { counted(quietDays, "quiet day") }

  private func visits(in facts: ContactFacts) -> [ContactFacts.Event] {
    let wanted = page.lowercased()
    return facts.events.filter {
      $0.name == event && facts.isWithin(days: windowDays, $0.time) && $0.url.lowercased().holds(wanted)
    }
  }

  /// "Visited /pricing 3 times in the last 7 days".
  private func visited(_ visits: [ContactFacts.Event], _ facts: ContactFacts) -> String {
    // Older events may be missing from the context, and with them visits.
    let hasAll =
      facts.totalEvents <= facts.events.count || facts.events.contains { !facts.isWithin(days: windowDays, $0.time) }
    let count = visits.count == 1 ? "once" : "\(visits.count) times"
    return "Visited \(page) \(hasAll ? "" : "at least ")\(count) in the last \(counted(windowDays, "day"))"
  }

  private func values(
    _ facts: ContactFacts, visits: Int, last: Timestamp
  ) -> [PlaybookFact: String] {
    var values = values(facts)
    values[.visits] = "\(visits)"
    values[.windowDays] = "\(windowDays)"
    values[.page] = page.split(separator: "/").joined(separator: "/")
    values[.lastVisit] = Self.day(of: last, now: facts.now)
    return values
  }

  private static func day(of time: Timestamp, now: Timestamp) -> String {
    let day = CalendarTime(time)
    switch CalendarTime(now).daysSinceEpoch - day.daysSinceEpoch {
    case ...0: return "today"
    case 1: return "yesterday"
    default: return "on \(day.day) \(months[day.month - 1])"
    }
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  private static let standardMessage = """
    Hi {{firstname|there}},

    you had a look at our {{page}} page {{last_visit}}, so I wanted to offer help: is there anything that it left open \
    for {{company|your team}}?

    I am happy to answer by mail or in a short call, whichever suits you better.

    Best regards
    """
}

extension ContactFacts.Action {
  /// Where to find the action, in brackets.
  var reference: String { id.map { " (\($0))" } ?? "" }
}

extension ContactFacts {
  /// "no e-mail from us in 5 days".
  var silence: String {
    lastSentMail.map { "no e-mail from us in \(counted(days(since: $0.time), "day"))" } ?? "no e-mail from us on record"
  }
}
