import Foundation
import HTTP
public import JSON
import JSONSchema
public import LocalStore
import Logging
import Operations
import Platform
import RemoteAPI
public import Service
public import TestSupport

/// A workspace of its own that is called as a client calls it: arguments checked by the catalogue, policy and audit
/// included, answers checked against the operation's output.
public final class TestWorkspace: Sendable {
  /// The time that the workspace sees.
  public let clock: ManualClock
  /// The database file; nil in memory.
  public let path: String?
  /// The store below, for work in the background.
  public let store: LocalStore
  private let service: CallService
  private let local: TestWorkspace?
  /// The hosted APIs that stand in between; nil where there are none.
  public let hosted: HostedDouble?

  /// A new workspace, in memory unless it has a file; actions that are asked for at once go to the performer, dry runs of
  /// agents to what `runs` makes of the store.
  public init(
    path: String? = nil, account: Account = Account(), clock: ManualClock = ManualClock(),
    performer: any ActionPerformer = Performer(), runs: (LocalStore) -> (any RunRehearser)? = { _ in nil },
    explainer: (any ScoreExplainer)? = nil
  ) {
    self.clock = clock
    self.path = path
    store = LocalStore(path: path ?? ":memory:", account: account, clock: clock, log: Log(level: .error))
    service = CallService(
      .init(
        pathbound: store, owlbound: store, policies: [], performer: performer, actions: store,
        runs: runs(store), watcher: store, explainer: explainer, clock: clock))
    local = nil
    hosted = nil
  }

  /// The workspace as it is seen through the hosted APIs, over HTTP; what only dashboards do is done behind them.
  public init(behindHTTP workspace: TestWorkspace) {
    clock = workspace.clock
    path = workspace.path
    store = workspace.store
    let hosted = HostedDouble(workspace)
    let log = Log(level: .error)
    func remote(_ api: HostedAPI) -> RemoteAPI { RemoteAPI(api, client: Self.client, clock: workspace.clock, log: log) }
    let owlbound = remote(.owlbound(key: HostedDouble.owlboundKey, baseURL: hosted.owlboundURL))
    let joined = CompositeBackend(
      pathbound: remote(.pathbound(key: HostedDouble.pathboundKey, baseURL: hosted.pathboundURL)), owlbound: owlbound,
      answersOwnComposites: false, clock: clock)
    service = CallService(
      .init(
        pathbound: joined, owlbound: owlbound, policies: [], performer: Performer(), actions: store, clock: clock))
    local = workspace
    self.hosted = hosted
  }

  private static let client = CurlClient(userAgent: "bound-mcp/test") {
    ServerProcess.path(ofProduct: "bound-mcp-http")
  }

  /// Calls a tool and gives its payload.
  public func call(_ tool: String, _ arguments: JSONObject = [:], client: String = "tests") throws -> JSONObject {
    let bytes = try answer(tool, arguments, client: client).payload
    guard case .object(let payload) = try JSONValue(parsing: bytes) else { throw TestFailure.payloadIsNoObject }
    return payload
  }

  /// Calls a tool and gives its answer as it is sent.
  public func answer(_ tool: String, _ arguments: JSONObject = [:], client: String = "tests") throws -> Answer {
    let inner = Inner.all.first { $0.name == tool }
    guard let operation = Catalogue.operation(named: tool) ?? inner else { throw TestFailure.unknownTool(tool) }
    let normal: JSONObject
    do {
      normal = try operation.validator.validate(arguments)
    } catch {
      let details = error.violations.map { ServiceError.Detail(path: $0.path, message: $0.message) }
      throw ServiceError(.validation, details.first?.message ?? "", details: details)
    }
    let answer = try run(operation, normal, client)
    guard case .object(let payload) = try JSONValue(parsing: answer.payload) else {
      throw TestFailure.payloadIsNoObject
    }
    _ = try CompiledSchema(operation.output).validate(payload)
    guard String(decoding: answer.payload, as: UTF8.self).count <= 45_000 else { throw TestFailure.tooLong(tool) }
    return answer
  }

  private func run(_ operation: Operations.Operation, _ arguments: JSONObject, _ client: String) throws -> Answer {
    if let local, operation.isLocalOnly { return try local.run(operation, arguments, client) }
    let call = Call(
      operation: operation, arguments: arguments, caller: Caller(client: client, session: "1"))
    let done = Monitor<Result<Answer, ServiceError>?>(nil)
    service.submit(call) { result in
      done.withLock { $0 = result }
      done.notify()
    }
    guard let result = done.wait({ $0 }) else { throw TestFailure.noAnswer }
    return try result.get()
  }

  /// Does what workflows and sequences have to do by now, until nothing is left.
  public func flow() throws {
    var hasWorked = true
    while hasWorked {
      hasWorked = false
      for kind in store.flowWork {
        while try kind.doNext(shouldStop: { false }) { hasWorked = true }
      }
    }
  }

  /// Waits until everything is on disk.
  public func close() { _ = store.close(by: .after(milliseconds: 10_000)) }
}

/// What a test of a workspace can't go on after.
public enum TestFailure: Error {
  /// The catalogue has no such tool.
  case unknownTool(String)
  /// A payload must be an object.
  case payloadIsNoObject
  /// A payload is longer than a model can be given.
  case tooLong(String)
  /// The call was never completed.
  case noAnswer
}

/// Does with an action what the test says; unless told otherwise, it fails.
public struct Performer: ActionPerformer {
  private let body: @Sendable (ClaimedAction) -> ActionOutcome

  /// A performer that does this.
  public init(_ body: @escaping @Sendable (ClaimedAction) -> ActionOutcome = { _ in .failed("Nothing is done here.") })
  {
    self.body = body
  }

  /// Does it.
  public func perform(_ action: ClaimedAction) -> ActionOutcome { body(action) }
}
