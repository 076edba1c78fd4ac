/// The members of a JSON object in their order, each key once.
///
/// Keys compare by their UTF-8 bytes. Up to 16 members are searched one by one; above that a hashed index is kept, so
/// that an object with half a million members costs no more per member than a small one.
public struct JSONObject: Sendable {
  /// A member.
  public typealias Element = (key: String, value: JSONValue)

  /// A member as it is stored: arrays of tuples are handled by the runtime, arrays of structs by compiled code.
  struct Member: Sendable {
    let key: String
    var value: JSONValue

    func precedes(_ other: Member) -> Bool { key.utf8.lexicographicallyPrecedes(other.key.utf8) }
  }

  private var members: [Member]
  /// Empty while there are few members.
  private var index: KeyIndex

  /// Makes an object without members.
  public init() {
    members = []
    index = KeyIndex()
  }

  /// Makes an object from members; of those with the same key the last one counts, in the place of the first.
  public init(_ elements: some Sequence<(String, JSONValue)>) {
    self.init()
    members.reserveCapacity(elements.underestimatedCount)
    for (key, value) in elements { self[key] = value }
  }

  /// Takes members whose keys are known to differ, with their index.
  init(distinct members: [Member], index: KeyIndex) {
    self.members = members
    self.index = index
  }

  /// How many members there are.
  public var count: Int { members.count }

  /// Whether there are no members.
  public var isEmpty: Bool { members.isEmpty }

  /// The keys in order.
  public var keys: some RandomAccessCollection<String> { members.lazy.map(\.key) }

  /// The values in order.
  public var values: some RandomAccessCollection<JSONValue> { members.lazy.map(\.value) }

  /// Makes room for that many members.
  public mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

  /// Whether a member has that key.
  public func contains(_ key: String) -> Bool { position(of: key) != nil }

  /// The member of that key.
  ///
  /// Setting keeps the place of a member that exists and appends one that doesn't; setting nil removes it, at a cost
  /// in proportion to the number of members.
  public subscript(_ key: String) -> JSONValue? {
    get { position(of: key).map { members[$0].value } }
    set {
      switch (position(of: key), newValue) {
      case (let position?, let value?): members[position].value = value
      case (let position?, nil): remove(at: position)
      case (nil, let value?): append(uncheckedKey: key, value: value)
      case (nil, nil): break
      }
    }
  }

  /// Adds a member at the end without looking whether the key is taken: that is the caller's promise.
  public mutating func append(uncheckedKey key: String, value: JSONValue) {
    members.append(Member(key: key, value: value))
    index.noteAppended(to: members)
  }

  private func position(of key: String) -> Int? {
    guard index.isEmpty else { return index.position(of: key, in: members) }
    return members.withUnsafeBufferPointer { members in
      for position in members.indices where members[position].key.hasSameBytes(as: key) { return position }
      return nil
    }
  }

  /// The members ordered by the bytes of their keys (RFC 8785 for keys of ASCII).
  var inCanonicalOrder: [Member] {
    // Programs tend to send them in the same order, and each pair is looked at only once then.
    let isOrdered = members.indices.dropFirst().allSatisfy { members[$0 - 1].precedes(members[$0]) }
    return isOrdered ? members : members.sorted { $0.precedes($1) }
  }

  private mutating func remove(at position: Int) {
    members.remove(at: position)
    index = KeyIndex(of: members)
  }
}

extension JSONObject: Sequence {
  /// Walks through the members in order.
  public func makeIterator() -> Iterator { Iterator(members: members.makeIterator()) }

  /// Gives one member after the other.
  public struct Iterator: IteratorProtocol {
    var members: IndexingIterator<[Member]>

    /// The next member, nil after the last one.
    public mutating func next() -> Element? { members.next().map { ($0.key, $0.value) } }
  }

  /// The number of members.
  public var underestimatedCount: Int { members.count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// Makes an object; of members with the same key the last one counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension JSONObject: Hashable {
  /// Whether both have the same members, in whatever order.
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }

  /// Feeds the members in, so that their order does not matter.
  public func hash(into hasher: inout Hasher) {
    var sum = 0
    for member in members {
      var one = Hasher()
      one.combine(bytesOf: member.key)
      one.combine(member.value)
      sum &+= one.finalize()
    }
    hasher.combine(members.count)
    hasher.combine(sum)
  }
}
