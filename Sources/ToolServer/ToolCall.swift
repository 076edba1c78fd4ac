public import JSON
internal import JSONSchema
public import MCP
internal import Operations
internal import Platform
public import Service
internal import Synchronization

/// The catalogue as tools of an MCP server: finds the operation, checks the arguments, asks the service, answers.
public final class ToolCallHost: Sendable {
  /// A long answer's memory is given back, that of usual ones is kept for the next.
  private static let keptCapacity = 64 << 10

  private let service: CallService
  private let decisions: Decisions?
  private let tasks: TaskDesk?
  private let tools: [CallableTool]
  private let names: NameTable
  private let listed: [Operation]
  private let session: String
  private let onFirstCall: @Sendable () -> Void
  private let wasCalled = Atomic<Bool>(false)
  private let payload = Mutex(JSONWriter(sanitizing: true))

  /// A host over a service.
  ///
  /// - Parameters:
  ///   - selection: what is listed and what may be called.
  ///   - decisions: asks persons where they have a say; nil asks nobody.
  ///   - tasks: lets long work outlive its call; nil for never.
  ///   - session: tells this connection from others in the audit log.
  ///   - onFirstCall: runs once, when a first call has been answered, so that it does not wait for what this starts;
  ///     nothing that takes long belongs here.
  public init(
    service: CallService, selection: ToolSelection, decisions: Decisions? = nil, tasks: TaskDesk? = nil,
    session: String,
    onFirstCall: @escaping @Sendable () -> Void = {}
  ) {
    self.service = service
    self.decisions = decisions
    self.tasks = tasks
    self.session = session
    self.onFirstCall = onFirstCall
    tools = Catalogue.all.map { CallableTool($0, refusal: selection.denial(of: $0)?.refusal(of: $0)) }
    names = NameTable(Catalogue.all.map(\.name))
    listed = selection.listed
  }

  /// Does one call and waits for its end: the way of the command line.
  ///
  /// - Returns: the payload, one JSON object.
  public func callAndWait(_ name: String, _ arguments: JSONObject, client: String) throws(ServiceError) -> [UInt8] {
    guard let tool = tool(named: name) else { throw unknown(name) }
    let call = try tool.call(arguments, by: Caller(client: client, session: session), control: nil)
    noteFirstCall()
    let outcome = Monitor<Result<Answer, ServiceError>?>(nil)
    service.submit(call) { result in
      outcome.withLock { $0 = result }
      outcome.notify()
    }
    guard let result = outcome.wait({ $0 }) else { throw ServiceError(.internal, "The call was not done.") }
    return ResultMapping.payload(of: try result.get())
  }

  private func tool(named name: String) -> CallableTool? { names.position(of: name).map { tools[$0] } }

  private func unknown(_ name: String) -> ServiceError {
    let hint = Nearest.name(to: name, among: names.all).map { " Did you mean \"\($0)\"?" } ?? ""
    return ServiceError(.notFound, "There is no tool \"\(name.prefix(64))\".\(hint)")
  }

  private func noteFirstCall() {
    guard !wasCalled.load(ordering: .relaxed), !wasCalled.exchange(true, ordering: .relaxed) else { return }
    onFirstCall()
  }
}

extension ToolCallHost: ToolHost {
  /// The listed tools; clients ask for them once or twice, which is not worth keeping their text.
  public func writeToolList(_ form: ToolListForm, into writer: inout JSONWriter) {
    ToolDefinition.write(listed, form, into: &writer)
  }

  /// Whether the catalogue has it; what may not be called here is refused with a reason when it is called.
  public func hasTool(_ name: String) -> Bool { names.position(of: name) != nil }

  /// Answers a quick read at once, and everything else when it is done.
  public func call(_ request: ToolRequest, reply: ToolReply) {
    guard let tool = tool(named: request.name) else { return fail(unknown(request.name), reply) }
    do throws(ServiceError) {
      let call = try tool.call(request.arguments, by: caller(of: request, tool), control: ReplyControl(reply: reply))
      if request.answers == nil, service.isImmediate(call) {
        try answer(call, reply)
      } else if let decisions, decisions.concern(call) {
        decide(call, request, reply, decisions)
      } else if request.answers != nil {
        reply.reject(.invalidRequestState)
      } else {
        submit(call, request, reply)
      }
    } catch {
      fail(error, reply)
    }
  }

  /// Lets go of what the reads of the batch shared.
  public func endOfBatch() { service.endOfBatch() }

  /// Who asks: worked out for writes only, since nothing is recorded of a read.
  private func caller(of request: ToolRequest, _ tool: CallableTool) -> Caller {
    guard case .write = tool.operation.access else { return Caller(client: "", session: session) }
    let client = request.client
    return Caller(client: client.version.isEmpty ? client.name : "\(client.name) \(client.version)", session: session)
  }

  private func answer(_ call: Call, _ reply: ToolReply) throws(ServiceError) {
    defer { noteFirstCall() }
    try payload.withLock { (writer) throws(ServiceError) in
      writer.reset()
      let receipt = try service.read(call, into: &writer)
      writer.withBytes { reply.succeed(payload: $0, meta: ResultMapping.meta(of: receipt)) }
      writer.shrink(to: Self.keptCapacity)
    }
  }

  private func decide(_ call: Call, _ request: ToolRequest, _ reply: ToolReply, _ decisions: Decisions) {
    let next: @Sendable (Decisions.Step) -> Void = { [self] step in
      switch step {
      case .submit(let call): submit(call, request, reply)
      case .ask(let plan, let handle): ask(plan, call, handle, request, reply)
      case .refuse(let error): fail(error, reply)
      case .unknownHandle: reply.reject(.invalidRequestState)
      }
    }
    guard let answers = request.answers else {
      return decisions.begin(call, canAsk: request.capabilities.elicitsForms, next: next)
    }
    let (verdict, comment) = DecisionForm.verdict(answers, call.operation)
    decisions.resume(call, handle: answers.state, verdict, comment: comment, next: next)
  }

  private func ask(_ plan: DecisionPlan, _ call: Call, _ handle: String, _ request: ToolRequest, _ reply: ToolReply) {
    do throws(ServiceError) {
      reply.ask(try DecisionForm(plan: plan, call: call).question(), state: handle, in: request)
    } catch {
      fail(error, reply)
    }
  }

  private func submit(_ call: Call, _ request: ToolRequest, _ reply: ToolReply) {
    let finish: @Sendable (Result<Answer, ServiceError>) -> Void = { [self] result in
      defer { noteFirstCall() }
      switch result {
      case .success(let answer):
        ResultMapping.payload(of: answer).withUnsafeBytes {
          reply.succeed(payload: $0, meta: ResultMapping.meta(of: answer.receipt))
        }
      case .failure(let error): fail(error, reply)
      }
    }
    if let tasks, tasks.takes(call), request.capabilities.knowsTasks {
      noteFirstCall()
      tasks.begin(call, reply, finish: finish)
    } else {
      service.submit(call, completion: finish)
    }
  }
}

private func fail(_ error: ServiceError, _ reply: ToolReply) {
  reply.notice(.warning, "\(error.code.rawValue) (\(error.status))")
  ResultMapping.text(of: error).withUnsafeBytes { reply.fail(payload: $0) }
}

/// A reply as the service sees it.
private struct ReplyControl: CallControl {
  let reply: ToolReply

  var isCancelled: Bool { reply.isCancelled }

  func onCancel(_ handler: @escaping @Sendable () -> Void) { reply.onCancel(handler) }

  func progress(_ done: Double, total: Double?, message: String?) {
    reply.progress(done, total: total, message: message)
    if let message { reply.notice(.info, message) }
  }

  func waitForRoom() { reply.waitForRoom() }
}
