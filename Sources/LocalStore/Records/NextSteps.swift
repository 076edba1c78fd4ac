internal import JSON
internal import Platform

/// Facts about a person that call for something to be done; what to do is for the reader to decide.
struct NextSteps {
  let person: Person
  let now: Timestamp
  /// When the person was last active, in milliseconds.
  var lastEvent: Int64?
  /// When we last wrote, in milliseconds.
  var lastMail: Int64?
  /// Actions that wait for a decision.
  var waitingActions: [String] = []
  /// Signals that nobody acted on, newest first.
  var openSignals: [String] = []
  var isScored = false

  init(person: Person, now: Timestamp) {
    self.person = person
    self.now = now
  }

  /// Writes the facts, one array of sentences.
  func write(into payload: inout JSONWriter) {
    payload.beginArray()
    for fact in facts { payload.string(fact) }
    payload.endArray()
  }

  private var facts: [String] {
    var facts: [String] = []
    if person.isDoubtful {
      facts.append("The e-mail addresses that were given or found differ: these may be different people.")
    }
    if !waitingActions.isEmpty {
      facts.append("Waiting for a decision: \(waitingActions.joined(separator: ", ")).")
    }
    if !openSignals.isEmpty {
      facts.append("Signals nobody acted on: \(openSignals.joined(separator: ", ")).")
    }
    if person.pathbound != nil {
      facts.append(lastEvent.map { "Last active \(ago($0))." } ?? "No activity of this person has been tracked.")
      facts.append(
        lastMail.map { "Last e-mail to this person \(ago($0))." } ?? "No e-mail has been sent to this person.")
    } else {
      facts.append("Not a Pathbound contact yet: no events and no actions.")
    }
    if person.owlbound == nil {
      facts.append("Not an Owlbound contact yet: no signals and no score.")
    } else if !isScored {
      facts.append("Not scored yet.")
    }
    return facts
  }

  private func ago(_ time: Int64) -> String {
    let minutes = max(0, now.milliseconds - time) / 60_000
    switch minutes {
    case ..<2: return "just now"
    case ..<120: return "\(minutes) minutes ago"
    case ..<2880: return "\(minutes / 60) hours ago"
    default: return "\(minutes / 1440) days ago"
    }
  }
}
