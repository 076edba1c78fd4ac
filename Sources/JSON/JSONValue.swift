/// One JSON value: the tree that requests, arguments and stored documents are read into.
///
/// Equality is by content: strings and keys compare by their UTF-8 bytes (Swift's own `==` on strings would take two
/// different spellings of an accented letter for one), objects regardless of the order of their members. The two kinds
/// of numbers stay apart: `.integer(1)` is not equal to `.number(1.0)`; compare `integerValue` or `doubleValue` where
/// only the numeric value counts.
public enum JSONValue: Sendable {
  /// The literal `null`.
  case null
  /// `true` or `false`, which is never a number.
  case bool(Bool)
  /// A number written without fraction or exponent that fits 64 bits, exact.
  case integer(Int64)
  /// Any other number; always finite when it was parsed.
  case number(Double)
  /// A text.
  case string(String)
  /// A list of values.
  case array([JSONValue])
  /// Members in the order in which they were written.
  case object(JSONObject)
}

extension JSONValue {
  /// Whether this is the literal `null`.
  public var isNull: Bool { if case .null = self { true } else { false } }

  /// The text of a string, else nil.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }

  /// The value of `true` or `false`, else nil.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// The items of an array, else nil.
  public var arrayValue: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// The members of an object, else nil.
  public var objectValue: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// The exact whole number: an integer, or a number without fraction within ±2^53, as `10.0` or `1e3`.
  public var integerValue: Int64? {
    switch self {
    case .integer(let value): value
    case .number(let value): value.magnitude <= 0x1p53 ? Int64(exactly: value) : nil
    default: nil
    }
  }

  /// The value of a number of either kind; integers beyond 2^53 are rounded.
  public var doubleValue: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The member of that name; nil when there is none or this is not an object.
  public subscript(_ key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// The item at that position; nil out of range or when this is not an array.
  public subscript(_ index: Int) -> JSONValue? {
    if case .array(let items) = self, items.indices.contains(index) { items[index] } else { nil }
  }
}

extension JSONValue: Hashable {
  /// Whether both have the same content; see the type for what that means.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// Feeds the content in, so that equal values hash alike.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0 as UInt8)
    case .bool(let value): hasher.combine(value ? 1 : 2 as UInt8)
    case .integer(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let value): hasher.combine(bytesOf: value)
    case .array(let items): hasher.combine(items)
    case .object(let members): hasher.combine(members)
    }
  }
}
