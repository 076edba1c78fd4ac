internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  static let owlboundEnrichment: [String: Handler] = [
    "owlbound_enrich_contact": .write(enrichContact), "owlbound_get_enrichment_status": .quickRead(getStatus),
  ]
}

/// `contactId`, `status` and `priority` of the contact's job (Owlbound API 9).
private func enrichContact(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let contact = try transaction.reading.require(.owlContact, call.arguments.text("id") ?? "")
  let archived = try transaction.database.statement("SELECT archived_at IS NOT NULL FROM owl_contacts WHERE id = ?1")
  archived.bind(contact, at: 1)
  let isArchived = try archived.step() && archived.bool(0)
  archived.reset()
  guard !isArchived else { throw .invalid("/id", "This contact is archived, so it is not enriched.") }
  let priorities = Vocabulary.enrichmentPriorities
  let wanted = call.arguments.text("priority").flatMap { priorities.firstIndex(of: $0) } ?? 1
  let (status, priority) = try EnrichmentJobs.queue(
    contact, priority: Int64(wanted), isForced: call.arguments.flag("forceRefresh"), transaction)
  let after: JSONObject = ["enrichment": .string(status), "priority": .string(priorities[priority])]
  transaction.audit(.owlContact, contact, after: JSONValue.object(after).serialized())
  payload.beginObject()
  payload.key("contactId")
  transaction.ids.write(.owlContact, contact, into: &payload)
  payload.key("status")
  payload.string(status)
  payload.key("priority")
  payload.string(priorities[priority])
  payload.endObject()
  return nil
}

/// How far the contact's latest job is; `not_started` when there never was one (API 9).
private func getStatus(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let contact = try transaction.require(.owlContact, arguments.text("contactId") ?? "")
  payload.beginObject()
  payload.key("contactId")
  transaction.ids.write(.owlContact, contact, into: &payload)
  try EnrichmentJobs.writeStatus(of: contact, transaction, into: &payload)
  payload.endObject()
}
