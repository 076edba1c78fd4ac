import JSON
import Scoring
import Testing

@Suite("Scorer")
struct ScorerTests {
  private static let day: Int64 = 86_400_000

  private var profile: Profile {
    var profile = Profile()
    profile.name = "Engineering leaders"
    profile.titles = ["VP Engineering", "CTO"]
    profile.seniorities = ["vp", "c_level"]
    profile.industries = ["Software"]
    profile.companySizeMinimum = 50
    profile.companySizeMaximum = 500
    profile.locations = ["Germany", "United States"]
    profile.keywords = ["kubernetes", "platform team"]
    profile.signalTypes = ["funding_round", "website_visit"]
    profile.engagement = true
    return profile
  }

  private var ideal: Subject {
    var subject = Subject()
    subject.title = "Vice President of Engineering"
    subject.company = "Analytical Engines"
    subject.industry = "Computer Software"
    subject.headCount = HeadCount("51-200")
    subject.location = "Köln, Deutschland"
    subject.texts = ["They run Kubernetes with a small platform team."]
    subject.signals = [.init(type: "funding_round", priority: "high", age: 3_600_000)]
    subject.activityScore = 90
    subject.recentEvents = 12
    return subject
  }

  private func part(_ category: Scoring.Category, of score: Score) throws -> Score.Part {
    try #require(score.parts.first { $0.category == category })
  }

  @Test("somebody who meets every criterion gets nearly everything")
  func idealContact() {
    let score = Scorer(profile: profile).score(ideal)
    #expect(score.points >= 99)
    #expect(score.verdict == .strongFit)
    #expect(score.reasoning.contains("strong fit for \"Engineering leaders\""))
  }

  @Test("the score is the sum of its parts, and the possible points sum up to 100")
  func sums() {
    for subject in [ideal, Subject()] {
      let score = Scorer(profile: profile).score(subject)
      #expect(score.points == score.parts.map(\.points).reduce(0, +))
      #expect(score.parts.map(\.maximum).reduce(0, +) == 100)
      #expect(score.parts.allSatisfy { (0...$0.maximum).contains($0.points) })
    }
  }

  @Test("the same input gives the same score")
  func deterministic() {
    let first = Scorer(profile: profile).score(ideal)
    for _ in 0..<50 { #expect(Scorer(profile: profile).score(ideal) == first) }
  }

  @Test("missing facts give nothing and are named as what to find out")
  func unknownFacts() throws {
    let score = Scorer(profile: profile).score(Subject())
    #expect(score.points == 0)
    #expect(score.verdict == .notAFit)
    let unknown = score.parts.filter(\.isUnknown).map(\.category)
    #expect(unknown == [.titles, .seniority, .industry, .companySize, .location, .keywords, .engagement])
    #expect(try !part(.signals, of: score).isUnknown)
    #expect(score.reasoning.contains("Unknown: titles, seniority, industry, company size, location"))
  }

  @Test("a category without criteria or with weight 0 does not count")
  func unsetCategories() {
    var profile = Profile()
    profile.titles = ["CTO"]
    profile.industries = ["Software"]
    profile.weights = [.industry: 0]
    var subject = Subject()
    subject.title = "Chief Technology Officer"
    let score = Scorer(profile: profile).score(subject)
    #expect(score.parts.map(\.category) == [.titles])
    #expect(score.points == 100)
  }

  @Test("a profile without criteria says so")
  func emptyProfile() {
    let score = Scorer(profile: Profile()).score(ideal)
    #expect(score.points == 0)
    #expect(score.parts.isEmpty)
    #expect(score.reasoning.contains("no criteria"))
  }

  @Test("weights shift the points")
  func weights() throws {
    var profile = Profile()
    profile.titles = ["CTO"]
    profile.locations = ["Berlin"]
    profile.weights = [.titles: 3, .location: 1]
    var subject = Subject()
    subject.location = "Berlin"
    subject.title = "Gardener"
    let score = Scorer(profile: profile).score(subject)
    #expect(try part(.titles, of: score).maximum == 75)
    #expect(try part(.location, of: score).maximum == 25)
    #expect(score.points == 25)
  }

  @Test("points are whole numbers by the largest remainder, the first category first")
  func remainders() {
    var profile = Profile()
    profile.titles = ["a"]
    profile.industries = ["b"]
    profile.locations = ["c"]
    profile.weights = [.titles: 1, .industry: 1, .location: 1]
    #expect(Scorer(profile: profile).score(Subject()).parts.map(\.maximum) == [34, 33, 33])
  }

  @Test("absurd weights and facts do not break it")
  func absurdNumbers() {
    var profile = profile
    profile.weights = [.titles: .infinity, .seniority: .nan, .industry: -5, .location: 1e300, .signals: 1e-300]
    profile.companySizeMinimum = .max
    profile.companySizeMaximum = .min
    var subject = ideal
    subject.activityScore = .nan
    subject.recentEvents = .max
    subject.headCount = HeadCount(from: .min, to: .max)
    subject.signals = [.init(type: "funding_round", priority: "", age: .min), .init(type: "", priority: "", age: .max)]
    let score = Scorer(profile: profile).score(subject)
    #expect((0...100).contains(score.points))
  }

  @Test(
    "the verdict follows the points",
    arguments: [
      (100, Verdict.strongFit), (75, .strongFit), (74, .moderateFit), (50, .moderateFit), (49, .weakFit),
      (25, .weakFit),
      (24, .notAFit), (0, .notAFit),
    ])
  func verdicts(points: Int, verdict: Verdict) {
    #expect(Verdict(points: points) == verdict)
  }

  @Test("the reasoning names the strongest plus and the strongest minus")
  func plusAndMinus() {
    var subject = ideal
    subject.industry = "Forestry"
    let score = Scorer(profile: profile).score(subject)
    #expect(score.reasoning.contains("Strongest plus: titles"))
    #expect(score.reasoning.contains("Strongest minus: industry 0 of"))
    #expect(score.reasoning.contains("\"Forestry\""))
  }

  @Test("the breakdown has score, maximum and reason by category")
  func breakdown() throws {
    var profile = Profile()
    profile.titles = ["CTO"]
    profile.locations = ["Berlin"]
    var subject = Subject()
    subject.title = "CTO"
    let json = Scorer(profile: profile).score(subject).breakdown
    #expect(Array(json.keys) == ["titles", "location"])
    #expect(json["titles"]?["score"] == json["titles"]?["max"])
    #expect(json["location"]?["score"] == 0)
    #expect(json["location"]?["unknown"] == true)
    #expect(json["titles"]?["reason"]?.stringValue == "\"CTO\" matches the wanted \"CTO\"")
  }

  @Test("long texts from outside are cut in the reasons")
  func longTitle() throws {
    var subject = Subject()
    subject.title = String(repeating: "wizard ", count: 20_000)
    let score = Scorer(profile: profile).score(subject)
    #expect(try part(.titles, of: score).reason.utf8.count < 200)
    #expect(score.reasoning.utf8.count < 1500)
  }

  @Test("signals fade: half after 14 days, a quarter after 28")
  func signalDecay() throws {
    var profile = Profile()
    profile.signalTypes = ["funding_round"]
    let scorer = Scorer(profile: profile)
    let points = [0, 7, 14, 28, 14 * 70].map { days in
      var subject = Subject()
      subject.signals = [.init(type: "funding_round", priority: "high", age: Int64(days) * Self.day)]
      return scorer.score(subject).points
    }
    #expect(points == [100, 75, 50, 25, 0])
  }

  @Test("signals add up by priority, and other types do not count")
  func signalPriorities() {
    var profile = Profile()
    profile.signalTypes = ["website_visit"]
    let scorer = Scorer(profile: profile)
    func points(_ priorities: [String], type: String = "website_visit") -> Int {
      var subject = Subject()
      subject.signals = priorities.map { .init(type: type, priority: $0, age: 0) }
      return scorer.score(subject).points
    }
    #expect(points(["low"]) == 30)
    #expect(points(["medium"]) == 60)
    #expect(points(["low", "low"]) == 60)
    #expect(points(["high", "high"]) == 100)
    #expect(points(["high"], type: "job_posting") == 0)
  }

  @Test("engagement takes the activity score or recent events, whichever says more")
  func engagement() {
    var profile = Profile()
    profile.engagement = true
    let scorer = Scorer(profile: profile)
    func points(_ activity: Double?, _ events: Int?) -> Int {
      var subject = Subject()
      subject.activityScore = activity
      subject.recentEvents = events
      return scorer.score(subject).points
    }
    #expect(points(40, nil) == 40)
    #expect(points(40, 7) == 70)
    #expect(points(nil, 0) == 0)
    #expect(points(500, 50) == 100)
    #expect(points(-5, nil) == 0)
  }
}
