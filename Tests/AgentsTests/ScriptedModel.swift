import Agents
import HTTP
import JSON
import Platform
import Service
import TestSupport

extension WireForm {
  /// The provider over a server on this computer; waits between attempts are short.
  func provider(_ server: LoopbackServer, key: String? = "sk-test-secret", timeLimit: Int = 10_000) -> RemoteModel {
    provider(url: server.url, key: key, timeLimit: timeLimit)
  }

  /// The provider at an address.
  func provider(
    url: String?, key: String? = "sk-test-secret", timeLimit: Int = 10_000, cancellation: Cancellation? = nil
  ) -> RemoteModel {
    var service = ModelService(
      key: key, baseURL: url,
      client: CurlClient(userAgent: "bound-mcp/test") { ServerProcess.path(ofProduct: "bound-mcp-http") },
      cancellation: cancellation, clock: ManualClock())
    service.timeLimit = timeLimit
    service.firstWait = 1
    return self == .anthropic ? .anthropic(service) : .openAI(service)
  }
}

extension ClaimedRun {
  /// A run of an agent that may mail and take notes.
  static func asking(
    _ wire: WireForm, capabilities: [String] = ["email", "notes"],
    playbook: JSONObject = ["playbook_md": "Write to those who came back."], model: JSONObject = [:]
  ) -> ClaimedRun {
    var config: JSONObject = ["provider": .string(wire.rawValue), "model": "some-model"]
    for (key, value) in model { config[key] = value }
    return ClaimedRun(
      id: "run_1", agentID: "ag_1", template: nil, playbook: playbook, capabilities: capabilities,
      identityID: "id_default", model: config, claim: 1)
  }
}

extension RunContact {
  /// A person of whom little is known.
  static func named(_ id: String, _ more: JSONObject = [:]) -> RunContact {
    var contact: JSONObject = ["id": .string(id), "email": "ada@example.com", "firstname": "Ada"]
    for (key, value) in more { contact[key] = value }
    return RunContact(
      id: id, context: ["contact": .object(contact), "events": [], "unified_profile": [:], "recent_actions": []])
  }
}
