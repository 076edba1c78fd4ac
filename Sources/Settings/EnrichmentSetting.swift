internal import JSON
public import Service

/// Somebody who is asked about people: an entry of `enrichment` of `config.json`.
public struct EnrichmentSetting: Sendable, Equatable {
  /// What answers, connectors and logs call it.
  public var name: String
  /// Where it is asked, by POST.
  public var url: String
  /// What is sent there as a Bearer token; a text that begins with `$` names an environment variable.
  public var key: String?
  /// What it is asked for.
  public var phases: Set<EnrichmentPhase>
  /// How long a question may take, in milliseconds.
  public var timeLimit: Int

  /// All that can be asked of others; scores are reckoned here.
  public static let allPhases = Set(EnrichmentPhase.allCases).subtracting([.icpScoring])

  /// Somebody who serves every phase.
  public init(name: String, url: String, key: String?) {
    self.name = name
    self.url = url
    self.key = key
    phases = Self.allPhases
    timeLimit = 30_000
  }

  /// Whether the key itself stands in the file.
  var holdsSecret: Bool { key.map { !$0.hasPrefix("$") } ?? false }

  /// The setting with the key that its variable holds.
  func resolved(_ environment: (String) -> String?) throws(UsageError) -> EnrichmentSetting {
    guard let key, key.hasPrefix("$") else { return self }
    let variable = String(key.dropFirst())
    guard let value = environment(variable), !value.isEmpty else {
      throw UsageError("config.json: enrichment.\(name).key names the variable \(variable), which is not set")
    }
    var resolved = self
    resolved.key = value
    return resolved
  }

  /// Reads the member, one entry for each name, in the order in which they are asked.
  static func list(_ value: JSONValue) throws(UsageError) -> [EnrichmentSetting] {
    guard let entries = value.objectValue else { throw UsageError("config.json: enrichment must be an object") }
    var settings: [EnrichmentSetting] = []
    for (name, value) in entries { settings.append(try EnrichmentSetting(name, value)) }
    return settings
  }

  private init(_ name: String, _ value: JSONValue) throws(UsageError) {
    let place = "config.json: enrichment.\(name.prefix(64))"
    guard let entry = value.objectValue else { throw UsageError("\(place) must be an object") }
    let known = ["url", "key", "phases", "timeout_seconds"]
    for member in entry.keys where !known.contains(member) {
      throw .unknown("member of \(place):", member, known: known)
    }
    guard (1...40).contains(name.utf8.count), name.utf8.allSatisfy({ Self.isPlain($0) }) else {
      throw UsageError("\(place): a name is 1 to 40 lower-case letters, digits, - and _")
    }
    guard let url = entry["url"]?.stringValue, KeyAddress.isSafe(url) else {
      throw UsageError("\(place).url must begin with https:// (or be on this computer), since a key is sent there")
    }
    self.init(name: name, url: url, key: nil)
    if let key = entry["key"], !key.isNull {
      guard let text = key.stringValue, !text.isEmpty else { throw UsageError("\(place).key must be a string") }
      self.key = text
    }
    if let phases = entry["phases"] { self.phases = try Self.phases(phases, place) }
    let limit = entry["timeout_seconds"].map { $0.integerValue ?? 0 } ?? 30
    guard (1...120).contains(limit) else { throw UsageError("\(place).timeout_seconds must be 1 to 120") }
    timeLimit = Int(limit) * 1000
  }

  private static func phases(_ value: JSONValue, _ place: String) throws(UsageError) -> Set<EnrichmentPhase> {
    let names = allPhases.map(\.rawValue).sorted()
    guard let items = value.arrayValue, !items.isEmpty else {
      throw UsageError("\(place).phases must be a list of \(names.joined(separator: ", "))")
    }
    var phases: Set<EnrichmentPhase> = []
    for item in items {
      let name = item.stringValue ?? item.text
      guard let phase = EnrichmentPhase(rawValue: name), allPhases.contains(phase) else {
        throw .unknown("phase in \(place).phases:", name, known: names)
      }
      phases.insert(phase)
    }
    return phases
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// Addresses to which keys are sent.
enum KeyAddress {
  /// Whether a key may go there: encrypted, or to this computer.
  static func isSafe(_ address: String) -> Bool {
    let isLocal = ["127.0.0.1", "localhost", "[::1]"].contains { host in
      let rest = address.hasPrefix("http://" + host) ? address.dropFirst(7 + host.count) : "x"
      return rest.isEmpty || rest.first == ":" || rest.first == "/"
    }
    return address.hasPrefix("https://") || isLocal
  }
}
