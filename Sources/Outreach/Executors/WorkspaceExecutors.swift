internal import JSON
internal import Operations
internal import Platform
public import Service

/// Adds a note to a contact or a company.
public struct CreateNote: ActionExecutor {
  /// The action's type.
  public let type = ActionType.createNote.name

  /// Creates the executor.
  public init() {}

  /// Hands back the note.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let content = try parameters.text("content")
      let companyID = try parameters.optionalText("company_id")
      // The action may be linked to a contact that the note is not for.
      let contactID = companyID == nil ? try parameters.contactID() : try parameters.optionalText("contact_id")
      guard (contactID == nil) != (companyID == nil) else {
        throw FieldError("contact_id", "or company_id must be given, and not both")
      }
      let owner: JSONObject =
        if let contactID { ["contact_id": .string(contactID)] } else { ["company_id": .string(companyID ?? "")] }
      return .completed(
        result: owner, changes: [.createNote(contactID: contactID, companyID: companyID, content: content)])
    }
  }
}

/// Adds a task for a person.
public struct CreateTask: ActionExecutor {
  /// The action's type.
  public let type = ActionType.createTask.name

  /// Creates the executor.
  public init() {}

  /// Hands back the task.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let title = try parameters.text("title")
      let due = try parameters.optionalText("due_date")
      let time = due.flatMap { Timestamp(iso8601: $0) }
      if due != nil && time == nil {
        throw FieldError("due_date", "must be an ISO 8601 date or time, like 2026-11-21T08:30:00Z")
      }
      var result: JSONObject = ["title": .string(title)]
      if let time { result["due_date"] = .string(time.iso8601) }
      let task = WorkspaceChange.createTask(
        title: title, details: try parameters.optionalText("description"), due: time,
        contactID: try parameters.contactID())
      return .completed(result: result, changes: [task])
    }
  }
}

/// Changes properties of a contact.
public struct UpdateContact: ActionExecutor {
  /// The action's type.
  public let type = ActionType.updateContact.name

  /// Creates the executor.
  public init() {}

  /// Hands back the properties.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let contactID = try parameters.requiredContactID()
      let properties = try parameters.object("properties")
      return .completed(
        result: ["contact_id": .string(contactID), "updated": .array(properties.keys.map { .string($0) })],
        changes: [.updateContact(id: contactID, properties: properties)])
    }
  }
}

/// Changes properties of a company.
public struct UpdateCompany: ActionExecutor {
  /// The action's type.
  public let type = ActionType.updateCompany.name

  /// Creates the executor.
  public init() {}

  /// Hands back the properties.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let companyID = try parameters.text("company_id")
      let properties = try parameters.object("properties")
      return .completed(
        result: ["company_id": .string(companyID), "updated": .array(properties.keys.map { .string($0) })],
        changes: [.updateCompany(id: companyID, properties: properties)])
    }
  }
}

/// Moves a contact to another lifecycle stage.
public struct UpdateLifecycleStage: ActionExecutor {
  /// The action's type.
  public let type = ActionType.updateLifecycleStage.name

  /// Creates the executor.
  public init() {}

  /// Hands back the stage.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let contactID = try parameters.requiredContactID()
      let stage = try parameters.text("lifecycle_stage")
      let stages = Vocabulary.lifecycleStages
      guard stages.contains(stage) else {
        throw FieldError("lifecycle_stage", "must be one of \(stages.joined(separator: ", "))")
      }
      return .completed(
        result: ["contact_id": .string(contactID), "lifecycle_stage": .string(stage)],
        changes: [.setLifecycleStage(contactID: contactID, stage: stage)])
    }
  }
}

/// Asks a person to look, with the reason.
public struct EscalateToHuman: ActionExecutor {
  /// The action's type.
  public let type = ActionType.escalateToHuman.name

  /// Creates the executor.
  public init() {}

  /// Hands back the escalation.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let reason = try parameters.text("reason")
      return .completed(
        result: ["reason": .string(reason)],
        changes: [.escalate(reason: reason, contactID: try parameters.contactID())])
    }
  }
}
