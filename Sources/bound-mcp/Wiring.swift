internal import Agents
internal import Enrichment
internal import HTTP
internal import LocalStore
internal import Logging
internal import MCP
internal import Operations
internal import Outreach
internal import Platform
internal import Service
internal import Settings
internal import Synchronization
internal import ToolServer

/// The parts of the program, joined as the configuration says.
///
/// Making them touches no disk.
final class Wiring: Sendable {
  /// Does the calls.
  let host: ToolCallHost
  /// Serve resources, prompts, completion and tasks.
  let offered: Offers.Hosts
  private let store: LocalStore
  private let worker: Worker
  /// Ends requests to models, which may take minutes.
  private let stopping: Cancellation
  /// Ends actions that are being performed, when there is no more time for them.
  private let endingActions: Cancellation
  private let service: CallService
  private let log: Log
  private let dueWork = DueWork()

  /// How work that becomes due is done.
  enum Background {
    /// By threads of its own, as long as the program runs; what other processes queue is seen after `longestSleep`
    /// milliseconds at the latest.
    case threads(longestSleep: UInt64 = 60_000)
    /// By ``doDueWork()``, before a command ends.
    case beforeEnd
  }

  private final class DueWork: Sendable {
    let isThere = Atomic<Bool>(false)
  }

  /// Checks what the configuration says of the parts, and joins them.
  convenience init(
    _ configuration: Configuration, background: Background,
    report: @escaping @Sendable (ClaimedAction, PerformedAction?) -> Void = { _, _ in }
  ) throws(UsageError) {
    self.init(
      configuration, selection: try Self.selection(configuration), sender: try Executors.sender(configuration),
      background: background, report: report)
  }

  /// Joins the parts.
  ///
  /// - Parameters:
  ///   - selection: what is listed and what may be called.
  ///   - sender: from whom mail is; nil when nobody is set.
  ///   - report: hears of each action that the worker has performed.
  init(
    _ configuration: Configuration, selection: ToolSelection, sender: Mailbox?, background: Background,
    report: @escaping @Sendable (ClaimedAction, PerformedAction?) -> Void = { _, _ in }
  ) {
    let log = configuration.log
    let clock = SystemClock()
    let account = Account(
      plan: configuration.plan, scopes: configuration.scopes, keyType: configuration.owlboundKeyType)
    let store = LocalStore(path: configuration.databasePath, account: account, clock: clock, log: log)
    ActionType.install(configuration.programs.executors.map(\.definition))
    let types = ActionType.all + ActionType.installed
    // Starts nothing before the first request.
    let http = CurlClient(userAgent: "bound-mcp/\(Version.current)")
    let endingActions = Cancellation()
    let performer = Registry(
      types: types,
      executors: Executors.all(
        configuration, sender: sender, records: WorkspaceRecords(backend: store), http: http, uses: store),
      stopping: endingActions)
    let stopping = Cancellation()
    let runPerformer = RunExecutor(
      providers: Self.providers(configuration, http: http, clock: clock, stopping: stopping), types: types, log: log)
    let backends = HostedPlatform.backends(configuration, local: store, http: http, clock: clock, log: log)
    let service = CallService(
      CallService.Parts(
        pathbound: backends.pathbound, owlbound: backends.owlbound,
        policies: [
          Scopes(granted: configuration.scopes, owlboundKey: configuration.owlboundKeyType),
          Self.rateLimits(configuration, clock: clock, log: log),
          Approval(mode: configuration.approvals),
        ] + (configuration.owlbound == .local ? [Credits(ledger: store, clock: clock)] : []), performer: performer,
        actions: store,
        runs: configuration.pathbound == .local ? RunRehearsal(history: store, performer: runPerformer) : nil,
        watcher: configuration.pathbound == .local ? store : nil,
        explainer: Self.explainer(configuration, http: http, clock: clock, stopping: stopping), clock: clock))
    var longestSleep: UInt64 = 60_000
    var hasThreads = false
    if case .threads(let given) = background { (longestSleep, hasThreads) = (given, true) }
    let worker = Worker(
      lanes: [
        // A thread of its own: a long run must hold up no schedule.
        .init("schedules", [DueSchedules(queue: store)]),
        .init("runs", [WaitingRuns(queue: store, performer: runPerformer)]),
        // A slow model must not hold up the agents that need none.
        .init("more runs", [WaitingRuns(queue: store, performer: runPerformer)]),
        .init("flows", store.flowWork),
        .init("upkeep", store.upkeep),
        .init(
          "enrichment",
          [
            WaitingEnrichments(
              queue: store, providers: Self.enrichment(configuration, http: http, stopping: stopping), uses: store)
          ]),
        .init("actions", [DueActions(queue: store, performer: performer, log: log, report: report)]),
      ], longestSleep: longestSleep, clock: clock, log: log)
    self.store = store
    self.worker = worker
    self.stopping = stopping
    self.endingActions = endingActions
    self.service = service
    self.log = log
    // What an earlier process left is taken up at the first call: the handshake touches no disk.
    let worksInBackground =
      hasThreads && !configuration.isReadOnly && configuration.pathbound == .local
    let session = Self.sessionName()
    let tasks = TaskDesk(book: store, service: service, clock: clock)
    host = ToolCallHost(
      service: service, selection: selection,
      decisions: Decisions(mode: configuration.approvals, service: service, book: store, clock: clock),
      tasks: tasks, session: session,
      onFirstCall: { if worksInBackground { worker.start() } })
    offered = WorkspaceOffers.hosts(
      service: service, selection: selection, session: session, changes: configuration.isAnythingLocal ? store : nil,
      tasks: tasks,
      onRead: { if worksInBackground { worker.start() } })
    store.onDueWork { [dueWork] in
      if worksInBackground { worker.kick() } else { dueWork.isThere.store(true, ordering: .relaxed) }
    }
  }

  /// With a plan its windows, which all processes of the workspace share; else what nobody meets.
  private static func rateLimits(_ configuration: Configuration, clock: any Clock, log: Log) -> RateLimits {
    guard let plan = configuration.plan else { return RateLimits(windows: RateLimits.generous, clock: clock) }
    let path = configuration.databasePath
    let file = path == ":memory:" ? nil : RateWindowFile(path: path + "-rates")
    return RateLimits(windows: plan.windows, clock: clock, file: file, log: log)
  }

  /// Lets answers that are ready together leave in one write.
  func onAnswers(_ together: @escaping @Sendable (() -> Void) -> Void) { store.onAnswers(together) }

  /// Does everything that is due now, on the calling thread.
  func drain() { worker.drain() }

  /// Does what becomes due from now on, on threads of its own.
  func startWorker() { worker.start() }

  /// Does what the calls so far have made due, on the calling thread.
  func doDueWork() {
    if dueWork.isThere.load(ordering: .relaxed) { worker.drain() }
  }

  /// Ends the work in hand and waits until every write is durable.
  func finish(by deadline: Deadline) {
    stopping.cancel()
    var hasStopped = worker.stop(by: deadline)
    waitForPerformances(until: deadline)
    if !hasStopped || service.openPerformances > 0 {
      // What is under way is ended, and recorded as unknown where it is.
      endingActions.cancel()
      let last = Deadline.after(milliseconds: 2000)
      waitForPerformances(until: last)
      hasStopped = worker.stop(by: last)
    }
    if !hasStopped { log.warning("work in the background had not ended; it is taken up again later") }
    if !store.close(by: deadline) { log.error("not all writes were durable in time") }
  }

  /// Only while the program ends: nothing tells of a pool that has become idle.
  private func waitForPerformances(until deadline: Deadline) {
    while service.openPerformances > 0, !deadline.hasPassed { Thread.sleep(milliseconds: 5) }
  }

  /// Who is asked about people: all that is not in the workspace, but for scores.
  private static func enrichment(
    _ configuration: Configuration, http: any HTTPClient, stopping: Cancellation
  ) -> [any EnrichmentProvider] {
    configuration.enrichment.map { setting in
      var headers = HTTPHeaders()
      if let key = setting.key { headers["Authorization"] = "Bearer \(key)" }
      return HTTPEnrichment(
        name: setting.name, url: setting.url, phases: setting.phases, headers: headers, timeLimit: setting.timeLimit,
        client: http, stopping: stopping)
    }
  }

  /// What can think for agents; no key is looked at before a run asks for it.
  private static func providers(
    _ configuration: Configuration, http: any HTTPClient, clock: any Clock, stopping: Cancellation
  ) -> [any ModelProvider] {
    let remote = Configuration.ScoringModel.Provider.allCases.map { provider in
      model(of: provider, configuration, http: http, clock: clock, stopping: stopping)
    }
    return [RulesProvider(clock: clock)] + remote
  }

  /// What explains scores; nil when no model is set.
  private static func explainer(
    _ configuration: Configuration, http: any HTTPClient, clock: any Clock, stopping: Cancellation
  ) -> ScoreReasoner? {
    configuration.scoringModel.map { chosen in
      // The caller waits: clients give up on a call after a minute.
      let model = model(
        of: chosen.provider, configuration, http: http, clock: clock, stopping: stopping, timeLimit: 25_000)
      return ScoreReasoner(model, name: chosen.name)
    }
  }

  private static func model(
    of provider: Configuration.ScoringModel.Provider, _ configuration: Configuration, http: any HTTPClient,
    clock: any Clock, stopping: Cancellation, timeLimit: Int? = nil
  ) -> RemoteModel {
    let models = configuration.models
    func service(_ key: String?, _ url: String?) -> ModelService {
      var service = ModelService(key: key, baseURL: url, client: http, cancellation: stopping, clock: clock)
      if let timeLimit { service.timeLimit = timeLimit }
      return service
    }
    return switch provider {
    case .anthropic: .anthropic(service(models.anthropicKey, models.anthropicURL))
    case .openai: .openAI(service(models.openAIKey, models.openAIURL))
    }
  }

  /// What is listed and what may be called, as the configuration says.
  static func selection(_ configuration: Configuration) throws(UsageError) -> ToolSelection {
    let scopes = Scopes(granted: configuration.scopes, owlboundKey: configuration.owlboundKeyType)
    var options = ToolSelection.Options()
    options.toolsets = configuration.toolsets
    options.tools = configuration.tools
    options.excludedTools = configuration.excludedTools
    options.isReadOnly = configuration.isReadOnly
    options.localPlatforms = []
    if configuration.pathbound == .local { options.localPlatforms.append(.pathbound) }
    if configuration.owlbound == .local { options.localPlatforms.append(.owlbound) }
    options.isGranted = { scopes.allows($0) }
    do {
      return try ToolSelection(options)
    } catch {
      throw UsageError(error.message)
    }
  }

  /// Tells this process from others that share the workspace.
  private static func sessionName() -> String {
    var random = SystemRandomNumberGenerator()
    return String(random.next(), radix: 36)
  }
}
