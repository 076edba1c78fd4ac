internal import JSON
internal import Logging
internal import Platform
internal import Service

/// Keeps credentials out of what is stored of a connector, and out of every answer (Owlbound API 14).
///
/// What is stored names an environment variable, as `$SLACK_TOKEN`, where a credential belongs.
enum ConnectorSecrets {
  private static let shown = "[redacted]"
  private static let words = [
    "key", "token", "secret", "password", "passwd", "passphrase", "pwd", "authorization", "auth", "bearer", "cookie",
    "credential", "webhook", "signature", "dsn", "private", "session",
  ]
  private static let depthLimit = 16

  /// Whether the name of a member is that of a credential.
  static func isCredential(_ name: String) -> Bool {
    let name = name.lowercased()
    return words.contains { name.holds($0) }
  }

  /// Whether a text looks like a credential, whatever it is called.
  static func resemblesSecret(_ text: String) -> Bool {
    if isReference(text) { return false }
    let lower = text.lowercased()
    if lower.hasPrefix("bearer ") || lower.hasPrefix("basic ") || lower.holds("-----begin") { return true }
    if lower.holds("hooks.slack.com/") || lower.holds("/api/webhooks/") { return true }
    // The log's own rules, but for people's addresses, which are no secret here.
    if Redaction.redact(text).holds("[secret]") { return true }
    if hasUserInfo(lower) { return true }
    return text.unicodeScalars.split(whereSeparator: { !isTokenScalar($0) }).contains { isRandom($0) }
  }

  /// The name of an environment variable: `$NAME`, `${NAME}` or `env:NAME`.
  static func isReference(_ text: String) -> Bool {
    var name = text[...]
    if name.hasPrefix("${"), name.hasSuffix("}") {
      name = name.dropFirst(2).dropLast()
    } else if name.hasPrefix("$") {
      name = name.dropFirst()
    } else if name.hasPrefix("env:") {
      name = name.dropFirst(4)
    } else {
      return false
    }
    guard let first = name.utf8.first, name.utf8.count <= 100, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }
  }

  /// Refuses a setup that holds a credential; the message names the place, never the value.
  static func check(_ config: JSONObject) throws(ServiceError) {
    try check(.object(config), at: "/config", isSecret: false, depth: 0)
  }

  private static func check(
    _ value: JSONValue, at path: String, isSecret: Bool, depth: Int
  ) throws(ServiceError) {
    guard depth < depthLimit else { throw .invalid("/config", "At most \(depthLimit) levels deep.") }
    switch value {
    case .object(let members):
      for (name, value) in members {
        guard !resemblesSecret(name) else {
          throw .invalid(path, "A name in here looks like a secret. Names are shown; put secrets into the environment.")
        }
        let place = "\(path)/\(name.prefix(64))"
        try check(value, at: place, isSecret: isSecret || isCredential(name), depth: depth + 1)
      }
    case .array(let items):
      for (position, item) in items.enumerated() {
        try check(item, at: "\(path)/\(position)", isSecret: isSecret, depth: depth + 1)
      }
    case .string(let text):
      let isFine = isSecret ? text.isEmpty || isReference(text) : !resemblesSecret(text)
      if !isFine { throw stored(path) }
    case .integer, .number:
      if isSecret { throw stored(path) }
    case .null, .bool: break
    }
  }

  private static func stored(_ path: String) -> ServiceError {
    .invalid(
      path,
      "This looks like a secret, and secrets are not stored. Put it into an environment variable and write the "
        + "variable's name here, as $SLACK_TOKEN.")
  }

  /// The setup with every credential, and every reference to one, replaced.
  static func redacted(_ config: JSONObject) -> JSONObject { redacted(config, depth: 0) }

  private static func redacted(_ members: JSONObject, depth: Int) -> JSONObject {
    JSONObject(
      members.map { name, value in
        (name, isCredential(name) && !isEmpty(value) ? .string(shown) : redacted(value, depth: depth + 1))
      })
  }

  private static func redacted(_ value: JSONValue, depth: Int) -> JSONValue {
    guard depth < depthLimit else { return .string(shown) }
    return switch value {
    case .object(let members): .object(redacted(members, depth: depth))
    case .array(let items): .array(items.map { redacted($0, depth: depth + 1) })
    case .string(let text): resemblesSecret(text) ? .string(shown) : value
    default: value
    }
  }

  /// Holds nothing that could be secret.
  private static func isEmpty(_ value: JSONValue) -> Bool {
    switch value {
    case .null, .bool: true
    case .string(let text): text.isEmpty
    default: false
    }
  }
}

// MARK: - Looks

extension ConnectorSecrets {
  /// `scheme://user:password@host`.
  private static func hasUserInfo(_ text: String) -> Bool {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[colon...].hasPrefix("://") else { return false }
    let authority = text[colon...].dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard let at = authority.lastIndex(of: "@") else { return false }
    return authority[..<at].contains(":")
  }

  private static func isTokenScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "+", "=": true
    default: false
    }
  }

  /// Long, with letters and digits mixed as in no word or date.
  private static func isRandom(_ word: some Collection<Unicode.Scalar>) -> Bool {
    guard word.count >= 24 else { return false }
    var letters = 0
    var digits = 0
    for scalar in word {
      switch scalar {
      case "0"..."9": digits += 1
      case "a"..."z", "A"..."Z": letters += 1
      default: break
      }
    }
    return digits >= 4 && letters >= 4
  }
}
