internal import JSON
internal import JSONRPC

extension Method {
  /// How a task stands (tasks extension).
  static let getTask = Method(name: "tasks/get", eras: .modern, capability: .tasks) {
    session, call throws(RPCError) in
    let id = try taskID(call)
    let limit = session.wire.options.textLimit
    let reply = Reply<TaskSnapshot>(call) { task, writer in task.write(to: &writer, textLimit: limit) }
    session.offers.tasks?.task(id, reply: reply)
    session.open(reply)
  }

  /// Takes answers to what a task has asked.
  static let updateTask = Method(name: "tasks/update", eras: .modern, capability: .tasks) {
    session, call throws(RPCError) in
    let id = try taskID(call)
    let answers = try Answers(responses: call.params)
    let reply = Reply<Void>(call) { _, _ in }
    session.offers.tasks?.update(id, answers, reply: reply)
    session.open(reply)
  }

  /// Sees to it that a task ends.
  static let cancelTask = Method(name: "tasks/cancel", eras: .modern, capability: .tasks) {
    session, call throws(RPCError) in
    let id = try taskID(call)
    let reply = Reply<Void>(call) { _, _ in }
    session.offers.tasks?.cancel(id, reply: reply)
    session.open(reply)
  }

  /// The extension must be declared; only then the id is looked at.
  private static func taskID(_ call: MethodCall) throws(RPCError) -> String {
    guard ClientCapabilities(call.caller.capabilities, revision: call.caller.revision).knowsTasks else {
      throw TaskSnapshot.missingExtension
    }
    guard case .string(let id)? = call.params["taskId"], !id.isEmpty else {
      throw .invalidParameters("\"taskId\" must be a string.")
    }
    return id
  }
}
