public import JSON
public import JSONRPC

/// A form for the person at the client: what is to be decided, and what to fill in.
///
/// The protocol allows flat forms of simple fields only, and clients show no more than texts, choices and switches.
public struct Question: Sendable {
  /// Stands for the question among others of the same call.
  public let key: String
  /// What the person reads.
  public let message: String
  /// What the person fills in; at least one, since clients hang at empty forms.
  public let fields: [Field]

  /// One thing to fill in.
  public struct Field: Sendable {
    /// Its name in the answer.
    public let name: String
    /// Its name for people.
    public let title: String
    /// What it takes.
    public let kind: Kind
    /// Whether an answer without it is none.
    public let isRequired: Bool

    /// Describes a field.
    public init(_ name: String, title: String, _ kind: Kind, isRequired: Bool = true) {
      self.name = name
      self.title = title
      self.kind = kind
      self.isRequired = isRequired
    }
  }

  /// What a field takes.
  public enum Kind: Sendable {
    /// Yes or no.
    case switched
    /// One of several values, each with a name for people.
    case choice([(value: String, name: String)])
    /// Words, at most so many characters.
    case text(longest: Int)
    /// An e-mail address.
    case email
  }

  /// Puts a question together.
  public init(key: String, message: String, fields: [Field]) {
    self.key = key
    self.message = message
    self.fields = fields
  }

  /// Whether what was filled in is what the form asks for; further members do no harm.
  public func isAnswered(by content: JSONObject) -> Bool {
    fields.allSatisfy { field in
      guard let value = content[field.name], !value.isNull else { return !field.isRequired }
      return field.kind.takes(value)
    }
  }
}

extension Question.Kind {
  fileprivate func takes(_ value: JSONValue) -> Bool {
    switch self {
    case .switched: value.boolValue != nil
    case .choice(let choices): choices.contains { .string($0.value) == value }
    case .text(let longest): value.stringValue.map { $0.unicodeScalars.count <= longest } ?? false
    case .email: value.stringValue.map { $0.utf8.count <= 254 && $0.utf8.contains(UInt8(ascii: "@")) } ?? false
    }
  }

  /// Titles of choices are `enumNames`: deprecated, but the one form that every revision with forms knows.
  fileprivate func write(to writer: inout JSONWriter) {
    switch self {
    case .switched: writer.append("\"type\":\"boolean\"")
    case .choice(let choices):
      writer.append("\"type\":\"string\"")
      writer.key("enum")
      writer.value(.array(choices.map { .string($0.value) }))
      writer.key("enumNames")
      writer.value(.array(choices.map { .string($0.name) }))
    case .text(let longest):
      writer.append("\"type\":\"string\"")
      writer.key("maxLength")
      writer.integer(Int64(longest))
    case .email: writer.append("\"type\":\"string\",\"format\":\"email\"")
    }
  }
}

extension Question {
  /// Writes `method` and `params` of `elicitation/create`, without braces.
  func write(to writer: inout JSONWriter, revision: Revision) {
    writer.append("\"method\":\"elicitation/create\",\"params\":{")
    // 2025-06-18 knows forms only and has no word for them.
    if revision >= .november2025 { writer.append("\"mode\":\"form\",") }
    writer.append("\"message\":")
    writer.string(message)
    writer.append(",\"requestedSchema\":{\"type\":\"object\"")
    writer.key("properties")
    writer.beginObject()
    for field in fields {
      writer.key(field.name)
      writer.append("{")
      field.kind.write(to: &writer)
      writer.key("title")
      writer.string(field.title)
      writer.append("}")
    }
    writer.endObject()
    writer.key("required")
    writer.value(.array(fields.filter(\.isRequired).map { .string($0.name) }))
    writer.append("}}")
  }
}

/// What became of a question.
public enum QuestionAnswer: Sendable, Equatable {
  /// The person has filled in the form; not checked.
  case accepted(JSONObject)
  /// The person says no.
  case declined
  /// The person has put it away, or nobody is there.
  case cancelled
  /// What came is no answer, or the client can't ask after all.
  case unusable
  /// Nothing came in time.
  case silent

  /// Reads what a client sends (`ElicitResult`).
  init(_ result: JSONObject) {
    switch result["action"]?.stringValue {
    case "accept": self = .accepted(result["content"]?.objectValue ?? [:])
    case "decline": self = .declined
    case "cancel": self = .cancelled
    default: self = .unusable
    }
  }
}

/// What came back after a tool has asked: its own words of then, and the answers.
public struct Answers: Sendable {
  /// What the tool gave along with its question; comes from the client, which may have changed it.
  public let state: String
  private let answers: JSONObject

  /// The answer to the question of that key; nil when it was not given.
  public subscript(key: String) -> QuestionAnswer? {
    answers[key]?.objectValue.map { QuestionAnswer($0) } ?? single(key)
  }

  private let other: (key: String, answer: QuestionAnswer)?

  private func single(_ key: String) -> QuestionAnswer? { other?.key == key ? other?.answer : nil }

  /// The one answer to the one question that was asked.
  init(state: String, key: String, _ answer: QuestionAnswer) {
    self.state = state
    answers = JSONObject()
    other = (key, answer)
  }

  /// Reads the answers to what a task has asked.
  init(responses params: JSONObject) throws(RPCError) {
    guard case .object(let members)? = params["inputResponses"] else {
      throw .invalidParameters("\"inputResponses\" must be an object.")
    }
    for member in members where member.value.objectValue == nil {
      throw .invalidParameters("\"inputResponses\" must hold objects.")
    }
    (state, answers, other) = ("", members, nil)
  }

  /// Reads the members of a request that is made again (2026-07-28, multi round-trip requests); nil when it is not.
  init?(_ params: JSONObject) throws(RPCError) {
    switch params["inputResponses"] {
    case nil, .null?: answers = JSONObject()
    case .object(let members)?:
      for member in members where member.value.objectValue == nil {
        throw .invalidParameters("\"inputResponses\" must hold objects.")
      }
      answers = members
    default: throw .invalidParameters("\"inputResponses\" must be an object.")
    }
    other = nil
    switch params["requestState"] {
    case nil, .null?: return nil
    case .string(let text)?: state = text
    default: throw .invalidRequestState
    }
  }
}

extension RPCError {
  /// What `requestState` says is unknown, used up, too old or made for something else; the same words for all.
  public static let invalidRequestState = RPCError(
    .invalidParameters, "This \"requestState\" is not valid. Make the request again without it.")
}
