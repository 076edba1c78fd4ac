internal import JSON
internal import Operations
internal import Platform
public import Service
internal import Synchronization

/// Runs a playbook over the stored history and stores nothing: whom it would look at, what it would propose, and what
/// would stand against that.
public struct RunRehearsal: RunRehearser {
  /// So many people are looked at by templates, which take no time.
  private static let ruleLimit = 100
  /// So many by a model: the caller waits, and each costs tokens.
  private static let modelLimit = 10
  /// No further person is begun after so many milliseconds: clients give up waiting after a minute or two.
  private static let timeLimit: UInt64 = 50_000
  /// Results that take more bytes than this are left out.
  private static let byteLimit = 40_000

  private let history: any RunHistory
  private let performer: RunExecutor

  /// Rehearses runs with the executor that works on real ones.
  public init(history: any RunHistory, performer: RunExecutor) {
    self.history = history
    self.performer = performer
  }

  /// The answer to a call of `pathbound_trigger_agent` with `dry_run`.
  public func rehearse(_ call: Call) throws(ServiceError) -> Answer {
    let plan = try history.plan(call)
    let provider = plan.run.model["provider"]?.stringValue ?? RulesProvider.providerName
    guard provider != "client" else {
      throw .invalid(
        "/dry_run",
        "The connected agent is this agent's model, and a dry run can't ask it. Trigger it: what you propose then waits "
          + "for a decision.")
    }
    let limit = provider == RulesProvider.providerName ? Self.ruleLimit : Self.modelLimit
    let desk = RehearsalDesk(plan, history, limit: limit, control: call.control)
    let deadline = Deadline.after(milliseconds: Self.timeLimit)
    performer.perform(plan.run, queue: desk) { deadline.hasPassed || call.control?.isCancelled == true }
    if call.control?.isCancelled == true { throw ServiceError(.cancelled, "The call was withdrawn.") }
    return Answer(payload: try desk.payload(byteLimit: Self.byteLimit))
  }
}

/// Takes the results of a run that is not stored.
private final class RehearsalDesk: RunQueue {
  private struct State {
    var next = 0
    var results: [(result: ContactResult, contact: JSONObject, judged: [JudgedProposal])] = []
    var contact: JSONObject = [:]
    var failure: String?
    var error: ServiceError?
  }

  private let plan: RunPlan
  private let history: any RunHistory
  private let limit: Int
  private let control: (any CallControl)?
  private let state = Mutex(State())

  init(_ plan: RunPlan, _ history: any RunHistory, limit: Int, control: (any CallControl)?) {
    self.plan = plan
    self.history = history
    self.limit = limit
    self.control = control
  }

  func claimRun() throws(ServiceError) -> ClaimedRun? { nil }

  func nextContact(of run: ClaimedRun) throws(ServiceError) -> RunContact? {
    while true {
      let position = state.withLock { state in
        defer { state.next += 1 }
        return state.next
      }
      guard position < min(plan.contacts.count, limit) else { return nil }
      control?.progress(Double(position), total: Double(min(plan.contacts.count, limit)), message: nil)
      guard let contact = try history.contact(plan.contacts[position]) else { continue }
      state.withLock { $0.contact = contact.context["contact"]?.objectValue ?? [:] }
      return contact
    }
  }

  func record(_ result: ContactResult, of run: ClaimedRun) throws(ServiceError) {
    let judged = try history.judge(result.proposals, for: result.contactID, run: run)
    state.withLock { $0.results.append((result, $0.contact, judged)) }
  }

  func finish(_ run: ClaimedRun, failure: String?) throws(ServiceError) { state.withLock { $0.failure = failure } }

  /// The payload: counts, and the results, those with proposals first.
  func payload(byteLimit: Int) throws(ServiceError) -> [UInt8] {
    let state = state.withLock { $0 }
    if let failure = state.failure, state.results.isEmpty { throw ServiceError(.unavailable, failure) }
    var writer = JSONWriter(capacity: 8192, sanitizing: true)
    writer.beginObject()
    writer.member("job_id", .string("dry run"))
    writer.member("dry_run", true)
    writer.member("notice", "Nothing was stored, queued or sent. This is what a run would propose now.")
    writer.member("contacts", .integer(Int64(plan.contacts.count)))
    writer.member("contacts_evaluated", .integer(Int64(state.results.count)))
    if let failure = state.failure { writer.member("error", .string(failure)) }
    if state.results.count < plan.contacts.count {
      writer.member("advice", "Not all contacts were looked at. Name others in contact_ids to see theirs.")
    }
    let judged = state.results.flatMap(\.judged)
    writer.member("actions_proposed", .integer(Int64(judged.count { $0.status != nil })))
    writer.member("actions_auto_approved", .integer(Int64(judged.count { $0.status == .autoApproved })))
    writer.member("actions_blocked_now", .integer(Int64(judged.count { !$0.obstacles.isEmpty })))
    writer.key("contact_results")
    writer.beginArray()
    var omitted = 0
    for entry in state.results.filter({ !$0.judged.isEmpty }) + state.results.filter(\.judged.isEmpty) {
      let start = writer.mark()
      writer.value(.object(Self.json(entry.result, entry.contact, entry.judged)))
      if writer.count > byteLimit {
        writer.rewind(to: start)
        omitted += 1
      }
    }
    writer.endArray()
    if omitted > 0 { writer.member("omitted", .integer(Int64(omitted))) }
    writer.endObject()
    return writer.finish()
  }

  private static func json(
    _ result: ContactResult, _ contact: JSONObject, _ judged: [JudgedProposal]
  ) -> JSONObject {
    var json: JSONObject = ["contact_id": .string(result.contactID)]
    var person: JSONObject = [:]
    for name in ["email", "firstname", "lastname", "company"] { person[name] = contact[name] }
    json["contact"] = .object(person)
    json["reasoning"] = .string(result.reasoning)
    if let error = result.error { json["error"] = .string(error) }
    json["proposed_actions"] = .array(
      judged.map { proposal in
        var action: JSONObject = ["type": .string(proposal.type), "params": .object(proposal.params)]
        action["status"] = .string(proposal.status?.rawValue ?? "dropped")
        if let comment = proposal.comment { action["comment"] = .string(comment) }
        if !proposal.obstacles.isEmpty { action["blocked_by"] = .array(proposal.obstacles.map { .object($0.json) }) }
        return .object(action)
      })
    return json
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ key: StaticString, _ value: JSONValue) {
    self.key(key)
    self.value(value)
  }
}
