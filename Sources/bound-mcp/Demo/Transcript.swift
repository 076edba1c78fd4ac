internal import JSON
internal import Platform

/// Calls tools over a conversation and shows each request and answer.
final class Transcript {
  private let conversation: Conversation
  private let console: Console
  private let clock = SystemClock()
  private static let width = 104
  private var step = 0

  init(_ conversation: Conversation, console: Console) {
    self.conversation = conversation
    self.console = console
  }

  /// Begins a new part of the story.
  func step(_ title: String, _ explanation: String = "") {
    step += 1
    console.line()
    console.line(console.styled("\(step). \(title)", .bold))
    if !explanation.isEmpty { console.line("   " + explanation) }
  }

  /// Opens the session.
  func initialize() throws(DemoFailure) -> JSONValue {
    let params: JSONObject = [
      "protocolVersion": "2025-11-25", "capabilities": [:],
      "clientInfo": ["name": "bound-mcp demo", "version": "1"],
    ]
    showRequest("initialize", .object(params))
    let start = clock.monotonic()
    let result = try conversation.request("initialize", params)
    showAnswer(["protocolVersion": result["protocolVersion"] ?? nil, "serverInfo": result["serverInfo"] ?? nil], start)
    try conversation.notify("notifications/initialized")
    return result
  }

  /// Asks for the tools; shows how many there are and how they are called.
  func listTools() throws(DemoFailure) {
    showRequest("tools/list", [:])
    let start = clock.monotonic()
    let tools = try conversation.request("tools/list", [:])["tools"]?.arrayValue ?? []
    let names = tools.prefix(3).compactMap { $0["name"]?.stringValue }.joined(separator: ", ")
    showAnswer(["\(tools.count) tools: \(names), …"], start)
  }

  /// Calls a tool; of the answer what these JSON Pointers lead to is shown, or all without any.
  @discardableResult
  func call(
    _ tool: String, _ arguments: JSONObject, showing pointers: [String] = [], quietly: Bool = false
  ) throws(DemoFailure) -> JSONValue {
    if !quietly { showRequest("tools/call " + tool, .object(arguments)) }
    let start = clock.monotonic()
    let result = try conversation.request("tools/call", ["name": .string(tool), "arguments": .object(arguments)])
    guard result["isError"]?.boolValue != true, let payload = result["structuredContent"] else {
      throw DemoFailure(message: "\(tool): \(result["content"]?[0]?["text"]?.stringValue ?? result.text)")
    }
    if !quietly { showAnswer(Self.selection(of: payload, pointers), start) }
    return payload
  }

  /// Asks again and again until the condition gives a value, shows the last answer; fails after ten seconds.
  func poll<Value>(
    _ tool: String, _ arguments: JSONObject, until condition: (JSONValue) -> Value?, showing pointers: [String] = []
  ) throws(DemoFailure) -> Value {
    showRequest("tools/call " + tool, .object(arguments))
    let start = clock.monotonic()
    let deadline = Deadline.after(milliseconds: 10_000)
    while true {
      let payload = try call(tool, arguments, quietly: true)
      if let value = condition(payload) {
        showAnswer(Self.selection(of: payload, pointers), start)
        return value
      }
      guard !deadline.hasPassed else { throw DemoFailure(message: "\(tool): nothing came of it in ten seconds") }
      Thread.sleep(milliseconds: 20)
    }
  }

  /// The members with these pointers, each under its last name.
  private static func selection(of payload: JSONValue, _ pointers: [String]) -> JSONValue {
    guard !pointers.isEmpty else { return payload }
    var selection = JSONObject()
    for text in pointers {
      guard let pointer = JSONPointer(parsing: text), let name = pointer.tokens.last else { continue }
      selection[name] = pointer.resolve(in: payload)
    }
    return .object(selection)
  }

  private func showRequest(_ name: String, _ arguments: JSONValue) {
    console.line(console.styled("   → \(name)", .cyan))
    guard arguments.objectValue?.isEmpty != true else { return }
    for line in Excerpt.lines(arguments, width: Self.width) { console.line("     " + line) }
  }

  private func showAnswer(_ value: JSONValue, _ start: UInt64) {
    showAnswer(Excerpt.lines(value, width: Self.width), start)
  }

  private func showAnswer(_ lines: [String], _ start: UInt64) {
    let tenths = (clock.monotonic() - start + 50_000) / 100_000
    let time = console.styled("\(tenths / 10).\(tenths % 10) ms", .dim)
    for (index, line) in lines.enumerated() {
      let arrow = index == 0 ? console.styled("   ← ", .green) : "     "
      console.line(arrow + line + (index == lines.count - 1 ? "  " + time : ""))
    }
  }
}
