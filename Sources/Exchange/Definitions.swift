public import JSON
internal import JSONSchema

/// What people define in a workspace, as one document that another workspace understands.
///
/// Records name each other by `@Name` where a workspace has ids.
public struct Definitions: Sendable {
  /// A kind of definitions, in the order in which they can be brought in: what is named comes before what names it.
  public enum Section: String, Sendable, CaseIterable {
    /// Senders.
    case identities
    /// Ideal customer profiles.
    case profiles = "icp_profiles"
    /// Stored filters of contacts.
    case segments
    /// Setups of other systems, without secrets.
    case connectors
    /// Rules for outreach, and who must not be written to.
    case outreachRules = "outreach_rules"
    /// Outreach sequences.
    case sequences
    /// Workflows.
    case workflows
    /// Agents with their playbooks.
    case agents

    /// What people call one of them.
    public var noun: String {
      switch self {
      case .identities: "identity"
      case .profiles: "ICP profile"
      case .segments: "segment"
      case .connectors: "connector"
      case .outreachRules: "outreach rules"
      case .sequences: "sequence"
      case .workflows: "workflow"
      case .agents: "agent"
      }
    }

    /// Under which members others name one of them.
    fileprivate var references: [String] {
      switch self {
      case .identities: ["identity_id", "identityId"]
      case .profiles: ["icpProfileId"]
      case .segments: ["segment_id"]
      case .sequences: ["sequenceId"]
      case .workflows: ["workflowId"]
      case .agents: ["agent_id", "agentId"]
      case .connectors, .outreachRules: []
      }
    }
  }

  /// Why a document can't be used at all; a sentence.
  public struct Failure: Error, Sendable {
    /// The sentence.
    public let message: String
  }

  /// A name that nothing has; a place in the entry and a sentence.
  public struct UnknownName: Error, Sendable {
    /// JSON Pointer within the entry.
    public let path: String
    /// The sentence.
    public let message: String
  }

  /// The member by which a document is known, with the number of its form.
  public static let marker = "bound_mcp_definitions"
  private static let form: Int64 = 1
  /// Facts about records that are no part of their definition.
  private static let facts: Set<String> = [
    "_id", "id", "identity_id", "segment_id", "agent_id", "created_at", "updated_at", "createdAt", "updatedAt",
    "jobTitle", "contact_count",
  ]
  /// So many addresses are suppressed by one entry.
  private static let mostSuppressed = 1000

  /// The entries of each section.
  private let entries: [Section: [JSONObject]]
  /// Ids by section and name; of a workspace alone.
  private let ids: [Section: [String: String]]

  /// Reads a document.
  public init(document: JSONObject) throws(Failure) {
    guard document[Self.marker]?.integerValue == Self.form else {
      throw Failure(message: "\(Self.marker) must be \(Self.form): this program knows no other form.")
    }
    var entries: [Section: [JSONObject]] = [:]
    for (name, value) in document where name != Self.marker {
      guard let section = Section(rawValue: name) else {
        let known = Section.allCases.map(\.rawValue)
        let hint = Nearest.name(to: name, among: known).map { "Did you mean \"\($0)\"?" }
        throw Failure(
          message: "/\(name.prefix(64)): there is no such section. "
            + (hint ?? "Known are \(known.joined(separator: ", "))."))
      }
      let list = value.objectValue.map { [JSONValue.object($0)] } ?? value.arrayValue
      guard let list else { throw Failure(message: "/\(name): must be an array of objects.") }
      entries[section] = try Self.objects(list, name)
    }
    self.entries = entries
    ids = [:]
  }

  private static func objects(_ list: [JSONValue], _ name: String) throws(Failure) -> [JSONObject] {
    var objects: [JSONObject] = []
    for (position, item) in list.enumerated() {
      guard let object = item.objectValue else { throw Failure(message: "/\(name)/\(position): must be an object.") }
      objects.append(object)
    }
    return objects
  }

  /// Makes a document of what a workspace holds (`LocalStore.definitions()`).
  public init(workspace: JSONObject) {
    var ids: [Section: [String: String]] = [:]
    var names: [Section: [String: String]] = [:]
    func records(_ section: Section) -> [JSONObject] {
      workspace[section.rawValue]?.arrayValue?.compactMap(\.objectValue) ?? []
    }
    for section in Section.allCases {
      for record in records(section) {
        guard let id = (record["_id"] ?? record["id"])?.stringValue else { continue }
        let name = Self.name(of: record, in: section)
        // Of two that are called the same the older one is meant.
        if ids[section]?[name] == nil { ids[section, default: [:]][name] = id }
        // As it is written, though segments are told apart whatever the case.
        names[section, default: [:]][id] = section == .segments ? record["name"]?.stringValue ?? name : name
      }
    }
    var entries: [Section: [JSONObject]] = [:]
    for section in Section.allCases where section != .outreachRules {
      entries[section] = records(section).map { record in
        let own = record.filter { !Self.facts.contains($0.key) || section.names($0.key, in: record) }
        return Self.named(JSONObject(own.map { ($0.key, $0.value) }), names)
      }
    }
    entries[.outreachRules] = Self.outreach(workspace)
    self.entries = entries
    self.ids = ids
  }

  /// The entries of a section.
  public func entries(of section: Section) -> [JSONObject] { entries[section] ?? [] }

  /// The whole as a document.
  public var document: JSONObject {
    var document: JSONObject = [Self.marker: .integer(Self.form)]
    for section in Section.allCases {
      let entries = entries(of: section)
      if !entries.isEmpty { document[section.rawValue] = .array(entries.map { .object($0) }) }
    }
    return document
  }

  /// What tells an entry from others of its section.
  public static func name(of entry: JSONObject, in section: Section) -> String {
    func text(_ key: String) -> String { entry[key]?.stringValue ?? "" }
    switch section {
    case .identities: return "\(text("firstName")) \(text("lastName"))"
    case .connectors:
      let slug = text("integrationSlug").lowercased()
      let name = text("name")
      return name.isEmpty || name == slug ? slug : "\(slug) \(name)"
    case .segments: return text("name").lowercased()
    case .outreachRules: return ""
    case .profiles, .sequences, .workflows, .agents: return text("name")
    }
  }

  /// The id of what has this name in the workspace; nil when nothing has.
  public func id(_ name: String, in section: Section) -> String? { ids[section]?[name] }
}

// MARK: - Comparing

extension Definitions {
  /// The members of an entry in which what there is differs; nil when there is nothing of its name.
  public func differences(_ entry: JSONObject, in section: Section) -> [String]? {
    if section == .outreachRules { return outreachDifferences(entry) }
    let name = Self.name(of: entry, in: section)
    guard let present = entries(of: section).first(where: { Self.name(of: $0, in: section) == name }) else {
      return nil
    }
    return entry.filter { !Self.isSame($0.value, present[$0.key]) }.map(\.key)
  }

  private func outreachDifferences(_ entry: JSONObject) -> [String] {
    let present = entries(of: .outreachRules)
    let suppressed = Set(present.flatMap { $0["suppress"]?.arrayValue ?? [] }.compactMap(\.stringValue))
    return entry.filter { name, value in
      switch name {
      case "suppress":
        return !(value.arrayValue ?? []).allSatisfy { suppressed.contains($0.stringValue?.lowercased() ?? "") }
      case "unsuppress":
        return (value.arrayValue ?? []).contains { suppressed.contains($0.stringValue?.lowercased() ?? "") }
      case "suppress_reason": return false
      default: return !Self.isSame(value, present.first?[name])
      }
    }.map(\.key)
  }

  /// Whether all that is asked for is there; what else is there does not matter, as with the tools.
  private static func isSame(_ wanted: JSONValue, _ present: JSONValue?) -> Bool {
    if wanted.isNull || wanted == present { return true }
    switch (wanted, present) {
    case (.object(let wanted), .object(let present)?):
      return wanted.allSatisfy { isSame($0.value, present[$0.key]) }
    case (.array(let wanted), .array(let present)?):
      return wanted.count == present.count && zip(wanted, present).allSatisfy { isSame($0, $1) }
    // What the store shows by leaving it out.
    case (.bool(false), nil): return true
    default: return false
    }
  }

  private static func outreach(_ workspace: JSONObject) -> [JSONObject] {
    var rules = workspace[Section.outreachRules.rawValue]?.objectValue ?? [:]
    if rules["quiet_hours"]?.stringValue == nil { rules["utc_offset"] = nil }
    let kept = JSONObject(rules.filter { !$0.value.isNull }.map { ($0.key, $0.value) })
    var entries = [kept]
    var byReason: [(reason: String, values: [JSONValue])] = []
    for entry in workspace["suppressions"]?.arrayValue ?? [] {
      guard let value = entry["value"], let reason = entry["reason"]?.stringValue else { continue }
      if let place = byReason.lastIndex(where: { $0.reason == reason && $0.values.count < mostSuppressed }) {
        byReason[place].values.append(value)
      } else {
        byReason.append((reason, [value]))
      }
    }
    for (reason, values) in byReason {
      entries.append(["suppress": .array(values), "suppress_reason": .string(reason)])
    }
    return entries
  }
}

// MARK: - Names and ids

extension Definitions.Section {
  /// Whether a member of one of its records names another record.
  fileprivate func names(_ key: String, in record: JSONObject) -> Bool {
    guard let owner = Self.referenced(by: key), record[key]?.stringValue != nil else { return false }
    return owner != self
  }

  /// What a member of that name names.
  fileprivate static func referenced(by key: String) -> Definitions.Section? {
    allCases.first { $0.references.contains(key) }
  }
}

extension Definitions {
  /// An entry with names in the place of ids; null members left out.
  private static func named(_ entry: JSONObject, _ names: [Section: [String: String]]) -> JSONObject {
    JSONObject(
      entry.filter { !$0.value.isNull }.map { key, value in
        if case .string(let id) = value, let section = Section.referenced(by: key), let name = names[section]?[id] {
          return (key, .string("@" + name))
        }
        return (key, named(value, names))
      })
  }

  private static func named(_ value: JSONValue, _ names: [Section: [String: String]]) -> JSONValue {
    switch value {
    case .object(let members): .object(named(members, names))
    case .array(let items): .array(items.map { named($0, names) })
    default: value
    }
  }

  /// An entry with this workspace's ids in the place of names.
  public func resolved(_ entry: JSONObject) throws(UnknownName) -> JSONObject { try resolved(entry, at: "") }

  private func resolved(_ entry: JSONObject, at path: String) throws(UnknownName) -> JSONObject {
    var result: JSONObject = [:]
    for (key, value) in entry {
      let place = "\(path)/\(key)"
      if case .string(let text) = value, text.hasPrefix("@"), let section = Section.referenced(by: key) {
        let name = section == .segments ? text.dropFirst().lowercased() : String(text.dropFirst())
        guard let id = id(name, in: section) else {
          throw UnknownName(
            path: place, message: "There is no \(section.noun) called \"\(text.dropFirst().prefix(64))\".")
        }
        result[key] = .string(id)
      } else {
        result[key] = try resolved(value, at: place)
      }
    }
    return result
  }

  private func resolved(_ value: JSONValue, at path: String) throws(UnknownName) -> JSONValue {
    switch value {
    case .object(let members): return .object(try resolved(members, at: path))
    case .array(let items):
      var result: [JSONValue] = []
      for (position, item) in items.enumerated() { result.append(try resolved(item, at: "\(path)/\(position)")) }
      return .array(result)
    default: return value
    }
  }
}
