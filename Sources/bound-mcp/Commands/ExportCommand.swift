internal import Exchange
internal import JSON
internal import LocalStore
internal import Logging
internal import Platform
internal import Service
internal import Settings
internal import ToolServer

/// `export`: records of the workspace into a file that `import` and spreadsheets read.
struct ExportCommand {
  /// So many bytes are written at once.
  private static let partSize = 256 << 10
  /// The meter is looked at after so many records.
  private static let pause: Int64 = 256
  /// What is no kind of records.
  private static let definitions = "definitions"

  let configuration: Configuration
  let invocation: Invocation

  /// Writes the file and says what is in it.
  func run() throws(UsageError) -> Int32 {
    let isDefinitions = invocation.operands[0] == Self.definitions
    let request = isDefinitions ? nil : try request()
    let path = invocation.operands.count > 1 && invocation.operands[1] != "-" ? invocation.operands[1] : nil
    guard let request else { return try exportDefinitions(to: path) }
    let form = try form(of: request.records, path)
    guard path != nil || !invocation.has(.json) else { throw UsageError("--json goes with a FILE") }
    try requireWorkspace(request.records)
    let store = LocalStore(path: configuration.databasePath, log: Log(level: configuration.logLevel))
    do {
      let file = try open(path)
      do {
        let (rows, size) = try write(request, form, store, to: file)
        try file.finish()
        report(rows, size, request.records, path)
        return Program.Status.success
      } catch {
        file.discard()
        throw error
      }
    } catch let error as ServiceError {
      Console.errors.line("bound-mcp: \(error.details.first?.message ?? error.message)")
    } catch let error as SystemError where error.isFileExists {
      Console.errors.line("bound-mcp: \(path ?? "") is there already: choose another name, or --force to replace it")
    } catch {
      Console.errors.line("bound-mcp: \(path ?? "standard output") can't be written: \(error)")
    }
    return Program.Status.failure
  }

  private func open(_ path: String?) throws(SystemError) -> UnfinishedFile {
    try UnfinishedFile(path.map { Files.absolute($0) }, replaces: invocation.has(.force))
  }

  private func write(
    _ request: ExportRequest, _ form: RecordWriter.Form, _ store: LocalStore, to file: UnfinishedFile
  ) throws -> (rows: Int64, size: Int64) {
    var writer = RecordWriter(form, columns: [])
    var meter = ProgressMeter(total: 0, done: 0, unit: request.records.rawValue)
    defer { meter.end() }
    var (rows, size): (Int64, Int64) = (0, 0)
    func flush() throws {
      size += Int64(writer.bytes.count)
      try file.write(writer.take())
    }
    try store.exportRecords(request) { columns, last in
      guard form == .jsonl || columns.count <= RecordWriter.mostColumns else {
        throw ServiceError(
          .validation,
          "The records have more than \(RecordWriter.mostColumns) different properties: use --format jsonl.")
      }
      writer = RecordWriter(form, columns: columns)
      meter = ProgressMeter(total: last, done: 0, unit: request.records.rawValue)
    } row: { record, place in
      try writer.add(record)
      rows += 1
      if writer.bytes.count >= Self.partSize { try flush() }
      if rows % Self.pause == 0 { meter.update(place, units: rows) }
    }
    try flush()
    return (rows, size)
  }

  private func report(_ rows: Int64, _ size: Int64, _ records: ExportedRecords, _ path: String?) {
    if invocation.has(.json), let path {
      let report: JSONObject = [
        "records": .string(records.rawValue), "rows": .integer(rows), "bytes": .integer(size), "file": .string(path),
      ]
      Console.output.write(JSONValue.object(report).serialized())
      Console.output.line()
    } else {
      let console = path == nil ? Console.errors : Console.output
      console.line("\(path.map { "\($0): " } ?? "")\(Grouped.text(rows)) \(records.rawValue), \(ByteCount.text(size))")
    }
  }

  /// The document that `import` takes.
  private func exportDefinitions(to path: String?) throws(UsageError) -> Int32 {
    for option in [Command.Option.format, .since, .segment, .lifecycleStage, .json] where invocation.has(option) {
      throw UsageError("\(option.flag) is for records; definitions are one JSON document")
    }
    try requireWorkspace(.contacts)
    try requireWorkspace(.signals)
    let store = LocalStore(path: configuration.databasePath, log: Log(level: configuration.logLevel))
    do {
      let document = Definitions(workspace: try store.definitions()).document
      let text = IndentedJSON.text(JSONValue.object(document).serialized()) + "\n"
      let file = try open(path)
      do {
        try file.write(Array(text.utf8))
        try file.finish()
      } catch {
        file.discard()
        throw error
      }
      if let path { Console.output.line("\(path): \(ByteCount.text(Int64(text.utf8.count)))") }
      return Program.Status.success
    } catch let error as SystemError where error.isFileExists {
      Console.errors.line("bound-mcp: \(path ?? "") is there already: choose another name, or --force to replace it")
    } catch let error as ServiceError {
      Console.errors.line("bound-mcp: \(error.message)")
    } catch {
      Console.errors.line("bound-mcp: \(path ?? "standard output") can't be written: \(error)")
    }
    return Program.Status.failure
  }

  // MARK: What is asked for

  private func request() throws(UsageError) -> ExportRequest {
    let name = invocation.operands[0]
    guard let records = ExportedRecords(rawValue: name) else {
      throw .unknown("kind of records", name, known: ExportedRecords.allCases.map(\.rawValue) + [Self.definitions])
    }
    var request = ExportRequest(records)
    request.since = try invocation.options[.since].map { text throws(UsageError) in
      try Invocation.time(text, before: SystemClock().now())
    }
    request.segment = invocation.options[.segment]
    request.lifecycleStage = invocation.options[.lifecycleStage]
    return request
  }

  private func form(of records: ExportedRecords, _ path: String?) throws(UsageError) -> RecordWriter.Form {
    if let text = invocation.options[.format] {
      guard let form = RecordWriter.Form(rawValue: text) else {
        throw .unknown("value of --format:", text, known: RecordWriter.Form.allCases.map(\.rawValue))
      }
      return form
    }
    if let form = path.flatMap({ RecordWriter.Form(fileName: $0) }) { return form }
    return switch records {
    case .contacts, .companies, .owlboundContacts, .owlboundCompanies: .csv
    case .events, .signals, .actions, .notes: .jsonl
    }
  }

  private func requireWorkspace(_ records: ExportedRecords) throws(UsageError) {
    let isOwlbound = records == .owlboundContacts || records == .owlboundCompanies || records == .signals
    let (place, name) = isOwlbound ? (configuration.owlbound, "owlbound") : (configuration.pathbound, "pathbound")
    guard place == .local else {
      throw UsageError(
        "export reads the local workspace, and \(name) is set to its hosted API: --\(name) local means the workspace")
    }
    guard configuration.databasePath != ":memory:", Files.exists(configuration.databasePath) else {
      throw UsageError("there is no workspace at \(configuration.databasePath) yet: name one with --db")
    }
  }
}
