internal import JSON
internal import Platform
internal import Service
internal import Settings
internal import Synchronization

/// `worker`: does what is due without a client, as long as it is let.
struct WorkerCommand {
  /// How long an action in hand may take once the process is told to end, in milliseconds.
  private static let grace: UInt64 = 30_000

  let configuration: Configuration
  let invocation: Invocation

  /// Works until a signal comes; with `--once`, until nothing is due.
  func run() throws(UsageError) -> Int32 {
    guard !configuration.isReadOnly else { throw UsageError("worker changes things; leave out --read-only") }
    guard configuration.pathbound == .local else {
      throw UsageError("worker needs a local workspace: the hosted Pathbound does its own work. Use --pathbound local")
    }
    let counts = Counts()
    let end = Monitor(false)
    TerminationSignals.watch {
      end.withLock { $0 = true }
      end.notify()
    }
    let isOnce = invocation.has(.once)
    let isJSON = invocation.has(.json)
    let wiring = try Wiring(
      configuration, background: .threads(longestSleep: Self.longestSleep),
      report: { action, performed in
        counts.add(performed)
        let status = performed?.status ?? "unknown"
        let time = SystemClock().now().iso8601
        let facts: JSONValue = [
          "time": .string(time), "action_id": .string(action.id), "type": .string(action.type),
          "status": .string(status),
        ]
        Console.output.line(isJSON ? facts.text : "\(time) \(action.id) \(action.type) \(status)")
      })
    if isOnce {
      Thread.start("drain") {
        wiring.drain()
        end.withLock { $0 = true }
        end.notify()
      }
    } else {
      wiring.startWorker()
    }
    _ = end.wait { $0 ? true : nil }
    wiring.finish(by: .after(milliseconds: Self.grace))
    if isOnce { Console.output.line(isJSON ? counts.json.text : counts.summary) }
    return Program.Status.success
  }

  /// What other processes queue is seen after so many milliseconds at the latest.
  private static let longestSleep: UInt64 = 1000
}

/// How many actions ended in which way.
private final class Counts: Sendable {
  private let completed = Atomic<Int>(0)
  private let failed = Atomic<Int>(0)

  func add(_ performed: PerformedAction?) {
    if performed?.status == ActionStatus.completed.rawValue {
      completed.add(1, ordering: .relaxed)
    } else {
      failed.add(1, ordering: .relaxed)
    }
  }

  var json: JSONValue {
    let (completed, failed) = (completed.load(ordering: .relaxed), failed.load(ordering: .relaxed))
    return [
      "performed": .integer(Int64(completed + failed)), "completed": .integer(Int64(completed)),
      "failed": .integer(Int64(failed)),
    ]
  }

  var summary: String {
    let (completed, failed) = (completed.load(ordering: .relaxed), failed.load(ordering: .relaxed))
    return "performed \(completed + failed): \(completed) completed, \(failed) failed"
  }
}
