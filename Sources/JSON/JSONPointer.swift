/// The address of a value inside another one, as `/properties/tags/0` (RFC 6901).
///
/// Two pointers are equal when their texts consist of the same bytes.
public struct JSONPointer: Sendable {
  /// The text of the pointer; empty for the whole value.
  public private(set) var description: String

  /// Points to the whole value.
  public init() { description = "" }

  /// Reads a pointer; nil unless the text is empty or begins with a slash and every `~` is followed by 0 or 1.
  public init?(parsing text: String) {
    guard text.isEmpty || text.utf8.first == UInt8(ascii: "/") else { return nil }
    var follows = false
    for byte in text.utf8 {
      if follows, byte != UInt8(ascii: "0"), byte != UInt8(ascii: "1") { return nil }
      follows = byte == UInt8(ascii: "~")
    }
    if follows { return nil }
    description = text
  }

  /// The pointer to the member of that name below this one.
  public func appending(key: String) -> JSONPointer {
    var pointer = self
    pointer.description += "/"
    for scalar in key.unicodeScalars {
      switch scalar {
      case "~": pointer.description += "~0"
      case "/": pointer.description += "~1"
      default: pointer.description.unicodeScalars.append(scalar)
      }
    }
    return pointer
  }

  /// The pointer to the item at that position below this one.
  public func appending(index: Int) -> JSONPointer {
    var pointer = self
    pointer.description += "/\(index)"
    return pointer
  }

  /// The names and positions on the way, from the outermost on, without escapes.
  public var tokens: [String] {
    description.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst().map(
      Self.unescape)
  }

  /// The value that the pointer leads to, nil when there is none.
  public func resolve(in value: JSONValue) -> JSONValue? {
    var found = value
    for token in tokens {
      switch found {
      case .object(let members):
        guard let member = members[token] else { return nil }
        found = member
      case .array(let items):
        guard let index = Self.index(token), index < items.count else { return nil }
        found = items[index]
      default: return nil
      }
    }
    return found
  }

  private static func unescape(_ token: Substring.UTF8View) -> String {
    guard token.contains(UInt8(ascii: "~")) else { return String(Substring(token)) }
    var bytes: [UInt8] = []
    var follows = false
    for byte in token {
      if follows {
        bytes.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
        follows = false
      } else if byte == UInt8(ascii: "~") {
        follows = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A position is `0` or digits that don't begin with 0.
  private static func index(_ token: String) -> Int? {
    let digits = token.utf8
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    guard digits.first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
    return Int(token)
  }
}

extension JSONPointer: Hashable, CustomStringConvertible {
  /// Whether both texts consist of the same bytes.
  public static func == (left: JSONPointer, right: JSONPointer) -> Bool {
    left.description.hasSameBytes(as: right.description)
  }

  /// Feeds the bytes in.
  public func hash(into hasher: inout Hasher) { hasher.combine(bytesOf: description) }
}
