/// Judges which of the wanted words occur in what is known; three of them, or all, are enough.
struct KeywordCriterion {
  let wanted: [String]

  func judge(_ subject: Subject) -> Finding {
    let facts = [subject.title, subject.company, subject.industry].compactMap { $0 } + subject.tags + subject.texts
    let texts = facts.lazy.map { Words($0) }.filter { !$0.isEmpty }
    guard !texts.isEmpty else { return .unknown("there is no text to look for keywords in") }
    let found = Self.occurring(wanted.map { Words($0) }, in: Array(texts))
    let names = wanted.indices.filter { found[$0] }.map { wanted[$0] }
    guard !names.isEmpty else { return Finding(fulfilment: 0, reason: "none of the \(wanted.count) keywords occurs") }
    let enough = min(wanted.count, 3)
    return Finding(
      fulfilment: min(1, Double(names.count) / Double(enough)),
      reason: "\(names.count) of \(wanted.count) keywords occur: \(listed(names))")
  }

  /// For each phrase whether it stands in any of the texts.
  private static func occurring(_ phrases: [Words], in texts: [Words]) -> [Bool] {
    let all = texts.reduce(into: Set<String>()) { $0.formUnion($1.list) }
    return phrases.map { phrase in
      // Most phrases are absent or one word long: the set decides those at once.
      guard !phrase.isEmpty, phrase.list.allSatisfy({ all.contains($0) }) else { return false }
      return phrase.list.count == 1 || texts.contains { $0.contains(phrase) }
    }
  }
}

/// Judges the wanted buying signals: the sum of their weights (high 1, medium 0.6, low 0.3), halved every 14 days.
struct SignalCriterion {
  let wanted: [String]

  /// The age at which a signal counts half.
  static let halfLife: Int64 = 14 * 86_400_000

  func judge(_ signals: [Subject.Signal]) -> Finding {
    let types = Set(wanted)
    let matching = signals.filter { types.contains($0.type) }
    guard let newest = matching.min(by: { $0.age < $1.age }) else {
      return Finding(fulfilment: 0, reason: "no signal of the wanted types \(listed(wanted))")
    }
    let strength = matching.reduce(0) { $0 + Self.weight($1.priority) * Self.freshness($1.age) }
    let count = matching.count == 1 ? "1 wanted signal" : "\(matching.count) wanted signals, the newest"
    return Finding(
      fulfilment: min(1, strength),
      reason: "\(count): \(newest.type) of \(newest.priority) priority, \(Self.ago(newest.age)); "
        + "signals count half after 14 days")
  }

  private static func weight(_ priority: String) -> Double {
    switch priority {
    case "high": 1
    case "low": 0.3
    default: 0.6
    }
  }

  /// 1 when new, 1/2 after a half-life, 1/4 after two, in straight lines between: the same bits on every computer.
  static func freshness(_ age: Int64) -> Double {
    let age = max(0, age)
    let halvings = age / halfLife
    guard halvings < 60 else { return 0 }
    let rest = Double(age % halfLife) / Double(halfLife)
    return (1 - rest / 2) / Double(Int64(1) << halvings)
  }

  private static func ago(_ age: Int64) -> String {
    switch max(0, age) / 86_400_000 {
    case 0: "today"
    case 1: "1 day ago"
    case let days: "\(days) days ago"
    }
  }
}

/// Judges what the person does with us: the activity score of 100, or ten events in 30 days, whichever says more.
struct EngagementCriterion {
  func judge(_ subject: Subject) -> Finding {
    var facts: [String] = []
    var fulfilment = 0.0
    if let score = subject.activityScore, score.isFinite {
      fulfilment = max(fulfilment, score / 100)
      facts.append("activity score \(Int(min(max(score, 0), 100).rounded())) of 100")
    }
    if let events = subject.recentEvents {
      fulfilment = max(fulfilment, Double(events) / 10)
      facts.append(events == 1 ? "1 event in the last 30 days" : "\(events) events in the last 30 days")
    }
    guard !facts.isEmpty else { return .unknown("no activity of this person is tracked") }
    return Finding(fulfilment: min(1, fulfilment), reason: facts.joined(separator: ", "))
  }
}
