import JSON
import Scoring
import Testing

@Suite("Profile")
struct ProfileTests {
  private func profile(_ text: String) throws -> Profile {
    try Profile(#require(JSONValue(parsing: text).objectValue))
  }

  @Test("a profile is read with all its criteria")
  func complete() throws {
    let profile = try profile(
      """
      {"name": "Leaders", "titles": ["CTO", " "], "seniorities": ["vp"], "industries": ["Software"],
       "company_size_min": 50, "company_size_max": 500, "locations": ["Berlin"], "keywords": ["swift"],
       "signal_types": ["funding_round"], "engagement": true, "weights": {"titles": 40, "signals": 2.5}}
      """)
    #expect(profile.name == "Leaders")
    #expect(profile.titles == ["CTO"])
    #expect(profile.companySizeMinimum == 50)
    #expect(profile.companySizeMaximum == 500)
    #expect(profile.engagement)
    #expect(profile.weights == [.titles: 40, .signals: 2.5])
    #expect(profile.categories == Category.allCases)
  }

  @Test("absent and null criteria do not count")
  func absent() throws {
    let profile = try profile(#"{"titles": null, "weights": null, "engagement": null, "company_size_min": null}"#)
    #expect(profile.categories.isEmpty)
  }

  @Test(
    "what can't be used is refused with its place",
    arguments: [
      (#"{"titles": "CTO"}"#, "/titles"), (#"{"titles": ["a", 1]}"#, "/titles/1"),
      (#"{"company_size_min": -1}"#, "/company_size_min"), (#"{"company_size_max": 1.5}"#, "/company_size_max"),
      (#"{"company_size_min": 5, "company_size_max": 4}"#, "/company_size_min"),
      (#"{"engagement": "yes"}"#, "/engagement"), (#"{"weights": [1]}"#, "/weights"),
      (#"{"weights": {"title": 1}}"#, "/weights/title"), (#"{"weights": {"titles": -1}}"#, "/weights/titles"),
      (#"{"weights": {"titles": "5"}}"#, "/weights/titles"),
    ])
  func refused(text: String, path: String) throws {
    let error = #expect(throws: ProfileError.self) { try profile(text) }
    #expect(error?.path == path)
  }
}
