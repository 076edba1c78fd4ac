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
    case .email: isMailbox(text.utf8)
    case .dateTime: Timestamp(iso8601: text) != nil
    case .webAddress: isWebAddress(text)
    case .cron: CronExpression(text) != nil
    case .nonBlank: text.unicodeScalars.contains { !$0.properties.isWhitespace }
    }
  }
}

/// `local@domain` (RFC 5321, section 4.1.2) without quoted locals and address literals: what people's mailboxes look
/// like, and nothing that could add a line to a message's head.
private func isMailbox(_ text: String.UTF8View) -> Bool {
  guard text.count <= 254, let at = text.lastIndex(of: UInt8(ascii: "@")) else { return false }
  let local = text[..<at]
  let domain = text[text.index(after: at)...]
  let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
  return (1...64).contains(local.count)
    && local.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
      !atom.isEmpty && atom.allSatisfy(isAtomByte)
    } && labels.count >= 2 && labels.allSatisfy(isDomainLabel)
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

private func isDomainLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
  guard (1...63).contains(label.count), label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-") else {
    return false
  }
  return label.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
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
