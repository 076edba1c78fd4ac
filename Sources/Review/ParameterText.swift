public import JSON

/// The parameters of an action as a text that a person reads and edits: a line for each, then the message.
///
/// A value is written as it is where that can't be misread, else as JSON. The message is the parameter that holds the
/// text for somebody; it comes last, behind a blank line.
public struct ParameterText: Sendable {
  /// A text that can't be read as parameters, in a sentence that says what would be right.
  public struct Mistake: Error, Sendable, Equatable {
    /// The sentence.
    public let reason: String
  }

  /// Which parameter is the message: the first of these that is a text.
  private static let messages = ["message", "text", "html", "content", "description", "reason"]

  private let original: JSONObject
  private let message: String?

  /// Prepares a text of these parameters.
  public init(_ params: JSONObject) {
    original = params
    message = Self.messages.first { params[$0]?.stringValue != nil }
  }

  /// The lines above the message, `name: value`.
  public var header: [String] {
    original.filter { $0.key != message }.map { "\($0.key): \(Self.line($0.value))" }
  }

  /// The message; empty where there is none.
  public var body: String { message.flatMap { original[$0]?.stringValue } ?? "" }

  /// The whole, to be edited; lines that begin with # and stand above it are remarks.
  public func editable(remarks: [String]) -> String {
    var text = remarks.map { "# \($0)\n" }.joined()
    text += header.map { $0 + "\n" }.joined() + "\n"
    return message == nil ? text : text + body + (body.hasSuffix("\n") ? "" : "\n")
  }

  /// The parameters that an edited text says.
  public func parameters(of text: String) throws(Mistake) -> JSONObject {
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }[...]
    lines = lines.drop { $0.hasPrefix("#") }
    var params = JSONObject()
    while let line = lines.popFirst(), !line.allSatisfy(\.isWhitespace) {
      let (name, value) = try parameter(line)
      guard params[name] == nil, name != message else { throw Mistake(reason: "\(name.prefix(64)) is given twice") }
      params[name] = value
    }
    var body = lines.joined(separator: "\n")
    // Editors end the last line.
    if body.hasSuffix("\n"), !self.body.hasSuffix("\n") { body.removeLast() }
    if let message {
      params[message] = .string(body)
    } else if !body.allSatisfy(\.isWhitespace) {
      throw Mistake(reason: "this kind of action has no message, so nothing may follow the blank line")
    }
    return inOrder(params)
  }

  private func parameter(_ line: Substring) throws(Mistake) -> (String, JSONValue) {
    guard let colon = line.firstIndex(of: ":") else {
      throw Mistake(
        reason: "\"\(line.prefix(64))\" must be a line such as \"subject: Hello\"; the message follows a blank line")
    }
    let name = String(line[..<colon].filter { !$0.isWhitespace })
    let text = line[line.index(after: colon)...].trimmed
    let isText = original[name].map { $0.stringValue != nil } ?? !Self.looksLikeJSON(text)
    guard isText, text.first != "\"" else {
      guard let value = try? JSONValue(parsing: text) else {
        throw Mistake(
          reason:
            "\(name.prefix(64)) must be JSON, such as \(original[name].map { Self.line($0).prefix(64) } ?? "true")")
      }
      return (name, value)
    }
    return (name, .string(text))
  }

  /// As the parameters were before; new ones behind them.
  private func inOrder(_ params: JSONObject) -> JSONObject {
    var ordered = JSONObject()
    for key in original.keys { ordered[key] = params[key] }
    for (key, value) in params where ordered[key] == nil { ordered[key] = value }
    return ordered
  }

  private static func line(_ value: JSONValue) -> String {
    guard let text = value.stringValue else { return value.text }
    let isPlain = text == text[...].trimmed && text.first != "\"" && !text.contains(where: \.isNewline) && !text.isEmpty
    return isPlain ? text : value.text
  }

  private static func looksLikeJSON(_ text: String) -> Bool {
    text.first.map { "{[".contains($0) } == true || ["true", "false", "null"].contains(text) || Double(text) != nil
  }
}

extension Substring {
  /// Without blanks at both ends.
  fileprivate var trimmed: String {
    var text = self
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
