internal import Exchange
internal import JSON
internal import LocalStore
internal import Logging
internal import Platform
internal import Service
internal import Settings

/// `import`: records of a file into the workspace, in parts that are stored together with how far the file is done.
struct ImportCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Brings the file in and reports what became of its rows.
  func run() throws(UsageError) -> Int32 {
    guard !configuration.isReadOnly else { throw UsageError("import changes things; leave out --read-only") }
    let path = Files.absolute(invocation.operands[0])
    let isRehearsal = invocation.has(.dryRun)
    let settings = try settings()
    do {
      if let document = try DefinitionsImport.document(at: path) {
        return try DefinitionsImport(configuration: configuration, invocation: invocation).run(document)
      }
      let size = try Self.size(of: path)
      let file = try Self.open(path)
      defer { file.close() }
      let set = try ImportFile(file, size: size, set: settings.set, changes: settings.changes).set
      try requireLocal(set)
      let source = try Self.source(path, file, size, set)
      let workspace = try ImportWorkspace(configuration, copies: isRehearsal)
      defer { workspace.close() }
      let past = try workspace.store.importProgress(of: source)
      if let past, past.isComplete, !invocation.has(.again) {
        Console.errors.line(
          "bound-mcp: \(source.name) was brought into this workspace before (\(Grouped.text(past.rows)) rows). "
            + "Use --again to bring it in once more.")
        return Program.Status.failure
      }
      let start = past?.isComplete == true ? nil : past
      let contents = try ImportFile(file, size: size, set: set, changes: settings.changes, from: start)
      showMapping(contents, resuming: start)
      let report = isRehearsal ? nil : RefusedRows(path: settings.refused ?? path + ".refused", isResumed: start != nil)
      var run = ImportRun(
        file: contents, store: workspace.store, source: source, existing: settings.existing,
        progress: start ?? ImportProgress(), report: report)
      try run.run()
      run.finish(asJSON: invocation.has(.json), isRehearsal: isRehearsal)
      return Program.Status.success
    } catch let error as UsageError {
      throw error
    } catch let failure as ImportFile.Failure {
      Console.errors.line("bound-mcp: \(failure.message)")
    } catch let error as ServiceError {
      Console.errors.line("bound-mcp: \(error.message)")
    } catch {
      Console.errors.line("bound-mcp: \(error)")
    }
    return Program.Status.failure
  }

  private func requireLocal(_ set: RecordSet) throws(ServiceError) {
    let isOwlbound = set == .owlboundContacts || set == .owlboundCompanies || set == .signals
    let (place, name) = isOwlbound ? (configuration.owlbound, "owlbound") : (configuration.pathbound, "pathbound")
    guard place != .local else { return }
    throw ServiceError(
      .unavailable,
      "import writes into the local workspace, and \(name) is set to its hosted API. Use --\(name) local to mean the workspace."
    )
  }

  private func showMapping(_ file: ImportFile, resuming: ImportProgress?) {
    guard !invocation.has(.json) else { return }
    Console.output.line("\(invocation.operands[0]): \(file.set.rawValue), \(ByteCount.text(file.size))")
    if let resuming { Console.output.line("going on behind line \(Grouped.text(resuming.line))") }
    for column in file.mapping.columns where column.heading != column.target || file.headings != nil {
      let heading = Printable.text(column.heading)
      let padding = String(repeating: " ", count: max(1, 32 - heading.count))
      Console.output.line("  \(heading)\(padding)\(column.target.map { "-> \(Printable.text($0))" } ?? "left out")")
    }
  }

  // MARK: Options

  private struct Options {
    let set: RecordSet?
    let existing: ExistingRecord
    let changes: [(heading: String, target: String)]
    let refused: String?
  }

  private func settings() throws(UsageError) -> Options {
    Options(
      set: try choice(.as, RecordSet.allCases), existing: try choice(.existing, ExistingRecord.allCases) ?? .fill,
      changes: try changes(), refused: invocation.options[.refused].map { Files.absolute($0) })
  }

  private func choice<Choice: RawRepresentable<String>>(
    _ option: Command.Option, _ choices: [Choice]
  ) throws(UsageError) -> Choice? {
    guard let text = invocation.options[option] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .unknown("value of \(option.flag):", text, known: choices.map(\.rawValue))
    }
    return choice
  }

  private func changes() throws(UsageError) -> [(heading: String, target: String)] {
    guard let text = invocation.options[.map] else { return [] }
    var changes: [(heading: String, target: String)] = []
    for part in text.split(separator: ",") {
      guard let sign = part.lastIndex(of: "=") else {
        throw UsageError("--map: \"\(part.prefix(64))\" must be COLUMN=FIELD, or COLUMN= to leave it out")
      }
      changes.append((String(part[..<sign]), String(part[part.index(after: sign)...])))
    }
    return changes
  }

  // MARK: The file

  private static func size(of path: String) throws(ImportCommandFailure) -> Int64 {
    do {
      return try Files.size(of: path)
    } catch {
      throw ImportCommandFailure("\(path) can't be read: \(error)")
    }
  }

  private static func open(_ path: String) throws(ImportCommandFailure) -> Descriptor {
    do {
      return try Files.open(path)
    } catch {
      throw ImportCommandFailure("\(path) can't be read: \(error)")
    }
  }

  /// A file is the same when its size, both its ends, and what is read out of it are.
  private static func source(
    _ path: String, _ file: Descriptor, _ size: Int64, _ set: RecordSet
  ) throws(ImportCommandFailure) -> ImportSource {
    var digest = SHA256()
    let text = Array("\(set.rawValue) \(size)".utf8)
    text.withUnsafeBytes { digest.update($0) }
    var part = [UInt8](repeating: 0, count: 64 << 10)
    for place in [0, max(0, Int(size) - part.count)] {
      let result = part.withUnsafeMutableBytes { bytes in
        Result { () throws(SystemError) in try file.read(into: bytes, at: place) }
      }
      do {
        let count = try result.get()
        part.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      } catch {
        throw ImportCommandFailure("\(path) can't be read: \(error)")
      }
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return ImportSource(name: Printable.text(name), fingerprint: digest.finish())
  }
}

/// Why nothing could be brought in; a sentence.
struct ImportCommandFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// The workspace that rows go to: the real one, or for a rehearsal a copy of it that is removed afterwards.
private struct ImportWorkspace {
  let store: LocalStore
  private let copy: String?

  init(_ configuration: Configuration, copies: Bool) throws(ServiceError) {
    let log = configuration.log
    let path = configuration.databasePath
    guard copies else {
      store = LocalStore(path: path, log: log)
      copy = nil
      return
    }
    guard path != ":memory:", Files.exists(path) else {
      store = LocalStore(path: ":memory:", log: log)
      copy = nil
      return
    }
    let copy = "\(path)-rehearsal-\(SystemClock().monotonic())"
    _ = try LocalStore(path: path, log: log).backUp(to: copy)
    store = LocalStore(path: copy, log: log)
    self.copy = copy
  }

  func close() {
    _ = store.close(by: .after(milliseconds: 60_000))
    guard let copy else { return }
    for ending in ["", "-wal", "-shm", "-writer"] { try? Files.remove(copy + ending) }
  }
}
