internal import JSON
internal import Platform

/// What a browser's name for itself tells: the `browser`, `browser_version`, `os`, `device_type` and `is_bot` of an
/// event (Pathbound API 14.2).
struct UserAgent: Sendable {
  let browser: String?
  let version: String?
  let system: String?
  /// `Desktop`, `Mobile` or `Tablet`.
  let device: String
  /// Known crawlers only.
  let isBot: Bool

  /// Reads the first kilobyte of a `User-Agent` header.
  init(_ text: String) {
    let text = Array(text.utf8.prefix(1024))
    let lower = text.map { $0 | ($0 >= 0x41 && $0 <= 0x5A ? 0x20 : 0) }
    func holds(_ word: String) -> Bool { lower.position(of: word) != nil }
    isBot = Self.crawlers.contains { holds($0) }
    let match = Self.browsers.lazy.compactMap { name, token in lower.position(of: token).map { (name, $0) } }.first
    browser = match?.0
    version = match.flatMap { Self.version(in: text, from: $0.1) }
    system = Self.systems.first { holds($0.token) }?.name
    let isTablet = holds("ipad") || holds("tablet") || (holds("android") && !holds("mobile"))
    device = isTablet ? "Tablet" : holds("mobi") || holds("iphone") ? "Mobile" : "Desktop"
  }

  /// Writes what is known as members of the object that is open.
  func write(into payload: inout JSONWriter) {
    for (name, value) in [("browser", browser), ("browser_version", version), ("os", system), ("device_type", device)] {
      guard let value else { continue }
      payload.key(name)
      payload.string(value)
    }
    if isBot {
      payload.key("is_bot")
      payload.bool(true)
    }
  }

  // The order matters: browsers name those that they are like.
  private static let browsers: [(name: String, token: String)] = [
    ("Edge", "edg/"), ("Edge", "edge/"), ("Edge", "edgios/"), ("Edge", "edga/"), ("Opera", "opr/"),
    ("Samsung Internet", "samsungbrowser/"), ("Firefox", "firefox/"), ("Firefox", "fxios/"), ("Chrome", "crios/"),
    ("Chrome", "chrome/"), ("Chromium", "chromium/"), ("Safari", "version/"), ("Internet Explorer", "msie "),
    ("Internet Explorer", "trident/"),
  ]
  private static let systems: [(name: String, token: String)] = [
    ("Windows", "windows"), ("Android", "android"), ("iOS", "iphone"), ("iOS", "ipad"), ("macOS", "mac os x"),
    ("ChromeOS", "cros"), ("Linux", "linux"),
  ]
  private static let crawlers = [
    "googlebot", "bingbot", "duckduckbot", "yandexbot", "baiduspider", "applebot", "facebookexternalhit", "twitterbot",
    "linkedinbot", "slackbot", "ahrefsbot", "semrushbot", "mj12bot", "petalbot", "bytespider", "gptbot", "claudebot",
    "perplexitybot", "ccbot", "amazonbot",
  ]

  /// Digits and full stops behind the token that begins at `start`.
  private static func version(in text: [UInt8], from start: Int) -> String? {
    guard let slash = text[start...].firstIndex(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: " ") }) else {
      return nil
    }
    let digits = text[(slash + 1)...].prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }.prefix(32)
    return digits.isEmpty ? nil : String(decoding: digits, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Where the text first occurs.
  fileprivate func position(of text: String) -> Int? {
    let wanted = Array(text.utf8)
    guard let first = wanted.first, wanted.count <= count else { return nil }
    for start in 0...(count - wanted.count) where self[start] == first {
      if self[start..<(start + wanted.count)].elementsEqual(wanted) { return start }
    }
    return nil
  }
}
