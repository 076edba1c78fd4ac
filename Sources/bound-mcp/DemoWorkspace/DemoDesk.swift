internal import Agents
internal import JSON
internal import JSONSchema
internal import LocalStore
internal import Logging
internal import Operations
internal import Outreach
internal import Platform
internal import Service

/// Does in the demo workspace what clients and the worker would do, by the store's own ways.
final class DemoDesk: Sendable {
  /// What the workspace takes for the time.
  let clock: DemoClock
  private let store: LocalStore
  private let service: CallService
  private let performer: Registry
  private let runs: RunExecutor

  /// Opens the workspace, whose mails go to a folder.
  init(path: String, idKey: [UInt8], outbox: String, clock: DemoClock) throws(DemoFailure) {
    let log = Log(level: .error)
    let sender: Mailbox
    do {
      sender = try Mailbox(parsing: DemoTexts.sender, field: "sender")
    } catch {
      throw DemoFailure(message: error.problem)
    }
    self.clock = clock
    store = LocalStore(path: path, idKey: idKey, clock: clock, log: log)
    let tokens = DemoTokens()
    let mail = EmailMessage(outbox: outbox, sender: sender, clock: clock) { tokens.next() }
    performer = Registry(executors: [
      mail, LinkedInConnection(), CreateNote(), CreateTask(), UpdateContact(), UpdateLifecycleStage(),
      EscalateToHuman(),
    ])
    runs = RunExecutor(providers: [RulesProvider(clock: clock)], log: log)
    service = CallService(
      .init(pathbound: store, owlbound: store, policies: [], performer: performer, actions: store, clock: clock))
  }

  /// One call of a tool.
  typealias ToolCall = (tool: String, arguments: JSONObject)

  /// Calls a tool and gives its payload.
  @discardableResult
  func call(_ tool: String, _ arguments: JSONObject = [:]) throws(DemoFailure) -> JSONObject {
    try all([(tool, arguments)]).first ?? [:]
  }

  /// Makes calls that go together, so that they are committed together, and gives their payloads.
  @discardableResult
  func all(_ calls: [ToolCall]) throws(DemoFailure) -> [JSONObject] {
    let answers = Monitor([Result<Answer, ServiceError>?](repeating: nil, count: calls.count))
    let open = Monitor(calls.count)
    for (position, call) in calls.enumerated() {
      service.submit(try Self.call(call)) { result in
        answers.withLock { $0[position] = result }
        open.withLock { $0 -= 1 }
        open.notify()
      }
    }
    _ = open.wait { $0 == 0 ? true : nil }
    var payloads: [JSONObject] = []
    for (answer, call) in zip(answers.withLock { $0 }, calls) {
      switch answer {
      case .success(let answer): payloads.append((try? JSONValue(parsing: answer.payload))?.objectValue ?? [:])
      case .failure(let error): throw DemoFailure(message: "\(call.tool): \(error.message)")
      case nil: throw DemoFailure(message: "\(call.tool) was not answered")
      }
    }
    return payloads
  }

  private static func call(_ call: ToolCall) throws(DemoFailure) -> Call {
    guard let operation = Catalogue.operation(named: call.tool) else {
      throw DemoFailure(message: "there is no tool \(call.tool)")
    }
    do {
      let arguments = try operation.validator.validate(call.arguments)
      return Call(operation: operation, arguments: arguments, caller: Caller(client: "Sam Rivera", session: "demo"))
    } catch {
      let first = error.violations.first
      throw DemoFailure(message: "\(call.tool): \(first?.path ?? "") \(first?.message ?? "")")
    }
  }

  /// Lets everything happen that is due by now: runs, workflows, sequences, enrichment, actions.
  func letHappen() throws(DemoFailure) {
    let kinds: [any BackgroundWork] =
      [WaitingRuns(queue: store, performer: runs)] + store.flowWork + [
        WaitingEnrichments(queue: store, providers: [], uses: nil),
        DueActions(queue: store, performer: performer, log: Log(level: .error)),
      ]
    do throws(ServiceError) {
      var hasWorked = true
      while hasWorked {
        hasWorked = false
        for kind in kinds {
          while try kind.doNext(shouldStop: { false }) { hasWorked = true }
        }
      }
    } catch {
      throw DemoFailure(message: error.message)
    }
  }

  /// Waits until everything is on disk, in one file.
  func close() throws(DemoFailure) {
    guard store.close(by: .after(milliseconds: 30_000)) else {
      throw DemoFailure(message: "the workspace could not be written in time")
    }
  }
}

/// Texts that tell mails apart, the same in every demo workspace.
private final class DemoTokens: Sendable {
  private let random = Monitor(DemoRandom(seed: 0x6d61_696c))

  func next() -> String {
    random.withLock { random in
      String((0..<32).map { _ in random.pick(Array("0123456789abcdef")) })
    }
  }
}
