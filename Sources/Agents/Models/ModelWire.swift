internal import HTTP
internal import JSON
internal import JSONSchema
internal import Service

/// What one service's API looks like.
protocol ModelWire: Sendable {
  /// What `llm_config.provider` calls it.
  var provider: String { get }
  /// What people call it.
  var title: String { get }
  /// The variable that holds its key.
  var keyVariable: String { get }
  /// The variable that holds its address.
  var addressVariable: String { get }
  /// Where the provider's own service is.
  var standardURL: String { get }
  /// A model's name, as an example.
  var exampleModel: String { get }

  /// The path below the base address.
  var path: String { get }
  /// The header that carries a key.
  func headers(key: String?) -> HTTPHeaders
  /// The request's body.
  func body(_ question: ModelQuestion) -> JSONObject
  /// Reads the body of a successful response.
  func reply(_ body: JSONValue, _ form: AnswerForm) -> ModelReply
  /// What the service says of an error.
  func problem(_ body: JSONValue) -> String?
}

/// One question to a model.
struct ModelQuestion: Sendable {
  let model: String
  let prompt: ModelPrompt
  let form: AnswerForm
  /// As set by the agent's owner; nil leaves it to the model.
  let temperature: JSONValue?
  /// As set by the agent's owner.
  let maxTokens: Int64?
  /// It is asked at an address that is not the provider's own.
  let isElsewhere: Bool
}

/// What came back.
struct ModelReply: Sendable {
  /// The answer, or what is wrong with it.
  let answer: Result<ModelAnswer, AnswerForm.Broken>
  /// As the service reckons.
  let usage: ModelUsage
}

/// Anthropic's Messages API: one forced tool call (https://docs.anthropic.com/en/api/messages).
struct AnthropicWire: ModelWire {
  let provider = "anthropic"
  let title = "Anthropic"
  let keyVariable = "ANTHROPIC_API_KEY"
  let addressVariable = "ANTHROPIC_BASE_URL"
  let standardURL = "https://api.anthropic.com"
  let exampleModel = "claude-opus-4-7"
  let path = "/v1/messages"
  /// The API demands a limit; this one has room for the longest answer that is kept.
  private static let usualTokens: Int64 = 8000

  func headers(key: String?) -> HTTPHeaders {
    var headers: HTTPHeaders = ["anthropic-version": "2023-06-01", "Content-Type": "application/json"]
    if let key { headers["x-api-key"] = key }
    return headers
  }

  func body(_ question: ModelQuestion) -> JSONObject {
    var body: JSONObject = [
      "model": .string(question.model), "max_tokens": .integer(question.maxTokens ?? Self.usualTokens),
      // The same for every person of a run: read again from the service's cache.
      "system": [
        ["type": "text", "text": .string(question.prompt.system), "cache_control": ["type": "ephemeral"]]
      ],
      "messages": [["role": "user", "content": .string(question.prompt.user)]],
      "tools": [
        [
          "name": .string(question.form.toolName), "description": .string(question.form.purpose),
          "input_schema": question.form.schema.json,
        ]
      ],
      "tool_choice": ["type": "tool", "name": .string(question.form.toolName)],
    ]
    body["temperature"] = question.temperature
    return body
  }

  func reply(_ body: JSONValue, _ form: AnswerForm) -> ModelReply {
    let usage = body["usage"]
    let input = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]
    let blocks = body["content"]?.arrayValue ?? []
    let call = blocks.first { $0["type"] == "tool_use" && $0["name"]?.stringValue == form.toolName }
    return ModelReply(
      answer: Result { () throws(AnswerForm.Broken) in
        switch body["stop_reason"]?.stringValue {
        case "max_tokens": throw .cutOff
        case "refusal": throw .init(problem: "The model refused to answer.")
        default: break
        }
        if let input = call?["input"] { return try form.read(input) }
        return try form.read(text: blocks.compactMap { $0["text"]?.stringValue }.joined())
      }, usage: ModelUsage(input: input.map { usage?[$0] }, output: usage?["output_tokens"]))
  }

  func problem(_ body: JSONValue) -> String? { body["error"]?["message"]?.stringValue }
}

/// Chat completions as OpenAI and those who are compatible speak them: one forced function call
/// (https://platform.openai.com/docs/api-reference/chat).
struct OpenAIWire: ModelWire {
  let provider = "openai"
  let title = "OpenAI"
  let keyVariable = "OPENAI_API_KEY"
  let addressVariable = "OPENAI_BASE_URL"
  let standardURL = "https://api.openai.com/v1"
  let exampleModel = "gpt-4.1"
  let path = "/chat/completions"

  func headers(key: String?) -> HTTPHeaders {
    var headers: HTTPHeaders = ["Content-Type": "application/json"]
    if let key { headers["Authorization"] = "Bearer \(key)" }
    return headers
  }

  func body(_ question: ModelQuestion) -> JSONObject {
    var body: JSONObject = [
      "model": .string(question.model),
      "messages": [
        ["role": "system", "content": .string(question.prompt.system)],
        ["role": "user", "content": .string(question.prompt.user)],
      ],
      "tools": [
        [
          "type": "function",
          "function": [
            "name": .string(question.form.toolName), "description": .string(question.form.purpose),
            "parameters": question.form.schema.json,
          ],
        ]
      ],
      "tool_choice": ["type": "function", "function": ["name": .string(question.form.toolName)]],
    ]
    body["temperature"] = question.temperature
    // OpenAI's newer models refuse the older name, most others know only that.
    let limit = question.isElsewhere ? "max_tokens" : "max_completion_tokens"
    body[limit] = question.maxTokens.map { .integer($0) }
    return body
  }

  func reply(_ body: JSONValue, _ form: AnswerForm) -> ModelReply {
    let choice = body["choices"]?[0]
    let message = choice?["message"]
    let calls = message?["tool_calls"]?.arrayValue ?? []
    let call = calls.first { $0["function"]?["name"]?.stringValue == form.toolName }
    let usage = body["usage"]
    return ModelReply(
      answer: Result { () throws(AnswerForm.Broken) in
        if choice?["finish_reason"] == "length" { throw .cutOff }
        if let refusal = message?["refusal"]?.stringValue, !refusal.isEmpty {
          throw .init(problem: "The model refused to answer.")
        }
        // The arguments are JSON in a text; some services give the object itself.
        guard let arguments = call?["function"]?["arguments"] else {
          return try form.read(text: message?["content"]?.stringValue ?? "")
        }
        if let text = arguments.stringValue { return try form.read(text: text) }
        return try form.read(arguments)
      }, usage: ModelUsage(input: [usage?["prompt_tokens"]], output: usage?["completion_tokens"]))
  }

  func problem(_ body: JSONValue) -> String? {
    body["error"]?["message"]?.stringValue ?? body["error"]?.stringValue
  }
}

extension AnswerForm.Broken {
  /// The answer is longer than the model may write.
  static let cutOff = Self(problem: "The answer was cut off at the limit of tokens; answer more briefly.")
}

extension ModelUsage {
  /// Reads what a service reckons; what is no number, or none that makes sense, counts as 0.
  fileprivate init(input: [JSONValue?], output: JSONValue?) {
    func tokens(_ value: JSONValue?) -> Int64 { min(max(0, value?.integerValue ?? 0), 1_000_000_000) }
    self.init()
    requests = 1
    inputTokens = input.reduce(0) { $0 + tokens($1) }
    outputTokens = tokens(output)
  }
}

extension Schema {
  /// The schema as JSON.
  fileprivate var json: JSONValue {
    var writer = JSONWriter(capacity: 1024)
    write(into: &writer)
    return (try? JSONValue(parsing: writer.finish())) ?? .null
  }
}
