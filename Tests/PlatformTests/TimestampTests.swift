import Foundation
import Platform
import Testing

@Suite("Timestamp")
struct TimestampTests {
  @Test("text and moment agree with Foundation over four centuries")
  func agreesWithFoundation() throws {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    var random = SeededGenerator(seed: 7)
    for _ in 0..<2_000 {
      let milliseconds = Int64.random(in: -6_000_000_000_000...6_000_000_000_000, using: &random)
      let text = Timestamp(milliseconds: milliseconds).iso8601
      #expect(text == formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000)))
      #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }
  }

  @Test(
    "forms that people write are read",
    arguments: [
      ("2026-11-21", 1_795_219_200_000), ("2026-11-21T08:30Z", 1_795_249_800_000),
      ("2026-11-21T08:30:15.5Z", 1_795_249_815_500), ("2026-11-21 08:30:00", 1_795_249_800_000),
      ("2026-11-21T10:30:00+02:00", 1_795_249_800_000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
    ] as [(String, Int64)])
  func reads(text: String, milliseconds: Int64) {
    #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
  }

  @Test(
    "what is no time is refused",
    arguments: [
      "", "2026", "2026-13-01", "2026-02-29", "2026-11-21T", "2026-11-21T24:00Z", "2026-11-21T08:60Z", "yesterday",
      "2026-11-21T08:30:00Zjunk", "2026-11-21T08:30:00.Z", "+2026-11-21", "2026-11-21T08:30:00+2",
      "2026-11-21T08:30:00.0123456789Z",
    ])
  func refuses(text: String) {
    #expect(Timestamp(iso8601: text) == nil)
  }

  @Test("the mail date has the weekday of the day")
  func mailDate() {
    #expect(Timestamp(milliseconds: 1_795_249_800_000).rfc5322 == "Sat, 21 Nov 2026 08:30:00 +0000")
    #expect(Timestamp(milliseconds: 0).rfc5322 == "Thu, 1 Jan 1970 00:00:00 +0000")
  }

  @Test("moments beyond the calendar's four-digit years are held at its ends")
  func extremes() {
    #expect(Timestamp(milliseconds: .max).iso8601 == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: .min).iso8601 == "0000-01-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: .max).adding(milliseconds: 1).milliseconds == .max)
  }
}

/// A generator that gives the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
