internal import JSON
internal import JSONRPC

extension Method {
  /// Uses a tool (2026-07-28, server/tools).
  ///
  /// A member `task` of older drafts is ignored: none are run here.
  static let callTool = Method(name: "tools/call", eras: [.legacy, .modern], capability: .tools) {
    session, call throws(RPCError) in
    guard case .string(let name)? = call.params["name"] else { throw .invalidParameters("\"name\" must be a string.") }
    let arguments = try arguments(of: call.params)
    guard session.host.hasTool(name) else {
      throw .invalidParameters("There is no tool \"\(name.abbreviated(to: 80))\" here.")
    }
    // Clients of older revisions answer questions by themselves and not by making the request again.
    let answers = call.caller.revision.isModern ? try Answers(call.params) : nil
    let request = ToolRequest(name: name, arguments: arguments, caller: call.caller, answers: answers)
    let reply = ToolReply(
      call.responder, progressToken: call.progressToken, noticeLevel: call.caller.noticeLevel, host: session.host)
    session.host.call(request, reply: reply)
    if reply.isOpen { session.wire.calls.add(reply) }
  }

  private static func arguments(of params: JSONObject) throws(RPCError) -> JSONObject {
    switch params["arguments"] {
    case .object(let members)?: members
    case nil, .null?: JSONObject()
    default: throw .invalidParameters("\"arguments\" must be an object.")
    }
  }
}
