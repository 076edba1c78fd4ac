import Agents
import HTTP
import JSON
import Platform
import Service
import TestSupport

/// The two services whose wire format models are asked in.
enum WireForm: String, CaseIterable, Sendable {
  case anthropic, openai

  /// A successful response in which the model calls the tool with this input.
  func calling(_ input: JSONValue, tokens: Int64 = 100) -> LoopbackReply {
    switch self {
    case .anthropic:
      .json([
        "id": "msg_01", "type": "message", "role": "assistant", "model": "claude-opus-4-7",
        "content": [
          ["type": "text", "text": "Let me see."],
          ["type": "tool_use", "id": "toolu_01", "name": "propose_actions", "input": input],
        ],
        "stop_reason": "tool_use", "stop_sequence": .null,
        "usage": [
          "input_tokens": .integer(tokens), "cache_creation_input_tokens": 0, "cache_read_input_tokens": 11,
          "output_tokens": 7,
        ],
      ])
    case .openai:
      .json([
        "id": "chatcmpl-1", "object": "chat.completion", "model": "gpt-4.1",
        "choices": [
          [
            "index": 0, "finish_reason": "tool_calls",
            "message": [
              "role": "assistant", "content": .null,
              "tool_calls": [
                [
                  "id": "call_1", "type": "function",
                  "function": ["name": "propose_actions", "arguments": .string(input.text)],
                ]
              ],
            ],
          ]
        ],
        "usage": [
          "prompt_tokens": .integer(tokens + 11), "completion_tokens": 7, "total_tokens": .integer(tokens + 18),
        ],
      ])
    }
  }

  /// A successful response in which the model writes text and calls nothing.
  func saying(_ text: String) -> LoopbackReply {
    switch self {
    case .anthropic:
      .json([
        "type": "message", "role": "assistant", "content": [["type": "text", "text": .string(text)]],
        "stop_reason": "end_turn", "usage": ["input_tokens": 100, "output_tokens": 7],
      ])
    case .openai:
      .json([
        "choices": [["finish_reason": "stop", "message": ["role": "assistant", "content": .string(text)]]],
        "usage": ["prompt_tokens": 100, "completion_tokens": 7],
      ])
    }
  }

  /// A response that ended at the limit of tokens.
  var cutOff: LoopbackReply {
    switch self {
    case .anthropic:
      .json([
        "type": "message", "content": [["type": "tool_use", "name": "propose_actions", "input": [:]]],
        "stop_reason": "max_tokens", "usage": ["input_tokens": 1, "output_tokens": 1],
      ])
    case .openai:
      .json([
        "choices": [
          [
            "finish_reason": "length",
            "message": [
              "tool_calls": [
                ["function": ["name": "propose_actions", "arguments": "{\"reasoning\": \"Visi"], "type": "function"]
              ]
            ],
          ]
        ]
      ])
    }
  }

  /// An error as the service words it.
  func error(_ status: Int, _ message: String, headers: [String: String] = [:]) -> LoopbackReply {
    let error: JSONValue = ["type": "some_error", "message": .string(message)]
    return .json(["type": "error", "error": error], status: status, headers: headers)
  }

  /// What the model was told in a request: its rules and the person.
  func prompt(_ request: LoopbackRequest) -> (system: String, user: String) {
    let messages = request.json["messages"]?.arrayValue ?? []
    switch self {
    case .anthropic:
      return (
        request.json["system"]?[0]?["text"]?.stringValue ?? "", messages.first?["content"]?.stringValue ?? ""
      )
    case .openai:
      return (messages.first?["content"]?.stringValue ?? "", messages.last?["content"]?.stringValue ?? "")
    }
  }

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
