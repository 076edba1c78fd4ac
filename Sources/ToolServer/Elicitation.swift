internal import JSON
internal import JSONSchema
internal import MCP
internal import Operations
internal import Service

/// A decision as a form for the person at the client.
struct DecisionForm {
  /// The question's key, and the name of the field that decides.
  static let decision = "decision"
  private static let comment = "comment"
  private static let yes = "approve"

  let plan: DecisionPlan
  let call: Call

  /// The form, with all that would be done.
  ///
  /// - Throws: when that is more than a person can be expected to read: nobody approves what was not shown.
  func question() throws(ServiceError) -> Question {
    var fields = [
      Question.Field(
        Self.decision, title: "Your decision", .choice([(Self.yes, "Yes, do it"), ("leave", "No, leave it")]))
    ]
    if Self.takesComment(call.operation) {
      fields.append(.init(Self.comment, title: "Comment for the log", .text(longest: 500), isRequired: false))
    }
    return Question(key: Self.decision, message: try DecisionCard(plan).text(), fields: fields)
  }

  /// What the answers say, and the comment that came along.
  static func verdict(_ answers: Answers, _ operation: Operation) -> (verdict: Decisions.Verdict, comment: String?) {
    switch answers[decision] {
    case .accepted(let content):
      // A client that accepts without a word has not shown the form.
      switch content[decision]?.stringValue {
      case yes?: (.yes, takesComment(operation) ? comment(in: content) : nil)
      case "leave"?: (.no, nil)
      default: (.unclear, nil)
      }
    case .declined?: (.no, nil)
    case .cancelled?, .silent?: (.none, nil)
    case .unusable?, nil: (.unclear, nil)
    }
  }

  private static func comment(in content: JSONObject) -> String? {
    guard let text = content[comment]?.stringValue, !text.isEmpty, text.unicodeScalars.count <= 500 else { return nil }
    return text
  }

  private static func takesComment(_ operation: Operation) -> Bool {
    guard case .object(let properties, _) = operation.input.kind else { return false }
    return properties.contains { $0.name == comment }
  }
}
