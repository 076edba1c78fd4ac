internal import JSON
internal import Platform
public import Service

extension LocalStore {
  /// How far the file has been brought into this workspace; nil when it never was.
  public func importProgress(of source: ImportSource) throws(ServiceError) -> ImportProgress? {
    try read { transaction throws(ServiceError) in try Self.progress(of: source, transaction) }
  }

  private static func progress(
    of source: ImportSource, _ transaction: ReadTransaction
  ) throws(ServiceError) -> ImportProgress? {
    let statement = try transaction.database.statement("SELECT value FROM settings WHERE name = ?1")
    statement.bind(settingName(of: source), at: 1)
    defer { statement.reset() }
    guard try statement.step() else { return nil }
    return ImportProgress(stored: Array(statement.text(0)))
  }

  /// Stores rows and how far the file is done with them, in one transaction, and gives what became of each.
  ///
  /// A row that is refused harms no other. Signals of a file are history: no workflow listens to them. The completion
  /// runs on the writer's thread.
  ///
  /// - Parameters:
  ///   - place: the place in the file behind these rows, and whether it is its end; counts are those in the workspace.
  ///   - unusable: the number of rows among them that mean no record.
  public func importRecords(
    _ records: [ImportedRecord], of set: RecordSet, from source: ImportSource, place: ImportProgress, unusable: Int64,
    completion: @escaping @Sendable (Result<(results: [ImportResult], progress: ImportProgress), ServiceError>) -> Void
  ) {
    let outcome = Monitor<(results: [ImportResult], progress: ImportProgress)?>(nil)
    writer.add(
      .change(
        { transaction throws(ServiceError) in
          var progress = try Self.progress(of: source, transaction.reading) ?? ImportProgress()
          // A file that is brought in once more is counted once more.
          if progress.isComplete { progress = ImportProgress() }
          (progress.offset, progress.line, progress.isComplete) = (place.offset, place.line, place.isComplete)
          progress.refused += unusable
          var results: [ImportResult] = []
          results.reserveCapacity(records.count)
          try transaction.database.expectBulk()
          transaction.places.expectBulk()
          try BulkText.begin(in: transaction)
          if set == .signals { try SignalRouter.catchUp(in: transaction) }
          for record in records {
            let result = try Self.store(record, of: set, source, transaction)
            progress.add(result)
            results.append(result)
          }
          if set == .signals { try SignalRouter.passOver(in: transaction) }
          try BulkText.end(in: transaction)
          try Self.note(progress, of: source, transaction)
          outcome.withLock { $0 = (results, progress) }
          return .answered(Answer(payload: []))
        },
        completion: { result in
          switch result {
          case .success:
            if let outcome = outcome.withLock({ $0 }) { completion(.success(outcome)) }
          case .failure(let error): completion(.failure(error))
          }
        }))
  }

  private static func store(
    _ record: ImportedRecord, of set: RecordSet, _ source: ImportSource, _ transaction: WriteTransaction
  ) throws(ServiceError) -> ImportResult {
    _ = transaction.takeChange()
    do throws(ServiceError) {
      // An event has no rule that could stop it half way.
      if set == .events { return try record.store(transaction) }
      let result = try transaction.attempt { () throws(ServiceError) in try record.store(transaction) }
      if transaction.hasChange {
        try AuditLog.record(
          client: "bound-mcp import", tool: "import \(source.name)", digest: source.fingerprint, transaction)
      }
      return result
    } catch {
      switch error.code {
      case .validation, .conflict, .notFound: return .refused(error)
      default: throw error
      }
    }
  }

  private static func settingName(of source: ImportSource) -> String {
    "import:" + source.fingerprint.map { String($0, radix: 16) }.joined(separator: ".")
  }

  private static func note(
    _ progress: ImportProgress, of source: ImportSource, _ transaction: WriteTransaction
  ) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "INSERT INTO settings (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")
    statement.bind(settingName(of: source), at: 1)
    statement.bind(text: progress.stored, at: 2)
    try statement.run()
  }
}

extension ImportProgress {
  /// Reads ``stored``.
  fileprivate init?(stored: [UInt8]) {
    guard let members = (try? JSONValue(parsing: stored))?.objectValue else { return nil }
    func number(_ name: String) -> Int64 { members[name]?.integerValue ?? 0 }
    self.init(offset: number("offset"), line: number("line"))
    created = number("created")
    updated = number("updated")
    unchanged = number("unchanged")
    refused = number("refused")
    isComplete = members["complete"]?.boolValue ?? false
  }

  fileprivate var stored: [UInt8] {
    let members: JSONObject = [
      "offset": .integer(offset), "line": .integer(line), "created": .integer(created), "updated": .integer(updated),
      "unchanged": .integer(unchanged), "refused": .integer(refused), "complete": .bool(isComplete),
    ]
    return JSONValue.object(members).serialized()
  }
}
