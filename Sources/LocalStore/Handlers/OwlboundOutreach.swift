internal import JSON
internal import Operations
internal import Service

extension Handlers {
  static let owlboundOutreach: [String: Handler] = [
    "owlbound_enroll_in_sequence": .write(enrollInSequence), "owlbound_trigger_workflow": .write(triggerWorkflow),
  ]
}

/// `enrollmentId`, `sequenceId`, `contactId` and `status` (Owlbound API 13).
private func enrollInSequence(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let sequence = try transaction.ids.require(.sequence, call.arguments.text("id") ?? "")
  let contact = try transaction.ids.require(.owlContact, call.arguments.text("contactId") ?? "")
  let source = call.arguments.trimmedText("source") ?? "api"
  try SizeLimit.check(source, SizeLimit.line, at: "/source")
  let enrollment = try Enrollments.enroll(contact, in: sequence, source: source, transaction: transaction)
  answer(
    "active", [("enrollmentId", .enrollment, enrollment), ("sequenceId", .sequence, sequence)], contact,
    transaction.ids, into: &payload)
  return nil
}

/// `workflowId`, `contactId`, `signalId` and `status` (API 13); the run itself happens in the background.
private func triggerWorkflow(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let id = call.arguments.text("id") ?? ""
  let data = try SizeLimit.serialized(call.arguments["data"]?.objectValue ?? [:], at: "/data")
  guard let row = transaction.ids.row(.workflow, id), let workflow = try Workflow.find(row, transaction.reading) else {
    throw .notFound("workflow", id)
  }
  let contact = try transaction.ids.require(.owlContact, call.arguments.text("contactId") ?? "")
  let person = try FlowPerson.load(contact, transaction.reading)
  guard workflow.isActive else {
    throw refusal("workflow_inactive", "/id", "The workflow is not active. owlbound_save_workflow can activate it.")
  }
  guard !person.isArchived else {
    throw refusal("contact_archived", "/contactId", "The contact is archived, so that no workflow runs for it.")
  }
  let signal = try SignalDraft(type: "custom_webhook", contact: contact, data: data).store(in: transaction)
  try SignalRouter.hand(signal, to: [row], in: transaction)
  answer(
    "triggered", [("workflowId", .workflow, row), ("signalId", .signal, signal)], contact, transaction.ids,
    into: &payload)
  return nil
}

/// What was begun for a contact, and how it stands.
private func answer(
  _ status: String, _ records: [(name: StaticString, kind: RecordKind, row: Int64)], _ contact: Int64,
  _ ids: RecordIDs, into payload: inout JSONWriter
) {
  payload.beginObject()
  for (name, kind, row) in records + [("contactId", .owlContact, contact)] {
    payload.key(name)
    ids.write(kind, row, into: &payload)
  }
  payload.key("status")
  payload.string(status)
  payload.endObject()
}

private func refusal(_ rule: String, _ path: String, _ message: String) -> ServiceError {
  ServiceError(.validation, message, details: [.init(path: path, message: "\(rule): \(message)")])
}
