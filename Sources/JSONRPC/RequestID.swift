public import JSON

/// What a request and its answer have in common: an integer or a string (JSON-RPC 2.0, section 4).
///
/// `7` and `"7"` are different, and so are two spellings of an accented letter: strings compare by their bytes, which
/// Swift's own comparison would not do.
public enum RequestID: Sendable {
  /// A whole number.
  case integer(Int64)
  /// A text, which may be empty.
  case string(String)

  /// Takes an integer or a string; nil for anything else, fractions and `null` included.
  public init?(_ value: JSONValue) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .string(let text): self = .string(text)
    default: return nil
    }
  }

  /// Writes it as it came.
  public func write(to writer: inout JSONWriter) {
    switch self {
    case .integer(let number): writer.integer(number)
    case .string(let text): writer.verbatim(text)
    }
  }
}

extension RequestID: Hashable {
  /// Whether type and bytes are the same.
  public static func == (left: RequestID, right: RequestID) -> Bool {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): left == right
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    default: false
    }
  }

  /// Feeds in type and bytes.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .integer(let number):
      hasher.combine(number)
    case .string(var text):
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      hasher.combine(0xFF as UInt8)
    }
  }
}

extension JSONWriter {
  /// Writes a text without neutralising anything in it: for what must come back as it was sent.
  public mutating func verbatim(_ text: String) {
    var text = text
    raw("\"")
    text.withUTF8 { appendEscaped(UnsafeRawBufferPointer($0)) }
    append("\"")
  }
}
