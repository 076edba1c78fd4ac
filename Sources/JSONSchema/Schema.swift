public import JSON

/// A description of a JSON value, in the subset of JSON Schema 2020-12 that every model's API accepts.
///
/// What is written into a tool's definition: `type`, `properties`, `required`, `items`, `enum`, `description`,
/// `minimum`, `maximum`, `minLength`, `maxLength`, `minItems`, `maxItems`, `pattern`. What only the validator knows:
/// the default, the format, and whether unknown members are welcome.
public struct Schema: Sendable {
  /// The kind of value, with the rules of that kind.
  public indirect enum Kind: Sendable {
    /// Any of these members; others only when `isOpen`.
    case object(properties: [Property], isOpen: Bool)
    /// A list whose elements all fit `items`.
    case array(items: Schema, minItems: Int?, maxItems: Int?)
    /// Text; lengths count Unicode scalars, `pattern` is a POSIX extended regular expression.
    case string(minLength: Int?, maxLength: Int?, pattern: String?, format: Format?)
    /// One of these words.
    case enumeration([String])
    /// A whole number.
    case integer(minimum: Int64?, maximum: Int64?)
    /// Any number.
    case number(minimum: Double?, maximum: Double?)
    /// True or false.
    case boolean
  }

  /// A member of an object.
  public struct Property: Sendable {
    /// The member's name.
    public let name: String
    /// What its value must be.
    public let schema: Schema
    /// Whether it must be there.
    public let isRequired: Bool
    /// Whether definitions show it; what they don't show is checked all the same.
    public let isShown: Bool

    /// Creates a member.
    public init(_ name: String, _ schema: Schema, isRequired: Bool, isShown: Bool = true) {
      self.name = name
      self.schema = schema
      self.isRequired = isRequired
      self.isShown = isShown
    }
  }

  /// Rules of text that a definition states in words and the validator enforces.
  public enum Format: Sendable {
    /// A mailbox, `local@domain`.
    case email
    /// ISO 8601 date and time, or a date.
    case dateTime
    /// An absolute http or https address.
    case webAddress
    /// Five cron fields, UTC.
    case cron
    /// More than white space.
    case nonBlank
  }

  /// The kind of value.
  public let kind: Kind
  /// For people and models; may be empty.
  public let description: String
  /// What an absent member counts as.
  public let defaultValue: JSONValue?
  /// For a list: a value that would fit its `items` stands for a list of one.
  public let acceptsSingleItem: Bool

  /// Creates a schema of a kind.
  public init(
    _ kind: Kind, description: String = "", defaultValue: JSONValue? = nil, acceptsSingleItem: Bool = false
  ) {
    self.kind = kind
    self.description = description
    self.defaultValue = defaultValue
    self.acceptsSingleItem = acceptsSingleItem
  }
}

/// Short names, as the catalogue uses them.
extension Schema {
  /// Text.
  public static func string(
    _ description: String = "", minLength: Int? = nil, maxLength: Int? = nil, pattern: String? = nil,
    format: Format? = nil, default defaultValue: String? = nil
  ) -> Schema {
    Schema(
      .string(minLength: minLength, maxLength: maxLength, pattern: pattern, format: format),
      description: description, defaultValue: defaultValue.map { .string($0) })
  }

  /// One of these words.
  public static func oneOf(_ words: [String], _ description: String = "", default defaultValue: String? = nil)
    -> Schema
  {
    Schema(.enumeration(words), description: description, defaultValue: defaultValue.map { .string($0) })
  }

  /// A whole number.
  public static func integer(
    _ description: String = "", _ range: ClosedRange<Int64>? = nil, minimum: Int64? = nil,
    default defaultValue: Int64? = nil
  ) -> Schema {
    Schema(
      .integer(minimum: range?.lowerBound ?? minimum, maximum: range?.upperBound), description: description,
      defaultValue: defaultValue.map { .integer($0) })
  }

  /// Any number.
  public static func number(
    _ description: String = "", _ range: ClosedRange<Double>? = nil, default defaultValue: Double? = nil
  ) -> Schema {
    Schema(
      .number(minimum: range?.lowerBound, maximum: range?.upperBound), description: description,
      defaultValue: defaultValue.map { .number($0) })
  }

  /// True or false.
  public static func boolean(_ description: String = "", default defaultValue: Bool? = nil) -> Schema {
    Schema(.boolean, description: description, defaultValue: defaultValue.map { .bool($0) })
  }

  /// A list; with `orSingle`, one item without brackets counts as a list of one.
  public static func array(
    of items: Schema, _ description: String = "", minItems: Int? = nil, maxItems: Int? = nil, orSingle: Bool = false
  ) -> Schema {
    Schema(
      .array(items: items, minItems: minItems, maxItems: maxItems), description: description,
      acceptsSingleItem: orSingle)
  }

  /// An object with these members and no others.
  public static func object(_ properties: [Property], _ description: String = "") -> Schema {
    Schema(.object(properties: properties, isOpen: false), description: description)
  }

  /// An object that may hold further members.
  public static func openObject(_ properties: [Property] = [], _ description: String = "") -> Schema {
    Schema(.object(properties: properties, isOpen: true), description: description)
  }
}

extension Schema.Property {
  /// A member that must be there.
  public static func required(_ name: String, _ schema: Schema) -> Schema.Property {
    Schema.Property(name, schema, isRequired: true)
  }

  /// A member that may be left out.
  public static func optional(_ name: String, _ schema: Schema) -> Schema.Property {
    Schema.Property(name, schema, isRequired: false)
  }

  /// A member of an inner object that the validator checks, and definitions leave out for want of room.
  public static func unlisted(_ name: String, _ schema: Schema) -> Schema.Property {
    Schema.Property(name, schema, isRequired: false, isShown: false)
  }
}
