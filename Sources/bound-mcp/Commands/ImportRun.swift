internal import Exchange
internal import JSON
internal import LocalStore
internal import Platform
internal import Service

/// Rows on their way: while one part is stored, the next is read and checked.
struct ImportRun {
  /// So many rows are stored in one transaction: others wait for it for some tenths of a second.
  private static let partSize = 8192
  /// So many parts wait for the writer at most.
  private static let ahead = 2

  var file: ImportFile
  let store: LocalStore
  let source: ImportSource
  let existing: ExistingRecord
  /// The state behind the last part that is stored.
  private(set) var progress: ImportProgress
  private var report: RefusedRows?
  private var meter: ProgressMeter
  private var cache = ImportCache()
  private let stored = Monitor(Stored())
  private let started = SystemClock().monotonic()
  private let before: Int64

  /// What the writer has told.
  private struct Stored {
    var results: [(part: Part, results: [ImportResult])] = []
    var progress: ImportProgress?
    var open = 0
    var failure: ServiceError?
  }

  /// Rows that are stored together.
  private struct Part {
    var rows: [ImportFile.Row] = []
    var records: [ImportedRecord] = []
    /// For each row the number of its record; nil where it has none.
    var places: [Int?] = []
    /// Why a row has no record, by its number.
    var reasons: [Int: String] = [:]
  }

  init(
    file: ImportFile, store: LocalStore, source: ImportSource, existing: ExistingRecord, progress: ImportProgress,
    report: RefusedRows?
  ) {
    self.file = file
    self.store = store
    self.source = source
    self.existing = existing
    self.progress = progress
    self.report = report
    before = progress.rows
    meter = ProgressMeter(total: file.size, done: progress.offset, unit: file.set.rawValue)
  }

  /// Brings everything in.
  ///
  /// - Throws: `ImportFile.Failure`, `ServiceError`, or what the report's file can't take; what is stored by then stays.
  mutating func run() throws {
    defer { meter.end() }
    var next = progress
    let now = SystemClock().now()
    while true {
      var part = Part()
      var isLast = false
      while part.rows.count < Self.partSize {
        guard let row = try file.next() else {
          isLast = true
          break
        }
        next.offset = row.end
        next.line = row.line
        add(row, to: &part, now)
      }
      next.isComplete = isLast
      try send(part, next)
      if isLast { break }
    }
    try wait { $0.open == 0 }
  }

  private mutating func add(_ row: ImportFile.Row, to part: inout Part, _ now: Timestamp) {
    part.rows.append(row)
    do throws(ServiceError) {
      switch row.record {
      case .success(let members):
        part.records.append(try ImportedRecord(members, of: file.set, existing: existing, now: now, cache: &cache))
        part.places.append(part.records.count - 1)
      case .failure(let error): throw ServiceError(.validation, error.message)
      }
    } catch {
      part.places.append(nil)
      part.reasons[part.rows.count - 1] = Self.reason(error)
    }
  }

  private mutating func send(_ part: Part, _ place: ImportProgress) throws {
    try wait { $0.open < Self.ahead }
    let stored = stored
    stored.withLock { $0.open += 1 }
    let unusable = Int64(part.reasons.count)
    store.importRecords(part.records, of: file.set, from: source, place: place, unusable: unusable) { result in
      stored.withLock { stored in
        stored.open -= 1
        switch result {
        case .success(let outcome):
          stored.results.append((part, outcome.results))
          stored.progress = outcome.progress
        case .failure(let error): stored.failure = stored.failure ?? error
        }
      }
      stored.notify()
    }
  }

  /// Waits for the writer and tells what it has done.
  private mutating func wait(until isReady: @escaping (borrowing Stored) -> Bool) throws {
    while true {
      let (news, latest, failure, isDone) =
        stored.wait { stored -> ([(Part, [ImportResult])], ImportProgress?, ServiceError?, Bool)? in
          let isDone = isReady(stored)
          guard isDone || !stored.results.isEmpty || stored.failure != nil else { return nil }
          defer { stored.results = [] }
          return (stored.results, stored.progress, stored.failure, isDone)
        } ?? ([], nil, nil, true)
      for (part, results) in news { try tell(part, results) }
      if let latest { progress = latest }
      meter.update(progress.offset, units: progress.rows - before)
      if let failure { throw failure }
      if isDone { return }
    }
  }

  private mutating func tell(_ part: Part, _ results: [ImportResult]) throws {
    for (number, row) in part.rows.enumerated() {
      if let place = part.places[number] {
        if case .refused(let error) = results[place] { try refuse(row, Self.reason(error)) }
      } else {
        try refuse(row, part.reasons[number] ?? "")
      }
    }
  }

  private mutating func refuse(_ row: ImportFile.Row, _ reason: String) throws {
    meter.end()
    if progress.refused < 5 || report == nil {
      Console.errors.line("line \(row.line): \(Printable.text(reason))")
    }
    try report?.add(row, reason, headings: file.headings)
  }

  private static func reason(_ error: ServiceError) -> String {
    guard let detail = error.details.first, !detail.path.isEmpty else { return error.message }
    let place = detail.path.hasPrefix("/properties/") ? detail.path.dropFirst(12) : detail.path.dropFirst()
    return "\(place): \(detail.message)"
  }
}

// MARK: - The end

extension ImportRun {
  /// Says what became of the rows.
  func finish(asJSON: Bool, isRehearsal: Bool) {
    let seconds = Double(SystemClock().monotonic() - started) / 1e9
    if asJSON {
      var members: JSONObject = [
        "records": .string(file.set.rawValue), "rows": .integer(progress.rows), "created": .integer(progress.created),
        "updated": .integer(progress.updated), "unchanged": .integer(progress.unchanged),
        "refused": .integer(progress.refused), "dry_run": .bool(isRehearsal), "seconds": .number(seconds),
      ]
      if let report, progress.refused > 0 { members["refused_file"] = .string(report.path) }
      Console.output.write(JSONValue.object(members).serialized())
      Console.output.line()
      return
    }
    let rows = progress.rows - before
    let rate = seconds > 0 ? Int64(Double(rows) / seconds) : rows
    Console.output.line(
      "\(isRehearsal ? "would be" : "done"): \(Grouped.text(progress.created)) new, "
        + "\(Grouped.text(progress.updated)) changed, \(Grouped.text(progress.unchanged)) as they were, "
        + "\(Grouped.text(progress.refused)) refused (\(Grouped.text(rows)) rows, \(Grouped.text(rate)) a second)")
    if let report, progress.refused > 0 {
      Console.output.line("refused rows, with the reason in the last column: \(report.path)")
    }
  }
}
