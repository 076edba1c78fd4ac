import Foundation
import JSON
import Testing

/// Our parser and writer beside Foundation's, both ways, over random values.
@Suite("JSON beside Foundation")
struct FoundationTests {
  static let seeds: Range<UInt64> = 0..<200

  @Test("Foundation reads what we write as the same value", arguments: seeds)
  func ourText(seed: UInt64) throws {
    var random = RandomValues(seed: seed)
    for _ in 0..<5 {
      let value = random.value()
      let theirs = try JSONSerialization.jsonObject(with: Data(value.serialized()), options: .fragmentsAllowed)
      let isSame = value.hasSameContent(as: theirs)
      #expect(isSame, "\(value.text)")
    }
  }

  @Test("we read what Foundation writes as the same value", arguments: seeds)
  func theirText(seed: UInt64) throws {
    var random = RandomValues(seed: seed)
    for options: JSONSerialization.WritingOptions in [[], .prettyPrinted, .withoutEscapingSlashes] {
      let value = random.value()
      let data = try JSONSerialization.data(
        withJSONObject: value.foundationObject, options: [options, .fragmentsAllowed, .sortedKeys])
      let isSame = try JSONValue(parsing: [UInt8](data)).hasSameContent(as: value.foundationObject)
      #expect(isSame, "\(String(decoding: data, as: UTF8.self))")
    }
  }

  @Test("we read what we write as the identical value", arguments: seeds)
  func roundTrip(seed: UInt64) throws {
    var random = RandomValues(seed: seed)
    for _ in 0..<5 {
      let value = random.value()
      let bytes = value.serialized()
      let read = try JSONValue(parsing: bytes)
      #expect(read == value)
      #expect(read.serialized() == bytes)
      #expect(try JSONValue(parsing: read.canonicalized()).canonicalized() == value.canonicalized())
    }
  }

  @Test("doubles of any digits are rounded as Foundation rounds them", arguments: seeds)
  func decimals(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let digits = (0..<Int.random(in: 1...25, using: &generator)).map { _ in
        String(Int.random(in: 0...9, using: &generator))
      }
      let text =
        "\(Int.random(in: 1...9, using: &generator)).\(digits.joined())e\(Int.random(in: -330...305, using: &generator))"
      #expect(try JSONValue(parsing: text) == .number(#require(Double(text))), "\(text)")
    }
  }

  @Test("what we accept of a damaged text Foundation accepts too, and reads the same", arguments: seeds)
  func damagedText(seed: UInt64) throws {
    var random = RandomValues(seed: seed)
    for _ in 0..<20 {
      var bytes = random.value().serialized()
      let place = Int.random(in: bytes.indices, using: &random.generator)
      bytes[place] = UInt8.random(in: 1...255, using: &random.generator)
      guard let value = try? JSONValue(parsing: bytes) else { continue }
      let theirs = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      let isSame = value.hasSameContent(as: theirs)
      #expect(isSame, "\(value.text)")
    }
  }
}

extension JSONValue {
  /// The value as Foundation's objects.
  fileprivate var foundationObject: Any {
    switch self {
    case .null: NSNull()
    case .bool(let value): value
    case .integer(let value): value
    case .number(let value): value
    case .string(let value): value
    case .array(let items): items.map(\.foundationObject)
    case .object(let members): Dictionary(members.map { ($0.key, $0.value.foundationObject) }) { $1 }
    }
  }

  /// Whether Foundation's object has this content; keys that Swift's dictionary takes for one are left out.
  fileprivate func hasSameContent(as object: Any) -> Bool {
    switch self {
    case .null: object is NSNull
    case .bool(let value): object as? Bool == value
    case .integer(let value): (object as? NSNumber)?.int64Value == value
    case .number(let value): (object as? NSNumber)?.hasValue(value) ?? false
    case .string(let value): (object as? String).map { $0.utf8.elementsEqual(value.utf8) } ?? false
    case .array(let items):
      (object as? [Any]).map { $0.count == items.count && zip(items, $0).allSatisfy { $0.hasSameContent(as: $1) } }
        ?? false
    case .object(let members):
      (object as? [String: Any]).map { theirs in
        theirs.count == Set(members.map(\.key)).count
          && members.allSatisfy { member in theirs[member.key].map { member.value.hasSameContent(as: $0) } ?? false }
      } ?? false
    }
  }
}

extension NSNumber {
  /// Whether this is the number; a decimal number converts to doubles inexactly, but its digits are right.
  fileprivate func hasValue(_ value: Double) -> Bool {
    doubleValue == value || (self as? NSDecimalNumber).map { Double("\($0)") == value } ?? false
  }
}
