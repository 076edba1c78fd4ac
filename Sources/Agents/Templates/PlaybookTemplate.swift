internal import JSON
internal import Operations
internal import Platform
internal import Service
internal import Templates

/// A predefined playbook: conditions on facts, and what is proposed when they hold.
protocol PlaybookTemplate: Sendable {
  /// What an agent's `playbook_template` calls it.
  static var name: String { get }

  /// Reads the keys of a playbook that tune it.
  init(_ settings: PlaybookSettings) throws(ProviderFailure)

  /// Whether to propose something for this person; the reasoning names the condition that decided.
  func decide(_ facts: ContactFacts) -> ModelAnswer
}

/// What both templates do alike.
extension PlaybookTemplate {
  /// The answer that proposes nothing.
  func nothing(_ reason: String) -> ModelAnswer { ModelAnswer(reasoning: "\(reason): proposing nothing.") }

  /// The answer that proposes an e-mail, or nothing when the text needs a fact that is unknown.
  func mail(
    to email: String, _ reason: String, subject: TextTemplate, message: TextTemplate,
    values: [PlaybookFact: String]
  ) -> ModelAnswer {
    do throws(TextTemplate.Missing) {
      let params: JSONObject = [
        "email": .string(email), "subject": .string(try subject.filled(values)),
        "message": .string(try message.filled(values)),
      ]
      return ModelAnswer(
        reasoning: "\(reason).", suggestions: [.init(type: ActionType.emailMessage.name, params: params)])
    } catch {
      let name = error.placeholder.rawValue
      return nothing(
        "\(reason), but the text needs {{\(name)}}, which is unknown here (a stand-in would do: {{\(name)|…}})")
    }
  }

  /// Values of the placeholders that every template has.
  func values(_ facts: ContactFacts) -> [PlaybookFact: String] {
    var values: [PlaybookFact: String] = [:]
    values[.firstname] = MessageFact.line(facts.firstName)
    values[.lastname] = MessageFact.line(facts.lastName)
    values[.company] = MessageFact.line(facts.company)
    values[.jobtitle] = MessageFact.line(facts.jobTitle)
    values[.email] = MessageFact.line(facts.email)
    return values
  }
}

/// A number with its noun: "1 day", "3 days".
func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "1 \(noun)" : "\(count) \(noun)s" }

/// How long ago something was, in days.
func ago(_ days: Int) -> String { days == 0 ? "today" : "\(counted(days, "day")) ago" }
