public import JSON
public import Platform

/// What a brief's reader should know before doing anything, and what would be sensible to do next.
///
/// The same words, whoever has gathered what they are about: the local workspace, or several calls of hosted APIs.
public struct BriefFacts: Sendable {
  private let now: Timestamp
  /// Whether Pathbound knows the person.
  public var isPathboundContact: Bool
  /// Whether Owlbound knows the person.
  public var isOwlboundContact: Bool
  /// Whether the records may be of different people.
  public var isDoubtful: Bool
  /// Where Owlbound has the person.
  public var status: String?
  /// Whether Owlbound has put the person away.
  public var isArchived = false
  /// When the person was last active, in milliseconds.
  public var lastEvent: Int64?
  /// When we last wrote, in milliseconds.
  public var lastMail: Int64?
  /// Whether no ``lastMail`` means that nobody wrote.
  public var isMailKnown = true
  /// Actions that wait for a decision.
  public var waitingActions: [String] = []
  /// Proposals of agents that wait for a decision.
  public var waitingProposals: [String] = []
  /// Actions that are decided and wait for their time.
  public var queuedActions = 0
  /// Sequences that the person is in.
  public var sequences: [String] = []
  /// Signals that nobody acted on, newest first.
  public var openSignals: [String] = []
  /// Whether there is a score.
  public var isScored = false
  /// What could not be found out, in sentences.
  public var gaps: [String] = []
  private var differences: [String] = []

  /// Facts about somebody whom at least one platform knows.
  public init(now: Timestamp, isPathboundContact: Bool, isOwlboundContact: Bool, isDoubtful: Bool) {
    self.now = now
    self.isPathboundContact = isPathboundContact
    self.isOwlboundContact = isOwlboundContact
    self.isDoubtful = isDoubtful
  }

  /// Keeps in mind that the platforms say different things.
  public mutating func noteDifference(_ what: String, _ pathbound: String?, _ owlbound: String?) {
    guard let pathbound, let owlbound, !pathbound.isEmpty, !owlbound.isEmpty,
      Brevity.trimmed(pathbound).lowercased() != Brevity.trimmed(owlbound).lowercased()
    else { return }
    differences.append(
      "Pathbound has the \(what) \"\(Brevity.cut(pathbound, to: 80))\", Owlbound "
        + "\"\(Brevity.cut(owlbound, to: 80))\".")
  }

  /// Writes `facts`, sentences, and `next_step`, one.
  public func write(into payload: inout JSONWriter) {
    payload.key("facts")
    payload.beginArray()
    for fact in facts { payload.string(fact) }
    payload.endArray()
    payload.key("next_step")
    payload.string(nextStep)
  }

  private var facts: [String] {
    var facts: [String] = []
    if isDoubtful {
      facts.append("The e-mail addresses that were given or found differ: these may be different people.")
    }
    facts += differences
    if !openSignals.isEmpty { facts.append("Signals nobody acted on: \(openSignals.joined(separator: ", ")).") }
    if isPathboundContact {
      facts.append(lastEvent.map { "Last active \(ago($0))." } ?? "No activity of this person has been tracked.")
      if let lastMail {
        facts.append("Last e-mail to this person \(ago(lastMail)).")
      } else if isMailKnown {
        facts.append("No e-mail has been sent to this person.")
      }
    } else {
      facts.append("Not a Pathbound contact yet: no events and no actions.")
    }
    if !isOwlboundContact {
      facts.append("Not an Owlbound contact yet: no signals and no score.")
    } else if !isScored {
      facts.append("Not scored yet.")
    }
    return facts + gaps
  }

  /// The first that applies: what stands against writing comes before what speaks for it.
  private var nextStep: String {
    if isDoubtful { return "Find out whether these records are one person before doing anything." }
    if isArchived { return "Leave this person alone: the contact is archived." }
    if let action = waitingActions.first {
      return "Decide about \(action), which waits for approval (pathbound_approve_action, pathbound_reject_action)."
    }
    if let proposal = waitingProposals.first {
      return "Decide about the proposed \(proposal) (pathbound_approve_run_action, pathbound_reject_run_action)."
    }
    if status == "replied" { return "Answer the reply; nothing automatic should go out." }
    if let sequence = sequences.first { return "Let the sequence \"\(sequence)\" go on; do not write beside it." }
    if queuedActions > 0 { return "Wait for the actions that are queued." }
    if let mail = lastMail, days(since: mail) < Self.quietDays, (lastEvent ?? 0) <= mail {
      return "Wait: we wrote \(ago(mail)), and there has been no activity since."
    }
    if status == "converted" || status == "lost" { return "Nothing is due: the contact is \(status ?? "")." }
    if let signal = openSignals.first { return "Act on the signal \(signal) while it is new." }
    if let event = lastEvent, days(since: event) < Self.quietDays, (lastMail ?? 0) < event {
      return "Write about what they looked at: last active \(ago(event))."
    }
    if !isOwlboundContact { return "Create the Owlbound contact, so that signals and a score can tell more." }
    if !isScored { return "Score the contact against an ICP profile (owlbound_score_contact)." }
    if !isPathboundContact || lastMail == nil && isMailKnown {
      return "Write a first message, or enroll them in a sequence."
    }
    return "Nothing is due: no news since we last wrote."
  }

  /// A week without an answer is no reason yet to write again.
  private static let quietDays: Int64 = 7

  private func days(since time: Int64) -> Int64 { max(0, now.milliseconds &- time) / 86_400_000 }

  private func ago(_ time: Int64) -> String {
    let minutes = max(0, now.milliseconds &- time) / 60_000
    switch minutes {
    case ..<2: return "just now"
    case ..<120: return "\(minutes) minutes ago"
    case ..<2880: return "\(minutes / 60) hours ago"
    default: return "\(minutes / 1440) days ago"
    }
  }
}
