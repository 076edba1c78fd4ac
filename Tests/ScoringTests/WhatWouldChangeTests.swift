import JSON
import Testing

@testable import Scoring

@Suite("What would change a verdict")
struct WhatWouldChangeTests {
  private func score(_ subject: Subject, _ change: (inout Profile) -> Void = { _ in }) -> Score {
    var profile = Profile()
    profile.titles = ["CTO"]
    profile.industries = ["Software"]
    profile.locations = ["Berlin"]
    profile.weights = [.titles: 40, .industry: 40, .location: 20]
    change(&profile)
    return Scorer(profile: profile).score(subject)
  }

  @Test("names the points that are missing and where they could come from, most first")
  func missing() {
    var subject = Subject()
    subject.title = "CTO"
    subject.location = "Paris"
    let score = score(subject)
    #expect(score.points == 40)
    let change = score.whatWouldChange
    #expect(change["verdict"] == "moderate_fit")
    #expect(change["missing"] == 10)
    #expect(change["margin"] == 15)
    let categories = change["categories"]?.arrayValue ?? []
    #expect(categories.map { $0["category"] } == ["industry", "location"])
    #expect(categories.map { $0["upTo"] } == [40, 20])
    #expect(categories.first?["unknown"] == true)
  }

  @Test("the best verdict has only its margin")
  func best() {
    var subject = Subject()
    subject.title = "CTO"
    subject.industry = "Software"
    subject.location = "Berlin"
    #expect(score(subject).whatWouldChange == ["margin": 25])
  }

  @Test("what is missing, gained in the categories that are named, gives the verdict")
  func suffices() {
    for points in 0..<75 {
      let verdict = Verdict(points: points)
      #expect(verdict.better.map { Verdict(points: $0.floor) } == verdict.better)
      #expect(verdict.better.map { Verdict(points: $0.floor - 1) } == verdict)
    }
  }
}
