public import JSON

/// The two services whose wire format models are asked in.
public enum WireForm: String, CaseIterable, Sendable {
  /// The Messages API.
  case anthropic
  /// Chat completions.
  case openai

  /// A successful response in which the model calls the tool with this input.
  public func calling(_ input: JSONValue, tokens: Int64 = 100, tool: String = "propose_actions") -> LoopbackReply {
    switch self {
    case .anthropic:
      .json([
        "id": "msg_01", "type": "message", "role": "assistant", "model": "claude-opus-4-7",
        "content": [
          ["type": "text", "text": "Let me see."],
          ["type": "tool_use", "id": "toolu_01", "name": .string(tool), "input": input],
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
                  "function": ["name": .string(tool), "arguments": .string(input.text)],
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
  public func saying(_ text: String) -> LoopbackReply {
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
  public var cutOff: LoopbackReply {
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
  public func error(_ status: Int, _ message: String, headers: [String: String] = [:]) -> LoopbackReply {
    let error: JSONValue = ["type": "some_error", "message": .string(message)]
    return .json(["type": "error", "error": error], status: status, headers: headers)
  }

  /// What the model was told in a request: its rules and the person.
  public func prompt(_ request: LoopbackRequest) -> (system: String, user: String) {
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
}
