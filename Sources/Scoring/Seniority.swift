/// How high a position is, as far as a job title tells.
public enum Seniority: Int, Sendable, CaseIterable {
  /// Interns, trainees, students.
  case intern
  /// Juniors and associates.
  case junior
  /// A title without a word of rank.
  case specialist
  /// Seniors, leads, principals, staff.
  case senior
  /// Managers.
  case manager
  /// Directors.
  case director
  /// Heads of something.
  case head
  /// Vice presidents.
  case vicePresident
  /// The chiefs, presidents, managing directors.
  case chief
  /// Founders, owners, partners.
  case founder

  /// The level in a sentence.
  var label: String {
    switch self {
    case .vicePresident: "VP"
    case .chief: "C-level"
    default: "\(self)"
    }
  }

  /// The level that a title stands for; nil when the title has no words.
  init?(title: JobTitle) {
    guard !title.words.isEmpty else { return nil }
    self =
      title.words.indices.lazy.compactMap { Self.level(at: $0, in: title.words) }
      .max { $0.rawValue < $1.rawValue } ?? .specialist
  }

  /// The level that a profile asks for, like `c_level`, `VP` or `Head of`; nil for other words.
  init?(criterion: String) {
    let words = JobTitle(criterion).words
    guard let level = Self.criteria[words.joined(separator: " ")] else { return nil }
    self = level
  }

  private static let criteria: [String: Seniority] = [
    "intern": .intern, "trainee": .intern, "student": .intern,
    "junior": .junior, "entry": .junior, "entry level": .junior, "associate": .junior,
    "specialist": .specialist, "individual": .specialist, "individual contributor": .specialist, "ic": .specialist,
    "mid": .specialist, "mid level": .specialist,
    "senior": .senior, "lead": .senior, "principal": .senior, "staff": .senior,
    "manager": .manager, "director": .director, "head": .head, "vp": .vicePresident,
    "c level": .chief, "clevel": .chief, "c suite": .chief, "csuite": .chief, "cxo": .chief, "chief": .chief,
    "executive": .chief, "president": .chief, "ceo": .chief,
    "founder": .founder, "owner": .founder, "partner": .founder,
  ]

  private static let ranks: [String: Seniority] = [
    "intern": .intern, "internship": .intern, "trainee": .intern, "student": .intern, "apprentice": .intern,
    "praktikant": .intern, "werkstudent": .intern,
    "junior": .junior, "associate": .junior, "entry": .junior,
    "senior": .senior, "principal": .senior, "staff": .senior, "lead": .senior, "leader": .senior,
    "manager": .manager, "supervisor": .manager, "gerente": .manager,
    "director": .director, "direktor": .director, "directeur": .director, "directora": .director,
    "head": .head, "leiter": .head, "leiterin": .head,
    "vp": .vicePresident, "svp": .vicePresident, "evp": .vicePresident, "avp": .vicePresident,
    "chief": .chief, "president": .chief, "geschaftsfuhrer": .chief, "geschaftsfuhrerin": .chief,
    "founder": .founder, "owner": .founder, "proprietor": .founder,
  ]

  /// Words of rank that name something else behind these words, as in "product owner".
  private static let notOwners: Set<String> = ["product", "process", "service", "data", "system", "business"]

  private static func level(at index: Int, in words: [String]) -> Seniority? {
    let before = index > 0 ? words[index - 1] : ""
    let after = index + 1 < words.count ? words[index + 1] : ""
    switch words[index] {
    case "lead" where after == "generation" || after == "gen": return nil
    case "owner" where notOwners.contains(before): return nil
    // A partner of a firm, not a partner manager or an HR business partner.
    case "partner":
      return index == words.count - 1 && !notOwners.contains(before) && before != "channel" ? .founder : nil
    case "chief" where after == "staff": return .director
    case "director" where before == "managing": return .chief
    default: return isChief(words[index]) ? .chief : ranks[words[index]]
    }
  }

  /// `ceo`, `cto`, `cfo` and their like.
  private static func isChief(_ word: String) -> Bool {
    word == "ciso" || word == "chro" || (word.utf8.count == 3 && word.hasPrefix("c") && word.hasSuffix("o"))
  }

  /// Whether a word of a title tells rank rather than field.
  static func isRank(_ word: String) -> Bool { ranks[word] != nil || isChief(word) || word == "partner" }
}

/// A job title as matching sees it: abbreviations agree, small words are gone.
struct JobTitle: Sendable {
  /// For example `vp` and `engineering`.
  let words: [String]

  /// Reads a title; what follows "to" is somebody else's ("Assistant to the CEO").
  init(_ text: String) {
    let all = Words(text, limit: 64).replacing(Self.abbreviations).list
    words = all.prefix { $0 != "to" }.filter { !Self.smallWords.contains($0) }
  }

  private static let smallWords: Set<String> = ["of", "the", "for", "and", "in", "at", "a", "an", "de", "fur"]

  private static let abbreviations: [(phrase: [String], word: String)] = [
    (["chief", "information", "security", "officer"], "ciso"),
    (["chief", "human", "resources", "officer"], "chro"),
    (["chief", "executive", "officer"], "ceo"), (["chief", "executive"], "ceo"),
    (["chief", "technology", "officer"], "cto"), (["chief", "technical", "officer"], "cto"),
    (["chief", "financial", "officer"], "cfo"), (["chief", "finance", "officer"], "cfo"),
    (["chief", "operating", "officer"], "coo"), (["chief", "operations", "officer"], "coo"),
    (["chief", "marketing", "officer"], "cmo"), (["chief", "information", "officer"], "cio"),
    (["chief", "revenue", "officer"], "cro"), (["chief", "product", "officer"], "cpo"),
    (["chief", "data", "officer"], "cdo"), (["vice", "president"], "vp"), (["co", "founder"], "founder"),
    (["cofounder"], "founder"), (["sr"], "senior"), (["jr"], "junior"), (["mgr"], "manager"), (["dir"], "director"),
    (["eng"], "engineering"), (["svp"], "vp"), (["evp"], "vp"), (["avp"], "vp"),
  ]
}
