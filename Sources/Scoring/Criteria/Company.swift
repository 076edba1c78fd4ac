/// Judges the company's industry: a wanted name within it, or it within a wanted name; one shared word counts half.
struct IndustryCriterion {
  let wanted: [String]

  func judge(_ industry: String?) -> Finding {
    guard let industry, case let words = Words(industry, limit: 64), !words.isEmpty else {
      return .unknown("the industry is unknown")
    }
    if let match = wanted.first(where: { words.contains(Words($0)) || Words($0).contains(words) }) {
      return Finding(fulfilment: 1, reason: "\(quoted(industry)) matches the wanted \(quoted(match))")
    }
    let known = Set(words.list).subtracting(Self.smallWords)
    if let related = wanted.first(where: { !known.isDisjoint(with: Words($0).list) }) {
      return Finding(fulfilment: 0.5, reason: "\(quoted(industry)) is related to the wanted \(quoted(related))")
    }
    return Finding(fulfilment: 0, reason: "\(quoted(industry)) is none of the wanted industries")
  }

  private static let smallWords: Set<String> = ["and", "of", "the", "services", "industry", "other", "general"]
}

/// Judges the number of employees: within the limits fulfilled, off by less than a factor of two half.
struct CompanySizeCriterion {
  let minimum: Int?
  let maximum: Int?

  func judge(_ headCount: HeadCount?) -> Finding {
    guard let headCount else { return .unknown("the company size is unknown") }
    let lowest = minimum ?? 0
    let highest = maximum ?? .max
    let most = headCount.upper ?? .max
    let size = "\(headCount.description) employees"
    if headCount.lower >= lowest && most <= highest {
      return Finding(fulfilment: 1, reason: "\(size), within the wanted \(wanted)")
    }
    if headCount.lower <= highest && most >= lowest {
      return Finding(fulfilment: 0.5, reason: "\(size), partly within the wanted \(wanted)")
    }
    let isNear = most < lowest ? most >= Self.half(lowest) : Self.half(headCount.lower) <= highest
    let reason = isNear ? "\(size), a little outside the wanted \(wanted)" : "\(size), far from the wanted \(wanted)"
    return Finding(fulfilment: isNear ? 0.5 : 0, reason: reason)
  }

  private static func half(_ count: Int) -> Int { count / 2 + count % 2 }

  private var wanted: String {
    switch (minimum, maximum) {
    case (let minimum?, let maximum?): "\(minimum) to \(maximum)"
    case (let minimum?, nil): "\(minimum) or more"
    case (nil, let maximum?): "at most \(maximum)"
    case (nil, nil): "any number"
    }
  }
}

/// Judges city, region and country: one wanted place named is enough.
struct LocationCriterion {
  let wanted: [String]

  func judge(_ location: String?) -> Finding {
    guard let location, case let words = Self.words(location), !words.isEmpty else {
      return .unknown("the location is unknown")
    }
    if let place = wanted.first(where: { words.contains(Self.words($0)) }) {
      return Finding(fulfilment: 1, reason: "\(quoted(location)) is in the wanted \(quoted(place))")
    }
    return Finding(fulfilment: 0, reason: "\(quoted(location)) is in none of the wanted places")
  }

  private static func words(_ text: String) -> Words { Words(text, limit: 64).replacing(aliases) }

  /// Countries that go by several names.
  private static let aliases: [(phrase: [String], word: String)] = [
    (["united", "states", "of", "america"], "usa"), (["united", "states"], "usa"), (["us"], "usa"),
    (["united", "kingdom"], "uk"), (["great", "britain"], "uk"), (["deutschland"], "germany"),
    (["united", "arab", "emirates"], "uae"),
  ]
}
