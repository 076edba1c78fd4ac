internal import Exchange
internal import JSON
internal import LocalStore
internal import Logging
internal import Platform
internal import Service
internal import Settings
internal import ToolServer

/// `import` of a document of definitions: each entry by the tool that a person or client would use, so that every check
/// holds; what is there already as the document wants it is left alone.
struct DefinitionsImport {
  private static let largest = 8 << 20

  let configuration: Configuration
  let invocation: Invocation

  /// What became of the entries.
  private struct Report {
    var created: [String] = []
    var changed: [String] = []
    var unchanged = 0
    var refused: [(path: String, message: String)] = []
  }

  /// The document in a file; nil when the file holds something else.
  static func document(at path: String) throws(ImportCommandFailure) -> JSONObject? {
    do {
      let file = try Files.open(path)
      defer { file.close() }
      var head = [UInt8](repeating: 0, count: 4096)
      let result = head.withUnsafeMutableBytes { part in
        Result { () throws(SystemError) in try file.read(into: part, at: 0) }
      }
      let text = String(decoding: head[..<(try result.get())], as: UTF8.self)
      guard text.first == "{" || text.first?.isWhitespace == true, text.holds("\"\(Definitions.marker)\"") else {
        return nil
      }
      let bytes = try Files.read(path, limit: largest)
      return try JSONValue(parsing: bytes).objectValue
    } catch let error as JSONError {
      throw ImportCommandFailure("\(path) is no JSON document: \(error.message)")
    } catch {
      throw ImportCommandFailure("\(path) can't be read: \(error)")
    }
  }

  /// Brings the document in and reports what became of its entries.
  func run(_ document: JSONObject) throws(UsageError) -> Int32 {
    guard configuration.databasePath != ":memory:" else { throw UsageError("definitions need a workspace in a file") }
    guard configuration.pathbound == .local, configuration.owlbound == .local else {
      throw UsageError("definitions are of a local workspace: use --pathbound local and --owlbound local to mean it")
    }
    for option in [Command.Option.as, .map, .existing, .refused, .again] where invocation.has(option) {
      throw UsageError("\(option.flag) is for records; the file holds definitions")
    }
    do {
      let wanted = try Definitions(document: document)
      let isRehearsal = invocation.has(.dryRun)
      let report = try isRehearsal ? rehearse(wanted) : apply(wanted, configuration)
      show(report, isRehearsal: isRehearsal)
      return report.refused.isEmpty ? Program.Status.success : Program.Status.failure
    } catch let failure as Definitions.Failure {
      Console.errors.line("bound-mcp: \(failure.message)")
    } catch let error as ServiceError {
      Console.errors.line("bound-mcp: \(error.message)")
    } catch let error as UsageError {
      throw error
    } catch {
      Console.errors.line("bound-mcp: \(error)")
    }
    return Program.Status.failure
  }

  /// The same on a copy of the workspace, so that one entry sees the one before it.
  private func rehearse(_ wanted: Definitions) throws -> Report {
    var configuration = configuration
    let path = configuration.databasePath
    let copy = "\(path)-rehearsal-\(SystemClock().monotonic())"
    defer { for ending in ["", "-wal", "-shm", "-writer", "-rates"] { try? Files.remove(copy + ending) } }
    if Files.exists(path) { _ = try LocalStore(path: path, log: Log(level: configuration.logLevel)).backUp(to: copy) }
    configuration.databasePath = copy
    return try apply(wanted, configuration)
  }

  private func apply(_ wanted: Definitions, _ configuration: Configuration) throws -> Report {
    let wiring = try Wiring(configuration, background: .beforeEnd)
    defer { wiring.finish(by: .after(milliseconds: 10_000)) }
    let store = LocalStore(path: configuration.databasePath, log: Log(level: configuration.logLevel))
    var report = Report()
    var present = Definitions(workspace: try store.definitions())
    for section in Definitions.Section.allCases {
      for (position, entry) in wanted.entries(of: section).enumerated() {
        let place = "/\(section.rawValue)/\(position)"
        let differences = present.differences(entry, in: section)
        if differences?.isEmpty == true {
          report.unchanged += 1
          continue
        }
        let title = Self.title(entry, section)
        do {
          let (tool, arguments) = try Self.call(entry, section, present)
          _ = try wiring.host.callAndWait(tool, arguments, client: "bound-mcp import \(Version.current)")
          if let differences {
            report.changed.append("\(title): \(differences.joined(separator: ", "))")
          } else {
            report.created.append(title)
          }
          present = Definitions(workspace: try store.definitions())
        } catch let error as Definitions.UnknownName {
          report.refused.append((place + error.path, error.message))
        } catch let error as ServiceError {
          let details = error.details.isEmpty ? [.init(path: "", message: error.message)] : error.details
          for detail in details { report.refused.append((place + detail.path, detail.message)) }
        }
      }
    }
    return report
  }

  private static func title(_ entry: JSONObject, _ section: Definitions.Section) -> String {
    let name = entry["name"]?.stringValue ?? Definitions.name(of: entry, in: section)
    return Printable.text(name.isEmpty ? section.noun : "\(section.noun) \(name)")
  }

  /// The tool that saves an entry, and its arguments.
  private static func call(
    _ entry: JSONObject, _ section: Definitions.Section, _ present: Definitions
  ) throws -> (tool: String, arguments: JSONObject) {
    var arguments = try present.resolved(entry)
    let id = present.id(Definitions.name(of: entry, in: section), in: section)
    switch section {
    case .profiles: return ("owlbound_save_icp_profile", arguments)
    case .segments: return ("pathbound_save_segment", arguments)
    case .connectors: return ("owlbound_save_connector", arguments)
    case .outreachRules: return ("pathbound_save_outreach_rules", arguments)
    case .sequences: return ("owlbound_save_sequence", arguments)
    case .workflows: return ("owlbound_save_workflow", arguments)
    case .agents:
      guard let id else { return ("pathbound_create_agent", arguments) }
      arguments["id"] = .string(id)
      return ("pathbound_update_agent", arguments)
    case .identities:
      guard let id else { return ("pathbound_create_identity", arguments) }
      arguments["identity_id"] = .string(id)
      // The API calls it so where it changes one.
      if let role = arguments["role"] {
        arguments["role"] = nil
        arguments["jobTitle"] = role
      }
      return ("pathbound_update_identity", arguments)
    }
  }

  private func show(_ report: Report, isRehearsal: Bool) {
    if invocation.has(.json) {
      let answer: JSONObject = [
        "created": .array(report.created.map { .string($0) }), "changed": .array(report.changed.map { .string($0) }),
        "unchanged": .integer(Int64(report.unchanged)),
        "refused": .array(
          report.refused.map { ["path": .string($0.path), "message": .string($0.message)] }),
        "dry_run": .bool(isRehearsal),
      ]
      Console.output.write(JSONValue.object(answer).serialized())
      Console.output.line()
      return
    }
    for title in report.created { Console.output.line("  new      \(title)") }
    for title in report.changed { Console.output.line("  changed  \(title)") }
    for (path, message) in report.refused { Console.errors.line("\(Printable.text(path)): \(Printable.text(message))") }
    let refused = Set(report.refused.map { $0.path.split(separator: "/").prefix(2).joined(separator: "/") }).count
    Console.output.line(
      "\(isRehearsal ? "would be" : "done"): \(report.created.count) new, \(report.changed.count) changed, "
        + "\(report.unchanged) as they were, \(refused) refused")
  }
}
