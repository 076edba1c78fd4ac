internal import Templates

/// A text of a playbook.
typealias TextTemplate = Templates.TextTemplate<PlaybookFact>

/// What a placeholder of a playbook's text can name.
enum PlaybookFact: String, CaseIterable {
  case firstname, lastname, company, jobtitle, email
  /// How often the page was visited.
  case visits
  /// The page, as the playbook names it.
  case page
  /// "today", "yesterday" or "on 19 November".
  case lastVisit = "last_visit"
  /// The days that are looked at.
  case windowDays = "window_days"
}
