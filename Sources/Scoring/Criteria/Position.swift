/// Judges the job title against the wanted ones, word by word.
///
/// All words of a wanted title present: fulfilled. Some of its words that tell the field (not the rank): half of
/// their share, so that a "Director of Engineering" is worth something where a "VP Engineering" is wanted.
struct TitleCriterion {
  let wanted: [String]

  func judge(_ title: String?) -> Finding {
    guard let title, case let words = Set(JobTitle(title).words), !words.isEmpty else {
      return .unknown("the job title is unknown")
    }
    var best: (fulfilment: Double, title: String)?
    for candidate in wanted {
      let fulfilment = Self.fulfilment(of: JobTitle(candidate), in: words)
      if fulfilment > (best?.fulfilment ?? 0) { best = (fulfilment, candidate) }
    }
    guard let best else { return Finding(fulfilment: 0, reason: "\(quoted(title)) is none of the wanted titles") }
    let verb = best.fulfilment == 1 ? "matches" : "is related to"
    return Finding(fulfilment: best.fulfilment, reason: "\(quoted(title)) \(verb) the wanted \(quoted(best.title))")
  }

  private static func fulfilment(of wanted: JobTitle, in words: Set<String>) -> Double {
    guard !wanted.words.isEmpty else { return 0 }
    if words.isSuperset(of: wanted.words) { return 1 }
    let field = wanted.words.filter { !Seniority.isRank($0) }
    let present = field.filter { words.contains($0) }
    return field.isEmpty ? 0 : 0.5 * Double(present.count) / Double(field.count)
  }
}

/// Judges the level that the job title stands for; the level next to a wanted one counts half.
struct SeniorityCriterion {
  let wanted: [String]

  func judge(_ title: String?) -> Finding {
    guard let title, let level = Seniority(title: JobTitle(title)) else {
      return .unknown("the job title, and with it the level, is unknown")
    }
    let words = Words(title, limit: 64)
    if let named = wanted.first(where: { Seniority(criterion: $0) == nil && words.contains(Words($0)) }) {
      return Finding(fulfilment: 1, reason: "\(quoted(title)) holds the wanted \(quoted(named))")
    }
    let levels = wanted.compactMap { Seniority(criterion: $0) }
    let distance = levels.map { abs($0.rawValue - level.rawValue) }.min() ?? .max
    let list = listed(wanted)
    switch distance {
    case 0: return Finding(fulfilment: 1, reason: "\(quoted(title)) is at the wanted level \(level.label)")
    case 1: return Finding(fulfilment: 0.5, reason: "\(quoted(title)) is \(level.label), next to the wanted \(list)")
    default: return Finding(fulfilment: 0, reason: "\(quoted(title)) is \(level.label), wanted is \(list)")
    }
  }
}

/// The first few entries of a list of criteria.
func listed(_ entries: [String]) -> String {
  let shown = entries.prefix(3).map { quoted($0) }.joined(separator: ", ")
  return entries.count > 3 ? "\(shown) or \(entries.count - 3) more" : shown
}
