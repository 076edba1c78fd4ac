internal import JSON
internal import MCP
internal import Operations

/// A prompt: what it asks for, what it embeds, and what it tells the model to do.
struct PromptKind: Sendable {
  /// What a person may fill in.
  struct Argument: Sendable {
    let name: String
    let description: String
    let isRequired: Bool
    let source: CompletionSource

    static func required(_ name: String, _ description: String, _ source: CompletionSource = .none) -> Argument {
      Argument(name: name, description: description, isRequired: true, source: source)
    }

    static func optional(_ name: String, _ description: String, _ source: CompletionSource = .none) -> Argument {
      Argument(name: name, description: description, isRequired: false, source: source)
    }
  }

  /// Live data that saves the model a call.
  struct Embedded: Sendable {
    /// What it is, for the model.
    let label: String
    let operation: Operation
    let arguments: JSONObject
    /// Whether there is no prompt without it: what it is about does not exist.
    var isNeeded = false
  }

  /// `^[a-z_]+$`; clients make a slash command of it.
  let name: String
  let title: String
  let description: String
  let arguments: [Argument]
  /// Operations without which the prompt makes no sense.
  let needs: [Operation]
  /// What is read for it.
  let data: @Sendable (PromptArguments) -> [Embedded]
  /// What the person wants, in lines; nil where there is nothing to say.
  let opening: @Sendable (PromptArguments) -> [String?]
  /// What the model is to do, of which the lines that name a tool that can't be called are left out.
  let steps: @Sendable (PromptArguments) -> [String]

  func argument(named name: String) -> Argument? { arguments.first { $0.name == name } }

  /// Its entry in the list of prompts.
  var entry: [UInt8] {
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    writer.key("name")
    writer.string(name)
    writer.key("title")
    writer.string(title)
    writer.key("description")
    writer.string(description)
    writer.key("arguments")
    writer.beginArray()
    for argument in arguments {
      writer.beginObject()
      writer.key("name")
      writer.string(argument.name)
      writer.key("description")
      writer.string(argument.description)
      writer.key("required")
      writer.bool(argument.isRequired)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return writer.finish()
  }
}

/// What a person has filled in: data, quoted wherever it stands in a text.
struct PromptArguments: Sendable {
  private let values: [String: String]

  init(_ values: [String: String]) { self.values = values }

  /// The value without white space around it; nil when there is none.
  subscript(name: String) -> String? {
    guard let value = values[name] else { return nil }
    let scalars = value.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return nil }
    return String(scalars[first...last])
  }

  /// The value as a JSON string, so that it can't be taken for the words around it; nil when there is none.
  func quoted(_ name: String) -> String? {
    self[name].map { PromptData.text(.string($0)) }
  }

  /// How a person's record is found: by e-mail address or by either platform's id.
  func person(_ name: String) -> JSONObject {
    guard let value = self[name] else { return [:] }
    if value.contains("@") { return ["email": .string(value)] }
    return value.hasPrefix("ct_") ? ["pathbound_contact_id": .string(value)] : ["owlbound_contact_id": .string(value)]
  }
}

/// Data inside a text for a model.
enum PromptData {
  /// More than this of one payload is not embedded.
  static let limit = 16_000

  /// JSON in which nothing can look like a tag.
  static func text(_ value: JSONValue) -> String {
    var writer = JSONWriter(capacity: 512, sanitizing: true)
    writer.value(value)
    return text(writer.finish())
  }

  /// The same of serialised JSON.
  static func text(_ json: [UInt8]) -> String {
    guard json.contains(UInt8(ascii: "<")) else { return String(decoding: json, as: UTF8.self) }
    var text: [UInt8] = []
    text.reserveCapacity(json.count + 64)
    // Inside JSON, < can only stand in a string.
    for byte in json { if byte == UInt8(ascii: "<") { text += Array(#"\u003c"#.utf8) } else { text.append(byte) } }
    return String(decoding: text, as: UTF8.self)
  }
}
