/// Why a text was refused, and where.
public struct JSONError: Error, Sendable, Equatable {
  /// What is wrong.
  public enum Kind: Sendable, Equatable, CaseIterable {
    /// The text ends before its value is complete; also an empty text.
    case endOfText
    /// A byte that can't stand here, a byte order mark included.
    case unexpectedByte
    /// Something follows the value.
    case trailingContent
    /// A number that JSON does not allow, as `01`, `1.` or `+1`.
    case invalidNumber
    /// A number too large for a double.
    case numberOutOfRange
    /// A backslash followed by something that is no escape.
    case invalidEscape
    /// Half of a surrogate pair.
    case loneSurrogate
    /// A control character in a string that is not escaped.
    case controlCharacter
    /// Bytes that are not UTF-8.
    case invalidUTF8
    /// A key that the object already has.
    case duplicateKey
    /// More nested arrays and objects than the limit allows.
    case tooDeep
    /// More bytes than the limit allows.
    case tooLong
    /// Objects and arrays hold more values than allowed.
    case tooManyValues
  }

  /// What is wrong.
  public let kind: Kind
  /// The byte, counted from 0, at which it is wrong.
  public let offset: Int

  /// Describes a fault.
  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// A sentence for people; says the place but repeats nothing of the text.
  public var message: String { "Invalid JSON at byte \(offset): \(kind.explanation)." }
}

extension JSONError.Kind {
  fileprivate var explanation: String {
    switch self {
    case .endOfText: "the text ends before the value is complete"
    case .unexpectedByte: "a character that can't stand here"
    case .trailingContent: "something follows the value"
    case .invalidNumber: "not a valid number"
    case .numberOutOfRange: "the number is too large for a double"
    case .invalidEscape: "an unknown escape sequence in a string"
    case .loneSurrogate: "half of a surrogate pair in a string"
    case .controlCharacter: "a control character in a string must be escaped"
    case .invalidUTF8: "the bytes are not valid UTF-8"
    case .duplicateKey: "the object already has a member with this key"
    case .tooDeep: "arrays and objects are nested too deeply"
    case .tooLong: "the text is longer than allowed"
    case .tooManyValues: "arrays and objects hold more values than allowed"
    }
  }
}
