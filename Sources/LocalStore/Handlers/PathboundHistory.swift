internal import JSON
internal import Service

/// What happened with a contact (Pathbound API 5.4).
extension Handlers {
  static let pathboundHistory: [String: Handler] = [
    "pathbound_get_contact_timeline": .quickRead(getContactTimeline),
    "pathbound_get_contact_conversations": .quickRead(getContactConversations),
    "pathbound_list_contact_email_threads": .quickRead(listContactEmailThreads),
  ]
}

/// `timeline` and `next_cursor`.
private func getContactTimeline(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  payload.beginObject()
  try transaction.onOneState { () throws(ServiceError) in
    try Timeline(arguments, transaction).write(into: &payload)
  }
  payload.endObject()
}

/// `conversations`, with `messages` where they are asked for.
private func getContactConversations(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  payload.beginObject()
  try transaction.onOneState { () throws(ServiceError) in
    let contact = try transaction.require(.contact, arguments.text("contact_id") ?? "")
    let thread = try arguments.text("thread_id").map { id throws(ServiceError) in
      try transaction.require(.thread, id)
    }
    try MailThreads(contact: contact, transaction: transaction)
      .writeConversations(only: thread, withMessages: arguments.flag("include_messages"), into: &payload)
  }
  payload.endObject()
}

/// `threads`, what a follow-up can continue.
private func listContactEmailThreads(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  let contact = try transaction.require(.contact, arguments.text("contact_id") ?? "")
  payload.beginObject()
  try MailThreads(contact: contact, transaction: transaction).writeThreads(into: &payload)
  payload.endObject()
}
