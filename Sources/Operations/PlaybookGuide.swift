/// A predefined playbook (Pathbound API 12.1), in words: what it proposes, and the keys of `playbook` that tune it.
///
/// The provider `rules` evaluates it; a model gets the words.
public struct PlaybookGuide: Sendable {
  /// What `playbook_template` calls it.
  public let name: String
  /// What it proposes, and when, with the keys' defaults in brackets.
  public let rule: String
  /// Keys of `playbook`, each with its meaning and default.
  public let keys: [(name: String, meaning: String)]

  /// All templates.
  public static let all = [coldOutreach, pricingVisitorFollowup]

  /// The template of that name; nil when there is none.
  public static func named(_ name: String) -> PlaybookGuide? { all.first { $0.name == name } }

  /// Who could become a customer and was never written to.
  public static let coldOutreach = PlaybookGuide(
    name: "cold_outreach",
    rule: """
      Propose one short, personal introduction by email_message when the contact has an e-mail address, is in one of \
      the stages or in none, is no customer, and no e-mail to it was ever sent, rejected or is open.
      """,
    keys: [
      ("stages", "lifecycle stages that are written to, default [\"lead\", \"prospect\"]"), subject, message,
    ])

  /// Who comes back to the pricing page and has not heard from us.
  public static let pricingVisitorFollowup = PlaybookGuide(
    name: "pricing_visitor_followup",
    rule: """
      Propose one short, personal e-mail by email_message when the contact viewed the page at least min_visits times \
      in the last window_days days, no e-mail was sent or rejected in the last quiet_days days, and none is open.
      """,
    keys: [
      ("url_contains", "part of the page's address, default /pricing"), ("min_visits", "default 2"),
      ("window_days", "default 7"), ("quiet_days", "default 3"), ("event", "name of the event, default page_view"),
      subject, message,
    ])

  private static let subject = (
    name: "subject",
    meaning: "of the mail; {{firstname}}, {{lastname}}, {{company}}, {{jobtitle}}, {{email}}, "
      + "{{visits}}, {{page}}, {{last_visit}}, {{window_days}} are filled in, {{firstname|there}} has a stand-in"
  )
  private static let message = (name: "message", meaning: "of the mail, as subject")
}
