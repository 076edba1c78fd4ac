import Scoring
import Testing

@Suite("Criteria")
struct CriteriaTests {
  private func points(_ change: (inout Profile, inout Subject) -> Void) -> Int {
    var profile = Profile()
    var subject = Subject()
    change(&profile, &subject)
    return Scorer(profile: profile).score(subject).points
  }

  @Test(
    "titles match by words, whatever their order, case, accents or abbreviation",
    arguments: [
      ("VP Engineering", "Vice President of Engineering, EMEA", 100), ("VP Engineering", "v.p. engineering", 100),
      ("Sales Director", "Director, Sales", 100), ("Directeur général", "DIRECTEUR GENERAL", 100),
      ("CTO", "Chief Technology Officer", 100), ("CTO", "Director", 0), ("CEO", "Assistant to the CEO", 0),
      ("Head of Growth", "Growth Manager", 50), ("VP Engineering", "VP Sales", 0), ("IT", "Digital Marketing", 0),
      ("Senior Data Engineer", "Sr. Data Engineer", 100), ("Data Platform Lead", "Data Analyst", 25),
      ("Straße", "STRASSE", 100), ("Łódź", "lodz", 100), ("---", "CTO", 0),
    ])
  func titles(wanted: String, title: String, expected: Int) {
    #expect(
      points { profile, subject in
        profile.titles = [wanted]
        subject.title = title
      } == expected)
  }

  @Test(
    "the level comes from the title, and the next level counts half",
    arguments: [
      ("vp", "VP of Engineering", 100), ("c_level", "CTO", 100), ("C-Level", "Chief Financial Officer", 100),
      ("director", "Head of Sales", 50), ("manager", "Intern", 0), ("founder", "Co-Founder & CTO", 100),
      ("Head of", "Head of People", 100), ("senior", "Lead Engineer", 100),
      ("senior", "Lead Generation Specialist", 50),
      ("founder", "Product Owner", 0), ("founder", "Owner", 100), ("founder", "HR Business Partner", 0),
      ("c_level", "Managing Director", 100), ("director", "Chief of Staff", 100), ("c_level", "Geschäftsführerin", 100),
      ("c_level", "Executive Assistant to the CEO", 0), ("vp", "Vice-President Sales", 100),
      ("manager", "Mgr. Sales", 100),
      ("junior", "Associate", 100), ("individual contributor", "Accountant", 100), ("wizard", "Build Wizard", 100),
    ])
  func seniority(wanted: String, title: String, expected: Int) {
    #expect(
      points { profile, subject in
        profile.seniorities = [wanted]
        subject.title = title
      } == expected)
  }

  @Test(
    "industries match by whole words",
    arguments: [
      ("Software", "Computer Software", 100), ("Software Development", "software", 100), ("Art", "Martial arts", 0),
      ("Financial Services", "Financial Software", 50), ("Financial Services", "Legal Services", 0),
    ])
  func industry(wanted: String, industry: String, expected: Int) {
    #expect(
      points { profile, subject in
        profile.industries = [wanted]
        subject.industry = industry
      } == expected)
  }

  @Test(
    "company sizes count within the limits, half near them",
    arguments: [
      ("50", 100), ("500", 100), ("51-200", 100), ("40", 50), ("1,000", 50), ("201-1000", 50), ("24", 0), ("5k+", 0),
      ("10,000+ employees", 0), ("about 120 people", 100), ("1'001 – 5’000", 0), ("200+", 50),
    ])
  func companySize(text: String, expected: Int) {
    #expect(
      points { profile, subject in
        profile.companySizeMinimum = 50
        profile.companySizeMaximum = 500
        subject.headCount = HeadCount(text)
      } == expected)
  }

  @Test("a company size is read or refused, never guessed", arguments: ["", "many", "99999999999999999999999", "-"])
  func unreadableSize(text: String) {
    #expect(HeadCount(text) == nil)
  }

  @Test(
    "places match by whole words and known aliases",
    arguments: [
      ("New York", "New York, NY", 100), ("York", "New Yorkshire", 0), ("USA", "Austin, United States", 100),
      ("United States of America", "Boston, U.S.", 100), ("Zürich", "Zurich, CH", 100),
      ("Zürich", "Zu\u{308}rich", 100),
      ("Berlin Germany", "Berlin", 0),
    ])
  func location(wanted: String, location: String, expected: Int) {
    #expect(
      points { profile, subject in
        profile.locations = [wanted]
        subject.location = location
      } == expected)
  }

  @Test("keywords occur as words in any text; three are enough")
  func keywords() {
    func points(_ wanted: [String]) -> Int {
      self.points { profile, subject in
        profile.keywords = wanted
        subject.title = "CTO"
        subject.tags = ["C++", "beta"]
        subject.texts = ["Runs a platform team on Kubernetes."]
      }
    }
    #expect(points(["kubernetes"]) == 100)
    #expect(points(["platform team", "team platform"]) == 50)
    #expect(points(["kube"]) == 0)
    #expect(points(["c++", "beta", "cto", "x", "y", "z"]) == 100)
    #expect(points(["c", "beta", "x"]) == 33)
  }

  @Test("a hostile text costs no more than a long one")
  func hostileText() {
    let text = String(repeating: "a ", count: 200_000)
    let phrase = String(repeating: "a ", count: 2000) + "b"
    #expect(
      points { profile, subject in
        profile.keywords = Array(repeating: phrase, count: 20)
        profile.titles = [phrase]
        subject.texts = [text, text]
        subject.title = text
      } == 0)
  }
}
