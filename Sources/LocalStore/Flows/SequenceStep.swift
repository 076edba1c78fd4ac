internal import JSON
internal import Operations
internal import Service

/// One step of a sequence for one person: an action of Pathbound, under approval where the sequence asks for it.
struct SequenceStep {
  let enrollment: EnrollmentWork.Enrollment
  let sequence: Sequence
  let step: JSONObject
  let person: FlowPerson
  let transaction: WriteTransaction

  /// Queues the step's action and gives its row.
  ///
  /// - Throws: `VALIDATION_ERROR` that says what the person or the text lacks.
  func begin() throws(ServiceError) -> Int64 {
    let (type, params) = try content()
    let actions = FlowActions(
      actor: FlowActor.sequence, identity: sequence.identity, requiresApproval: sequence.requiresApproval,
      transaction: transaction)
    let addressed = try FlowActions.addressed(params, type.name, to: person, in: transaction)
    return try actions.queue(
      type.name, addressed, summary: "Sequence \(sequence.name), step \(enrollment.position + 1)",
      list: transaction.ids.text(.sequence, sequence.row), item: transaction.ids.text(.enrollment, enrollment.row)
    ).row
  }

  private func content() throws(ServiceError) -> (ActionType, JSONObject) {
    switch step.text("type") ?? "" {
    case StepType.email.name:
      guard let email = person.email else { throw ServiceError(.validation, "The contact has no e-mail address.") }
      var params = try texts(["subject": "subject", "message": "message"])
      params["email"] = .string(email)
      if step.flag("followUp") { params["follow_up"] = true }
      return (.emailMessage, params)
    case StepType.linkedIn.name:
      guard person.linkedIn != nil else { throw ServiceError(.validation, "The contact has no LinkedIn profile.") }
      return (.linkedInConnection, try texts(["message": "message"]))
    case StepType.task.name: return (.createTask, try texts(["title": "title", "description": "message"]))
    case StepType.note.name: return (.createNote, try texts(["content": "message"]))
    case let type: throw ServiceError(.validation, "This version knows no step of the type \(type.prefix(64)).")
    }
  }

  /// Parameters from the step's texts, filled for the person; those that the step lacks are left out.
  private func texts(_ names: KeyValuePairs<String, String>) throws(ServiceError) -> JSONObject {
    var params: JSONObject = [:]
    for (name, key) in names {
      guard let text = step.text(key) else { continue }
      params[name] = .string(try PersonText.checked(text, at: "/\(key)").filled(for: person))
    }
    return params
  }
}
