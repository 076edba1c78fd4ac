import Logging
import Platform
import Service
import TestSupport
import Testing

@testable import LocalStore

@Suite("Group writer")
struct GroupWriterTests {
  private let folder: TemporaryFolder
  private let file: WorkspaceFile
  private let writer: GroupWriter

  init() throws {
    let folder = try TemporaryFolder()
    let file = try WorkspaceFile(location: Location(folder.file("workspace.db")), clock: ManualClock())
    self.folder = folder
    self.file = file
    writer = GroupWriter(log: Log(level: .error, output: Descriptor(rawValue: -1))) { file }
  }

  private static let broken = ServiceError(.validation, "It can't be done.")

  private static func insert(_ name: String, _ transaction: WriteTransaction) throws(ServiceError) {
    let statement = try transaction.database.statement("INSERT INTO settings VALUES (?1, 1)")
    statement.bind(name, at: 1)
    try statement.run()
    transaction.count("test", by: 1)
  }

  private static func writing(_ names: String..., failing: Bool = false) -> GroupWriter.Change {
    { transaction throws(ServiceError) in
      for name in names { try insert(name, transaction) }
      if failing { throw broken }
      return .answered(Answer(payload: []))
    }
  }

  private static func trying() -> GroupWriter.Change {
    { transaction throws(ServiceError) in
      try insert("job1", transaction)
      do throws(ServiceError) {
        try transaction.attempt { () throws(ServiceError) -> Void in try insertAndFail("job2", transaction) }
      } catch {
        try insert("job3", transaction)
      }
      return .answered(Answer(payload: []))
    }
  }

  private static func insertAndFail(_ name: String, _ transaction: WriteTransaction) throws(ServiceError) {
    try insert(name, transaction)
    throw broken
  }

  /// The names that are stored, and the count that is kept of them.
  private func stored() throws -> (names: [String], count: Int64) {
    try file.read { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        "SELECT name FROM settings WHERE name LIKE 'job%' ORDER BY name")
      defer { statement.reset() }
      var names: [String] = []
      while try statement.step() { names.append(statement.string(0)) }
      return (names, try transaction.counter("test"))
    }
  }

  /// Runs jobs as one group: the writer is held until all have come.
  private func run(_ jobs: [GroupWriter.Change]) throws -> [Bool] {
    let gate = Monitor(false)
    let results = Monitor<[Int: Bool]>([:])
    writer.add(.barrier { _ = gate.wait { $0 ? true : nil } })
    for (index, job) in jobs.enumerated() {
      writer.add(
        .change(job) { result in
          results.withLock { $0[index] = (try? result.get()) != nil }
          results.notify()
        })
    }
    gate.withLock { $0 = true }
    gate.notify()
    let all = try #require(results.wait(until: .after(milliseconds: 30_000)) { $0.count == jobs.count ? $0 : nil })
    return jobs.indices.map { all[$0] ?? false }
  }

  @Test("a job that fails half way leaves nothing, and the others of its group are done")
  func halfWay() throws {
    let done = try run([
      Self.writing("job1"), Self.writing("job2a", "job2b", failing: true), Self.writing("job3"),
      Self.writing("job1"), Self.writing("job5"),
    ])
    #expect(done == [true, false, true, false, true])
    let stored = try stored()
    #expect(stored.names == ["job1", "job3", "job5"])
    #expect(stored.count == 3)
  }

  @Test("a job that refuses before it writes costs the others nothing")
  func refusal() throws {
    let runs = Monitor(0)
    let counted: GroupWriter.Change = { transaction throws(ServiceError) in
      runs.withLock { $0 += 1 }
      try Self.insert("job1", transaction)
      return .answered(Answer(payload: []))
    }
    #expect(try run([counted, Self.writing(failing: true)]) == [true, false])
    #expect(runs.withLock { $0 } == 1)
  }

  @Test("a job of which each run fails otherwise is still told once")
  func everyJobFails() throws {
    let done = try run((1...20).map { Self.writing("job\($0)", failing: $0 % 2 == 0) })
    #expect(done == (1...20).map { $0 % 2 == 1 })
    #expect(try stored().count == 10)
  }

  @Test("what arrives while a group runs is committed with it")
  func lateJob() throws {
    let told = Monitor(0)
    let writer = writer
    let tell: @Sendable (Result<WriteOutcome, ServiceError>) -> Void = { _ in
      told.withLock { $0 += 1 }
      told.notify()
    }
    let first: GroupWriter.Change = { transaction throws(ServiceError) in
      writer.add(.change(Self.writing("job2"), completion: tell))
      try Self.insert("job1", transaction)
      return .answered(Answer(payload: []))
    }
    writer.add(.change(first, completion: tell))
    try #require(told.wait(until: .after(milliseconds: 30_000)) { $0 == 2 ? true : nil } == true)
    #expect(writer.commits == 1)
    #expect(try stored().names == ["job1", "job2"])
  }

  @Test("a barrier runs when what was queued before it can be read")
  func barrier() throws {
    let seen = Monitor<Int?>(nil)
    writer.add(.change(Self.writing("job1")) { _ in })
    writer.afterJobs {
      let count = try? stored().names.count
      seen.withLock { $0 = count }
      seen.notify()
    }
    #expect(seen.wait(until: .after(milliseconds: 30_000)) { $0 } == 1)
  }

  @Test("part of a job can be tried and taken back, and the job goes on")
  func attempt() throws {
    let done = try run([Self.trying()])
    #expect(done == [true])
    let stored = try stored()
    #expect(stored.names == ["job1", "job3"])
    #expect(stored.count == 2)
  }

  @Test("a change that is waited for gives its value, or its refusal")
  func waiting() throws {
    let writer = writer
    let value = try writer.change { transaction throws(ServiceError) -> Int? in
      try Self.insert("job1", transaction)
      return nil
    }
    #expect(value == nil)
    #expect(throws: ServiceError.self) {
      try writer.change { _ throws(ServiceError) -> Int in throw Self.broken }
    }
    #expect(try stored().names == ["job1"])
  }
}
