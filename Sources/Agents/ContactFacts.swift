internal import JSON
internal import Operations
internal import Platform
internal import Service

/// What a run's context tells about one person, ready for conditions.
struct ContactFacts: Sendable {
  /// Something that the person did.
  struct Event: Sendable {
    let name: String
    let url: String
    let time: Timestamp
  }

  /// Something that was done for the person, or is to be.
  struct Action: Sendable {
    /// The action's id, or that of the run which proposed it.
    let id: String?
    let type: String
    let status: ActionStatus
    /// When it was executed or refused, else when it was made.
    let time: Timestamp
  }

  let email: String?
  let firstName: String?
  let lastName: String?
  let company: String?
  let jobTitle: String?
  /// Lower case; nil when unset.
  let stage: String?
  let events: [Event]
  /// How many events there are altogether; the context holds the newest.
  let totalEvents: Int
  let actions: [Action]
  let now: Timestamp

  /// Reads a context; what is malformed counts as absent.
  init(_ context: JSONObject, now: Timestamp) {
    self.now = now
    let contact = context["contact"]?.objectValue ?? JSONObject()
    func property(_ name: String) -> String? {
      let value = contact[name]?.stringValue ?? contact["properties"]?[name]?.stringValue
      guard let value, value.utf8.contains(where: { $0 > 32 }) else { return nil }
      return value
    }
    email = property("email")
    firstName = property("firstname")
    lastName = property("lastname")
    company = property("company")
    jobTitle = property("jobtitle")
    stage = property("lifecyclestage")?.lowercased()
    events = (context["events"]?.arrayValue ?? []).compactMap { Self.event($0) }
    totalEvents = max(
      events.count, context["unified_profile"]?["total_events"]?.integerValue.flatMap { Int(exactly: $0) } ?? 0)
    actions = (context["recent_actions"]?.arrayValue ?? []).compactMap { Self.action($0, now: now) }
  }

  private static func event(_ json: JSONValue) -> Event? {
    guard let name = json["event"]?.stringValue, let time = time(json["timestamp"]) else { return nil }
    let url = json["url"]?.stringValue ?? json["path"]?.stringValue ?? json["data"]?["path"]?.stringValue ?? ""
    return Event(name: name, url: url, time: time)
  }

  private static func action(_ json: JSONValue, now: Timestamp) -> Action? {
    guard let type = json["type"]?.stringValue, let word = json["status"]?.stringValue,
      let status = ActionStatus(rawValue: word)
    else { return nil }
    // Without a time it counts as done now: rather one e-mail too few.
    let time = time(json["executed_at"]) ?? time(json["decided_at"]) ?? time(json["created_at"]) ?? now
    let id = json["action_id"]?.stringValue ?? json["run_id"]?.stringValue
    return Action(id: id, type: type, status: status, time: time)
  }

  private static func time(_ json: JSONValue?) -> Timestamp? { json?.stringValue.flatMap { Timestamp(iso8601: $0) } }

  /// Whole days since a moment; 0 for what lies ahead.
  func days(since time: Timestamp) -> Int {
    let (age, overflow) = now.milliseconds.subtractingReportingOverflow(time.milliseconds)
    return overflow ? 0 : Int(max(0, age) / Self.day)
  }

  /// Whether a moment lies within the last so many days; clocks may be a few minutes apart.
  func isWithin(days: Int, _ time: Timestamp) -> Bool {
    let length = Int64(clamping: days).multipliedReportingOverflow(by: Self.day)
    guard !length.overflow else { return true }
    return time >= now.adding(milliseconds: -length.partialValue) && time <= now.adding(milliseconds: 300_000)
  }

  private static let day: Int64 = 86_400_000
}

/// What was written to the person, as far as the context tells.
extension ContactFacts {
  private var mails: [Action] {
    actions.filter { $0.type == ActionType.emailMessage.name || $0.type == ActionType.resendSendEmail.name }
  }

  /// An e-mail that waits for a decision or to be sent.
  var openMail: Action? { mails.first { $0.status.isOpen || $0.status == .running } }

  /// The e-mail that was sent last.
  var lastSentMail: Action? { mails.filter { $0.status == .completed }.max { $0.time < $1.time } }

  /// The e-mail that a reviewer refused last.
  var lastRejectedMail: Action? { mails.filter { $0.status == .rejected }.max { $0.time < $1.time } }
}
