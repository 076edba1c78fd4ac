/// Header fields in their order; names compare without regard to case, and one may occur several times.
public struct HTTPHeaders: Sendable {
  /// A field.
  public typealias Element = (name: String, value: String)

  private var fields: [Element]

  /// No fields.
  public init() { fields = [] }

  /// These fields.
  public init(_ fields: [Element]) { self.fields = fields }

  /// The first field of that name; setting replaces all of them, nil removes them.
  public subscript(_ name: String) -> String? {
    get { fields.first { Self.areEqual($0.name, name) }?.value }
    set {
      fields.removeAll { Self.areEqual($0.name, name) }
      if let newValue { fields.append((name, newValue)) }
    }
  }

  /// All fields of that name, in their order.
  public func all(_ name: String) -> [String] {
    fields.filter { Self.areEqual($0.name, name) }.map(\.value)
  }

  /// Adds a field behind the others, whether or not there is one of that name.
  public mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }

  private static func areEqual(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count
      && zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}

extension HTTPHeaders: Sequence {
  /// Walks through the fields in their order.
  public func makeIterator() -> IndexingIterator<[Element]> { fields.makeIterator() }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  /// Makes fields, in the order in which they are written.
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { (name: $0.0, value: $0.1) }
  }
}
