internal import JSON
internal import JSONSchema
internal import Operations
internal import Service

/// The one form in which a model answers: the parameters of a tool that it must call.
struct AnswerForm: Sendable {
  /// What the tool of runs is called.
  static let runToolName = "propose_actions"

  /// What the tool is called.
  let toolName: String
  /// What the tool is for.
  let purpose: String
  /// The tool's parameters.
  let schema: Schema
  private let compiled: CompiledSchema

  /// The form for what an agent may propose.
  init(_ run: ClaimedRun) {
    let types = ActionType.all.filter { run.allows($0) }.map(\.name)
    toolName = Self.runToolName
    purpose = "Gives the reasoning and the proposed actions for the contact; an empty list proposes none."
    schema = .object([
      .required("reasoning", .string("Which facts decided, in one to three sentences")),
      .required(
        "actions",
        .array(
          of: .object([
            .required("type", types.isEmpty ? .string() : .oneOf(types)),
            .required("params", .openObject([], "As the type's schema says")),
            .optional("requires_approval", .boolean("True where a person should decide in any case")),
          ]), "Empty where the playbook's conditions are not met")),
    ])
    compiled = CompiledSchema(schema)
  }

  /// The form for a text alone.
  private init(toolName: String, purpose: String, _ text: String) {
    self.toolName = toolName
    self.purpose = purpose
    schema = .object([.required("reasoning", .string(text))])
    compiled = CompiledSchema(schema)
  }

  /// The form for words on a score.
  static let explanation = AnswerForm(
    toolName: "explain_score", purpose: "Gives what to make of the score.", "Two to five sentences")

  /// What a model gave that can't be read.
  struct Broken: Error {
    /// What is wrong, in a sentence for the model.
    let problem: String
  }

  /// Reads what a model gave.
  func read(_ value: JSONValue) throws(Broken) -> ModelAnswer {
    guard case .object(let members) = value else { throw Broken(problem: "The answer is no JSON object.") }
    let valid: JSONObject
    do throws(ValidationFailure) {
      valid = try compiled.validate(members)
    } catch {
      throw Broken(problem: error.violations.prefix(5).map { "\($0.path): \($0.message)" }.joined(separator: " "))
    }
    let suggestions = (valid["actions"]?.arrayValue ?? []).map { action in
      ModelAnswer.Suggestion(
        type: action["type"]?.stringValue ?? "", params: action["params"]?.objectValue ?? [:],
        wantsApproval: action["requires_approval"]?.boolValue ?? false)
    }
    return ModelAnswer(reasoning: valid["reasoning"]?.stringValue ?? "", suggestions: suggestions)
  }

  /// Reads a text that should be the answer, perhaps in a fence, as models without tools write it.
  func read(text: String) throws(Broken) -> ModelAnswer {
    guard let start = text.utf8.firstIndex(of: UInt8(ascii: "{")),
      let end = text.utf8.lastIndex(of: UInt8(ascii: "}")), start < end,
      let value = try? JSONValue(parsing: Array(text.utf8[start...end]))
    else { throw Broken(problem: "The tool \(toolName) was not called.") }
    return try read(value)
  }
}
