import Foundation
import Logging
import Platform
import Service
import Synchronization
import TestSupport
import Testing

@Suite("Worker")
struct WorkerTests {
  private let clock = ManualClock()
  private let performer = FakePerformer()

  private func worker(
    _ actions: FakeActionQueue, _ runs: FakeRunQueue = FakeRunQueue(),
    runPerformer: FakeRunPerformer = FakeRunPerformer()
  ) -> Worker {
    let log = Log(level: .error, output: Descriptor(rawValue: -1))
    return Worker(
      lanes: [
        .init("runs", [WaitingRuns(queue: runs, performer: runPerformer)]),
        .init("actions", [DueActions(queue: actions, performer: performer, log: log)]),
      ], clock: clock, log: log)
  }

  private let soon = Deadline.after(milliseconds: 10_000)

  @Test("draining looks for abandoned actions, then does runs before actions, all that is due")
  func drain() {
    let actions = FakeActionQueue(due: ["act_1", "act_2"])
    let order = Mutex<[String]>([])
    let runs = FakeRunQueue(["run_1", "run_2"])
    let performer = FakeRunPerformer { run, _ in
      order.withLock { $0.append("\(run.id) after \(actions.state.withLock(\.finished.count))") }
    }
    worker(actions, runs, runPerformer: performer).drain()
    #expect(order.withLock { $0 } == ["run_1 after 0", "run_2 after 0"])
    #expect(actions.state.withLock(\.finished) == ["act_1", "act_2"])
    #expect(actions.state.withLock(\.recoveries) == 1)
  }

  @Test("an idle worker sleeps until it is told of work")
  func sleeping() throws {
    let actions = FakeActionQueue()
    let worker = worker(actions)
    worker.start()
    #expect(actions.state.wait(until: soon) { $0.claims == 1 ? true : nil } == true)
    actions.add("act_1")
    worker.kick()
    #expect(actions.state.wait(until: soon) { $0.finished == ["act_1"] ? true : nil } == true)
    #expect(worker.stop(by: soon))
  }

  @Test("a worker wakes when the next action becomes due")
  func due() throws {
    let actions = FakeActionQueue()
    actions.state.withLock { $0.nextTime = clock.now().adding(milliseconds: 20) }
    let worker = worker(actions)
    worker.start()
    #expect(actions.state.wait(until: soon) { $0.claims >= 2 ? true : nil } == true)
    worker.stop(by: soon)
  }

  @Test("a store that fails is not asked again at once, but when there is news")
  func failing() throws {
    let actions = FakeActionQueue()
    actions.state.withLock { state in
      state.claimFailures = 1
      state.nextTime = Timestamp(milliseconds: 0)
    }
    let worker = worker(actions)
    worker.start()
    #expect(actions.state.wait(until: soon) { $0.claims == 1 ? true : nil } == true)
    actions.state.withLock { $0.nextTime = nil }
    actions.add("act_1")
    worker.kick()
    // The failed claim, that of the action, and the one that finds nothing more.
    #expect(actions.state.wait(until: soon) { $0.claims == 3 ? true : nil } == true)
    worker.stop(by: soon)
    #expect(actions.state.withLock(\.claims) == 3)
    #expect(actions.state.withLock(\.finished) == ["act_1"])
  }

  @Test("a stopped worker tells the run in hand, gives it back, and takes no more")
  func stopping() throws {
    let isWorking = Monitor(false)
    let runs = FakeRunQueue(["run_1", "run_2"])
    let runPerformer = FakeRunPerformer { _, shouldStop in
      isWorking.withLock { $0 = true }
      isWorking.notify()
      while !shouldStop() { sched_yield() }
    }
    let worker = worker(FakeActionQueue(), runs, runPerformer: runPerformer)
    worker.kick()
    #expect(isWorking.wait(until: soon) { $0 ? true : nil } == true)
    #expect(worker.stop(by: soon))
    #expect(runs.releasedRuns == ["run_1"])
    #expect(try runs.claimRun()?.id == "run_2")
  }

  @Test("an outcome that can't be recorded ends neither the worker nor its other work")
  func lostOutcome() {
    let actions = FakeActionQueue(due: ["act_1", "act_2"], finishFailures: [ServiceError(.conflict, "ended")])
    worker(actions).drain()
    #expect(performer.performed == 2)
    #expect(actions.state.withLock(\.finished) == ["act_2"])
  }
}

@Suite("Worker pool")
struct WorkerPoolTests {
  private let soon = Deadline.after(milliseconds: 10_000)

  @Test("every job runs once, and at most so many at a time as the pool allows")
  func limit() throws {
    struct State {
      var running = 0
      var most = 0
      var done: [Int] = []
    }
    let state = Monitor(State())
    let pool = WorkerPool(name: "test", limit: 3)
    for job in 0..<200 {
      pool.run {
        state.withLock { state in
          state.running += 1
          state.most = max(state.most, state.running)
        }
        sched_yield()
        state.withLock { state in
          state.running -= 1
          state.done.append(job)
        }
        state.notify()
      }
    }
    let done = state.wait(until: soon) { $0.done.count == 200 ? $0.done : nil }
    #expect(Set(try #require(done)).count == 200)
    #expect(state.withLock(\.most) <= 3)
  }

  @Test("a job that blocks does not hold up the next while there is room for a thread")
  func blocking() throws {
    let gate = Monitor(false)
    let isDone = Monitor(false)
    let pool = WorkerPool(name: "test", limit: 2)
    pool.run { _ = gate.wait { $0 ? true : nil } }
    pool.run {
      isDone.withLock { $0 = true }
      isDone.notify()
    }
    #expect(isDone.wait(until: soon) { $0 ? true : nil } == true)
    #expect(pool.openJobs >= 1)
    gate.withLock { $0 = true }
    gate.notify()
  }

  @Test("one thread runs jobs in their order")
  func order() throws {
    let done = Monitor<[Int]>([])
    let pool = WorkerPool(name: "test", limit: 1)
    for job in 0..<3000 {
      pool.run {
        done.withLock { $0.append(job) }
        done.notify()
      }
    }
    let order = done.wait(until: soon) { $0.count == 3000 ? $0 : nil }
    #expect(order == Array(0..<3000))
  }
}
