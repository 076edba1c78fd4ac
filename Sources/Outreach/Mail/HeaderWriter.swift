/// Writes header fields, folded so that lines keep within 76 bytes where the content allows it, and always within 998.
///
/// It checks nothing: what it is given holds no control characters.
struct HeaderWriter {
  private(set) var bytes: [UInt8] = []
  private var column = 0
  private let width = 76

  /// A field of free text.
  mutating func text(_ name: String, _ value: String) {
    begin(name)
    if Self.isPlain(value) {
      for word in value.split(separator: " ") { add(String(word)) }
    } else {
      for word in EncodedWords.words(value, first: width - column - 1) { add(word) }
    }
    end()
  }

  /// A field whose words stay as they are, such as message ids.
  mutating func words(_ name: String, _ values: [String]) {
    begin(name)
    for value in values { add(value) }
    end()
  }

  /// A field with a list of mailboxes.
  mutating func mailboxes(_ name: String, _ mailboxes: [Mailbox]) {
    begin(name)
    for (index, mailbox) in mailboxes.enumerated() {
      let comma = index < mailboxes.count - 1 ? "," : ""
      if mailbox.name.isEmpty {
        add("\(mailbox.address)\(comma)")
      } else {
        for word in phrase(mailbox.name) { add(word) }
        add("<\(mailbox.address)>\(comma)")
      }
    }
    end()
  }

  /// Anything else, such as the empty line that ends the header.
  mutating func line(_ text: String) {
    bytes += text.utf8
    bytes += [13, 10]
  }

  /// What stands below the header.
  mutating func append(_ body: [UInt8]) { bytes += body }

  private mutating func begin(_ name: String) {
    bytes += name.utf8
    bytes.append(UInt8(ascii: ":"))
    column = name.utf8.count + 1
  }

  /// Adds a word behind a space, on a new line when it does not fit on this one.
  private mutating func add(_ word: String) {
    let length = word.utf8.count
    // Nothing but white space must not stand on the first line: some readers take it for an empty field.
    let isFirst = bytes.last == UInt8(ascii: ":")
    if !isFirst && column + 1 + length > width {
      bytes += [13, 10]
      column = 0
    }
    bytes.append(UInt8(ascii: " "))
    bytes += word.utf8
    column += 1 + length
  }

  private mutating func end() { bytes += [13, 10] }

  /// A display name: bare words, a quoted string, or encoded words (RFC 5322, 3.2.5).
  private func phrase(_ name: String) -> [String] {
    if Self.isPlain(name) {
      let isBare = name.utf8.allSatisfy { Self.isAtom($0) || $0 == 0x20 }
      if isBare { return name.split(separator: " ").map(String.init) }
      let quoted = "\"\(name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined())\""
      if quoted.utf8.count <= 60 { return [quoted] }
    }
    return EncodedWords.words(name, first: width - column - 1)
  }

  /// Whether a text survives folding as it is: printable ASCII, single spaces between words that are not too long, and
  /// nothing that looks like an encoded word.
  private static func isPlain(_ text: String) -> Bool {
    var wordLength = 0
    var previous = UInt8(ascii: " ")
    for byte in text.utf8 {
      guard (0x20...0x7E).contains(byte), !(byte == 0x20 && previous == 0x20),
        !(byte == UInt8(ascii: "?") && previous == UInt8(ascii: "="))
      else { return false }
      wordLength = byte == 0x20 ? 0 : wordLength + 1
      if wordLength > 60 { return false }
      previous = byte
    }
    return previous != 0x20 || text.isEmpty
  }

  private static func isAtom(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }
  }
}

extension String {
  /// The text with each of that character replaced.
  fileprivate func replacing(_ character: Character, by text: String) -> String {
    reduce(into: "") { result, next in
      if next == character { result += text } else { result.append(next) }
    }
  }
}
