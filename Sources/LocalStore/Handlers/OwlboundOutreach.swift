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
  payload.beginObject()
  payload.key("enrollmentId")
  transaction.ids.write(.enrollment, enrollment, into: &payload)
  payload.key("sequenceId")
  transaction.ids.write(.sequence, sequence, into: &payload)
  payload.key("contactId")
  transaction.ids.write(.owlContact, contact, into: &payload)
  payload.key("status")
  payload.raw("\"active\"")
  payload.endObject()
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
  payload.beginObject()
  payload.key("workflowId")
  transaction.ids.write(.workflow, row, into: &payload)
  payload.key("contactId")
  transaction.ids.write(.owlContact, contact, into: &payload)
  payload.key("signalId")
  transaction.ids.write(.signal, signal, into: &payload)
  payload.key("status")
  payload.raw("\"triggered\"")
  payload.endObject()
  return nil
}

private func refusal(_ rule: String, _ path: String, _ message: String) -> ServiceError {
  ServiceError(.validation, message, details: [.init(path: path, message: "\(rule): \(message)")])
}
