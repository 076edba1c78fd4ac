internal import JSON
internal import Operations
public import Platform

/// Waits for runs, so that who has started one need not ask for it again and again.
public protocol RunWatcher: Sendable {
  /// Waits until the run has ended, waits for the connected agent, or the deadline has passed; reports progress after
  /// each contact, also where another process works on the run.
  func waitForRun(_ id: String, until deadline: Deadline, control: (any CallControl)?) throws(ServiceError)
}

/// A call that is to be answered when a run has ended: `wait_seconds`.
struct RunWait {
  /// The call's own, as `pathbound_get_agent_run` has it.
  let seconds: UInt64
  let call: Call

  /// Nil for a call that is to be answered at once.
  init?(_ call: Call) {
    // Looked up only where it can be: every call passes here.
    guard call.operation.takesWait, !call.isRehearsal,
      let seconds = call.arguments["wait_seconds"]?.integerValue, seconds > 0
    else { return nil }
    self.seconds = UInt64(seconds)
    self.call = call
  }

  /// Waits for a run.
  func wait(for run: String, _ watcher: any RunWatcher) throws(ServiceError) {
    try watcher.waitForRun(run, until: .after(milliseconds: seconds * 1000), control: call.control)
  }

  /// Waits for the run that a trigger's answer names, and adds how it then stands.
  func extend(_ answer: Answer, _ watcher: any RunWatcher, _ backend: any Backend) throws(ServiceError) -> Answer {
    guard case .object(var payload)? = try? JSONValue(parsing: answer.payload),
      let run = payload["run_id"]?.stringValue
    else { return answer }
    try wait(for: run, watcher)
    let look = Call(
      operation: PathboundAgents.getAgentRun, arguments: ["runId": .string(run), "mode": "summary"],
      caller: call.caller)
    var writer = JSONWriter(capacity: 1024, sanitizing: true)
    _ = try backend.read(look, into: &writer)
    payload["run"] = (try? JSONValue(parsing: writer.finish()))?["run"]
    return Answer(payload: JSONValue.object(payload).serialized(), receipt: answer.receipt)
  }
}
