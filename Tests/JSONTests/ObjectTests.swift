import JSON
import Testing

@Suite("object")
struct ObjectTests {
  /// A few members, the most that are searched one by one, one more, and many.
  static let sizes = [0, 1, 2, 15, 16, 17, 18, 33, 64, 65, 1000]

  private func object(_ count: Int) -> JSONObject {
    JSONObject((0..<count).map { ("key \($0)", JSONValue.integer(Int64($0))) })
  }

  @Test("every member is found, nothing else is", arguments: sizes)
  func lookup(count: Int) {
    let object = object(count)
    #expect(object.count == count)
    #expect(object.isEmpty == (count == 0))
    for number in 0..<count { #expect(object["key \(number)"] == .integer(Int64(number))) }
    #expect(object["key \(count)"] == nil)
    #expect(!object.contains("key"))
    #expect(!object.contains(""))
  }

  @Test("members keep their order", arguments: sizes)
  func order(count: Int) {
    let object = object(count)
    #expect(Array(object.keys) == (0..<count).map { "key \($0)" })
    #expect(Array(object.values) == (0..<count).map { .integer(Int64($0)) })
    #expect(object.map(\.key) == Array(object.keys))
    #expect(object.underestimatedCount == count)
  }

  @Test("setting keeps the place of a member that exists", arguments: sizes.filter { $0 > 0 })
  func replacing(count: Int) {
    var object = object(count)
    object["key 0"] = "new"
    #expect(object.count == count)
    #expect(object["key 0"] == "new")
    #expect(object.keys.first == "key 0")
  }

  @Test("setting nil removes, and the others are still found", arguments: sizes)
  func removing(count: Int) {
    var object = object(count)
    object["absent"] = nil
    #expect(object.count == count)
    for number in stride(from: 0, to: count, by: 3) { object["key \(number)"] = nil }
    for number in 0..<count {
      #expect(object["key \(number)"] == (number.isMultiple(of: 3) ? nil : .integer(Int64(number))))
    }
    object["key 0"] = "again"
    #expect(object.map(\.key).last == "key 0")
  }

  @Test("appending goes on being found", arguments: sizes)
  func appending(count: Int) {
    var object = JSONObject()
    object.reserveCapacity(count)
    for number in 0..<count { object.append(uncheckedKey: "\(number)", value: .integer(Int64(number))) }
    for number in 0..<count { #expect(object["\(number)"] == .integer(Int64(number))) }
  }

  @Test("a key that was appended twice hides no other one")
  func brokenPromise() {
    var object = JSONObject()
    for number in 0..<40 { object.append(uncheckedKey: "\(number % 20)", value: .integer(Int64(number))) }
    object.append(uncheckedKey: "last", value: true)
    for number in 0..<20 { #expect(object["\(number)"] == .integer(Int64(number))) }
    #expect(object["last"] == true)
  }

  @Test("of members with the same key the last one counts, in the place of the first")
  func repeatedKeys() {
    let object: JSONObject = ["a": 1, "b": 2, "a": 3]
    #expect(Array(object.keys) == ["a", "b"])
    #expect(object["a"] == 3)
  }

  @Test("SW-06: two spellings of one character are two keys", arguments: sizes)
  func spellings(count: Int) {
    var object = object(count)
    object["caf\u{E9}"] = 1
    object["cafe\u{301}"] = 2
    #expect(object.count == count + 2)
    #expect(object["caf\u{E9}"] == 1)
    #expect(object["cafe\u{301}"] == 2)
  }

  @Test("keys of equal length, beginning and end are told apart")
  func similarKeys() {
    let keys = [
      "aaaaaaaa-1-aaaaaaaa", "aaaaaaaa-2-aaaaaaaa", "aaaaaaaa-3-aaaaaaaa", "axb", "ayb", "axxb", "axyb", "ayxb",
    ]
    let object = JSONObject(keys.enumerated().map { ($1, JSONValue.integer(Int64($0))) })
    for (position, key) in keys.enumerated() { #expect(object[key] == .integer(Int64(position))) }
  }

  @Test("equality ignores the order, at every size", arguments: sizes)
  func equality(count: Int) {
    let object = object(count)
    let reversed = JSONObject(object.reversed().map { ($0.key, $0.value) })
    #expect(object == reversed)
    #expect(object.hashValue == reversed.hashValue)
    var changed = object
    changed["one more"] = nil
    #expect(changed == object)
    changed["one more"] = 1
    #expect(changed != object)
  }
}
