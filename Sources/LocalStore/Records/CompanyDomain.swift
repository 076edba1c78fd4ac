internal import JSON
internal import Platform
internal import Service

/// What companies are told apart by: a host's name without what does not matter (Pathbound API 6).
enum CompanyDomain {
  /// The domain in lower case, without scheme, `www.`, path, port and final dot.
  ///
  /// - Throws: `VALIDATION_ERROR` when it is no domain.
  static func normalized(_ text: String, at path: @autoclosure () -> String) throws(ServiceError) -> String {
    try SizeLimit.check(text, SizeLimit.line, at: path())
    var rest = text.trimmed.lowercased()[...]
    if let slashes = rest.firstOccurrence(of: "://") { rest = rest[slashes.upperBound...] }
    let end = rest.utf8.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
    rest = rest[..<(end ?? rest.endIndex)]
    if let colon = rest.utf8.lastIndex(of: UInt8(ascii: ":")) { rest = rest[..<colon] }
    if rest.utf8.last == UInt8(ascii: ".") { rest = rest.dropLast() }
    if rest.utf8.starts(with: "www.".utf8), rest.utf8.dropFirst(4).contains(UInt8(ascii: ".")) {
      rest = rest.dropFirst(4)
    }
    guard isDomain(rest.utf8) else {
      throw .invalid(path(), "Must be a domain like acme.com, not \"\(text.prefix(64))\".")
    }
    return String(rest)
  }

  /// The domain of a mail address in lower case that says which company somebody is with; nil for one where anybody
  /// can have a mailbox.
  static func ofMailbox(_ key: String) -> String? {
    guard let at = key.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let domain = String(key[key.utf8.index(after: at)...])
    return isFreeMail(domain) ? nil : domain
  }

  /// Whether anybody can have a mailbox there, so that it tells nothing of who somebody is with.
  static func isFreeMail(_ domain: String) -> Bool { freeMail.contains(domain) }

  /// Two or more labels of 1 to 63 letters, digits and inner hyphens, or characters outside ASCII.
  private static func isDomain(_ bytes: Substring.UTF8View) -> Bool {
    guard bytes.count <= 253 else { return false }
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count >= 2
      && labels.allSatisfy { label in
        let hyphen = UInt8(ascii: "-")
        return 1...63 ~= label.count && label.first != hyphen && label.last != hyphen
          && label.allSatisfy(isLabelByte)
      }
  }

  private static func isLabelByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), 0x80...: true
    default: false
    }
  }

  /// The providers that most private mailboxes are with.
  private static let freeMail: Set<String> = [
    "126.com", "163.com", "aim.com", "aliyun.com", "aol.com", "arcor.de", "att.net", "bellsouth.net", "bigpond.com",
    "bluewin.ch", "btinternet.com", "charter.net", "comcast.net", "cox.net", "duck.com", "earthlink.net", "email.com",
    "fastmail.com", "fastmail.fm", "foxmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch", "gmx.com",
    "gmx.de", "gmx.net", "googlemail.com", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es",
    "hotmail.fr", "hotmail.it", "icloud.com", "inbox.com", "interia.pl", "laposte.net", "libero.it", "live.co.uk",
    "live.com", "live.de", "live.fr", "live.nl", "mac.com", "mail.com", "mail.de", "mail.ru", "mailbox.org", "me.com",
    "msn.com", "naver.com", "o2.pl", "onet.pl", "optonline.net", "orange.fr", "outlook.com", "outlook.de",
    "outlook.fr", "pm.me", "posteo.de", "posteo.net", "proton.me", "protonmail.ch", "protonmail.com", "qq.com",
    "rediffmail.com", "rocketmail.com", "sbcglobal.net", "seznam.cz", "sfr.fr", "sina.com", "sky.com", "t-online.de",
    "tuta.com", "tutamail.com", "tutanota.com", "tutanota.de", "verizon.net", "virgilio.it", "wanadoo.fr", "web.de",
    "wp.pl", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com", "yahoo.com.au", "yahoo.com.br",
    "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.in", "yahoo.it", "yandex.com", "yandex.ru", "yeah.net", "ymail.com",
    "ziggo.nl", "zoho.com", "zohomail.com",
  ]
}
