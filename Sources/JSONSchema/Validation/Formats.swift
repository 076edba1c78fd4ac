import JSON
import Platform

extension Schema.Format {
  /// What would be right, to follow "Must be".
  var expectation: String {
    switch self {
    case .email: "an e-mail address like ada@example.com"
    case .dateTime: "an ISO 8601 date or time like 2026-03-31 or 2026-03-31T14:00:00Z"
    case .webAddress: "an address that begins with https:// or http://"
    case .cron: "five cron fields (minute hour day month weekday, UTC) like \"0 14 * * 1-5\""
    case .nonBlank: "a text that is not blank"
    }
  }

  /// Whether the text has this format.
  func accepts(_ text: String) -> Bool {
    switch self {
    case .email: isMailbox(text)
    case .dateTime: Timestamp(iso8601: text) != nil
    case .webAddress: isWebAddress(text)
    case .cron: CronExpression(text) != nil
    case .nonBlank:
      // Most texts have something in ASCII, which needs no look into Unicode's tables.
      text.utf8.contains { 0x21...0x7E ~= $0 } || text.unicodeScalars.contains { !$0.properties.isWhitespace }
    }
  }
}

extension Schema.Format {
  /// The text to use in place of this one: a mailbox without blanks around it; nil when it is good as it is.
  func normalized(_ text: String) -> String? {
    guard case .email = self, let first = text.utf8.first, let last = text.utf8.last else { return nil }
    if 0x21..<0x7F ~= first, 0x21..<0x7F ~= last { return nil }
    var rest = text.unicodeScalars[...]
    while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
    return rest.count == text.unicodeScalars.count ? nil : String(rest)
  }
}

/// `local@domain` (RFC 5321, section 4.1.2) without quoted locals and address literals: what people's mailboxes look
/// like, and nothing that could add a line to a message's head.
private func isMailbox(_ text: String) -> Bool {
  text.withUTF8Bytes { bytes in
    guard bytes.count <= 254, let at = bytes.lastIndex(of: UInt8(ascii: "@")), (1...64).contains(at) else {
      return false
    }
    return areParts(bytes[..<at], longest: 64, atLeast: 1, of: isAtomByte)
      && areParts(bytes[(at + 1)...], longest: 63, atLeast: 2, of: isDomainByte)
      && !hasLooseHyphen(bytes[(at + 1)...])
  }
}

/// Whether the bytes are parts with dots between, none empty or too long, all of good bytes.
private func areParts(
  _ bytes: Slice<UnsafeBufferPointer<UInt8>>, longest: Int, atLeast least: Int, of isGood: (UInt8) -> Bool
) -> Bool {
  var (parts, length) = (1, 0)
  for byte in bytes {
    if byte == UInt8(ascii: ".") {
      guard length > 0 else { return false }
      (parts, length) = (parts + 1, 0)
    } else {
      length += 1
      guard length <= longest, isGood(byte) else { return false }
    }
  }
  return length > 0 && parts >= least
}

/// Whether a label of a domain begins or ends with a hyphen.
private func hasLooseHyphen(_ domain: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
  var previous = UInt8(ascii: ".")
  for byte in domain {
    if byte == UInt8(ascii: "-"), previous == UInt8(ascii: ".") { return true }
    if byte == UInt8(ascii: "."), previous == UInt8(ascii: "-") { return true }
    previous = byte
  }
  return previous == UInt8(ascii: "-")
}

/// Letters, digits and `!#$%&'*+-/=?^_{|}~` and the backtick, or part of a character outside ASCII (RFC 6532).
private func isAtomByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "["),
    UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "@"), UInt8(ascii: "\\"),
    UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "\""), 0...0x20, 0x7F:
    false
  default: true
  }
}

/// A letter, digit or hyphen, or part of a character outside ASCII.
private func isDomainByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), 0x80...:
    true
  default: false
  }
}

/// An http or https address with a host, without white space or control characters.
private func isWebAddress(_ text: String) -> Bool {
  let lower = text.prefix(8).lowercased()
  let scheme = lower.hasPrefix("https://") ? 8 : lower.hasPrefix("http://") ? 7 : 0
  guard scheme > 0, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return false }
  guard let host = text.utf8.dropFirst(scheme).first else { return false }
  return host != UInt8(ascii: "/") && host != UInt8(ascii: "?") && host != UInt8(ascii: "#")
}
