/// Scores a contact by rules: the same profile and subject give the same score, everywhere and always.
///
/// A fact that is missing gives no points and says so: the score is what is proven, and the reasoning names what to
/// find out.
public struct Scorer: Sendable {
  private let profile: Profile
  private let shares: [(category: Category, points: Int)]

  /// Prepares a profile; one scorer serves many subjects.
  public init(profile: Profile) {
    self.profile = profile
    shares = profile.shares
  }

  /// The score of a contact.
  public func score(_ subject: Subject) -> Score {
    let parts = shares.map { share in
      let finding = judge(share.category, subject)
      let points = Int((Double(share.points) * min(max(finding.fulfilment, 0), 1)).rounded())
      return Score.Part(
        category: share.category, points: points, maximum: share.points, reason: finding.reason,
        isUnknown: finding.isUnknown)
    }
    let points = parts.reduce(0) { $0 + $1.points }
    return Score(points: points, parts: parts, reasoning: reasoning(points, parts))
  }

  private func judge(_ category: Category, _ subject: Subject) -> Finding {
    switch category {
    case .titles: TitleCriterion(wanted: profile.titles).judge(subject.title)
    case .seniority: SeniorityCriterion(wanted: profile.seniorities).judge(subject.title)
    case .industry: IndustryCriterion(wanted: profile.industries).judge(subject.industry)
    case .companySize:
      CompanySizeCriterion(minimum: profile.companySizeMinimum, maximum: profile.companySizeMaximum)
        .judge(subject.headCount)
    case .location: LocationCriterion(wanted: profile.locations).judge(subject.location)
    case .keywords: KeywordCriterion(wanted: profile.keywords).judge(subject)
    case .signals: SignalCriterion(wanted: profile.signalTypes).judge(subject.signals)
    case .engagement: EngagementCriterion().judge(subject)
    }
  }

  private func reasoning(_ points: Int, _ parts: [Score.Part]) -> String {
    guard !parts.isEmpty else {
      return "The profile has no criteria, so nothing speaks for or against this contact. Add criteria to the profile."
    }
    let against = profile.name.isEmpty ? "" : " for \(quoted(profile.name))"
    var sentences = ["\(points) of 100, \(Verdict(points: points).label)\(against)."]
    if let best = parts.filter({ $0.points > 0 }).firstMaximum(by: \.points) {
      sentences.append("Strongest plus: \(best.summary).")
    }
    let known = parts.filter { !$0.isUnknown && $0.points < $0.maximum }
    if let worst = known.firstMaximum(by: { $0.maximum - $0.points }) {
      sentences.append("Strongest minus: \(worst.summary).")
    }
    let unknown = parts.filter(\.isUnknown)
    if !unknown.isEmpty {
      let names = unknown.map(\.category.label).joined(separator: ", ")
      let open = unknown.reduce(0) { $0 + $1.maximum }
      sentences.append("Unknown: \(names); finding out could add up to \(open) points.")
    }
    return sentences.joined(separator: " ")
  }
}

/// What a criterion found about a subject.
struct Finding: Sendable {
  /// How far it is fulfilled, 0 to 1.
  let fulfilment: Double
  /// Why, without a full stop.
  let reason: String
  /// The fact is missing.
  var isUnknown = false

  /// The fact is missing.
  static func unknown(_ reason: String) -> Finding { Finding(fulfilment: 0, reason: reason, isUnknown: true) }
}

extension Score.Part {
  fileprivate var summary: String { "\(category.label) \(points) of \(maximum) (\(reason))" }
}

extension Array {
  /// The first of the elements with the largest value.
  fileprivate func firstMaximum(by value: (Element) -> Int) -> Element? {
    var best: Element?
    for element in self where best.map({ value(element) > value($0) }) ?? true { best = element }
    return best
  }
}

/// A text in quotation marks, cut where it gets long.
func quoted(_ text: String) -> String {
  let limit = 80
  let start = text.unicodeScalars.prefix(limit)
  let isCut = start.endIndex != text.unicodeScalars.endIndex
  return "\"\(String(String.UnicodeScalarView(start)))\(isCut ? "…" : "")\""
}
