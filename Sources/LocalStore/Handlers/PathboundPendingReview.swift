internal import JSON
internal import Operations
internal import Platform
internal import Service

extension Handlers {
  /// Everything that waits for a decision, with what a person needs to decide.
  static func reviewPendingActions(
    _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
  ) throws(ServiceError) {
    try transaction.onOneState { () throws(ServiceError) in
      let review = PendingReview(arguments, transaction)
      let counts = try review.counts()
      payload.beginObject()
      payload.key("waiting")
      payload.value(["actions": .integer(counts.actions), "run_proposals": .integer(counts.proposals)])
      if !review.showsProposals {
        payload.key("hidden")
        payload.string("What agents propose in their runs is shown to keys with the scope agents:read.")
      }
      payload.key("pending")
      payload.beginArray()
      let end = payload.count + RowList.defaultByteLimit
      var shown: Int64 = 0
      for item in try review.items() {
        let start = payload.mark()
        try PendingEntry(item: item, transaction: transaction).write(into: &payload)
        if payload.count > end && shown > 0 {
          payload.rewind(to: start)
          break
        }
        shown += 1
      }
      payload.endArray()
      let omitted = counts.actions + counts.proposals - shown - review.skipped
      if omitted > 0 {
        payload.key("omitted")
        payload.integer(omitted)
        payload.key("advice")
        payload.string("Decide on these first, or narrow by contact_id, agent_id or type; a higher limit shows more.")
      }
      payload.endObject()
    }
  }
}

/// How one thing that waits is shown to who decides.
private struct PendingEntry {
  let item: PendingItem
  let transaction: ReadTransaction

  /// Longer texts are cut: one mail must leave room for the others, and all of it can be had by a call of its own.
  private static let longestText = 3000

  func write(into payload: inout JSONWriter) throws(ServiceError) {
    payload.beginObject()
    writeAddress(into: &payload)
    payload.key("type")
    payload.string(item.type)
    payload.key("waiting_since")
    payload.time(item.waitingSince)
    try writePerson("contact", .contact, item.contact, into: &payload)
    if let reason = item.reasoning ?? item.summary {
      payload.key("reason")
      payload.string(reason)
    }
    if item.reasoning != nil, let summary = item.summary {
      payload.key("description")
      payload.string(summary)
    }
    if let agent = item.agent {
      payload.key("agent_id")
      transaction.ids.write(.agent, agent, into: &payload)
    }
    let isOutside = ActionType.named(item.type)?.reach != .workspace
    try writePerson(isOutside ? "sent_as" : "done_as", .identity, item.identity, into: &payload)
    payload.key(isOutside ? "would_send" : "would_do")
    payload.value(.object(content))
    try ActionEffect.of(item.type, params, contact: item.contact, transaction)?.write(into: &payload)
    if let time = item.scheduledTime {
      payload.key("when")
      if time > transaction.now.milliseconds { payload.time(time) } else { payload.string("as soon as approved") }
    }
    payload.obstacles(
      try OutreachCheck(type: item.type, params: params, contact: item.contact, in: transaction).obstacles())
    writeDecisions(into: &payload)
    payload.endObject()
  }

  private func writeAddress(into payload: inout JSONWriter) {
    payload.key("kind")
    switch item.address {
    case .action(let row):
      payload.string("action")
      payload.key("action_id")
      transaction.ids.write(.action, row, into: &payload)
    case .proposal(let run, _, let index):
      payload.string("run_proposal")
      payload.key("run_id")
      transaction.ids.write(.run, run, into: &payload)
      payload.key("action_index")
      payload.integer(index)
    }
  }

  /// The calls that decide, as they stand.
  private func writeDecisions(into payload: inout JSONWriter) {
    var decisions: JSONObject = [:]
    switch item.address {
    case .action(let row):
      let id = JSONValue.string(transaction.ids.text(.action, row))
      decisions["approve"] = Self.call("pathbound_approve_action", ["action_id": id, "action": "approve"])
      decisions["reject"] = Self.call("pathbound_reject_action", ["action_id": id])
    case .proposal(let run, let contact, let index):
      let arguments: JSONObject = [
        "runId": .string(transaction.ids.text(.run, run)),
        "contactId": .string(transaction.ids.text(.contact, contact)),
        "actionIndex": .integer(index),
      ]
      decisions["approve"] = Self.call("pathbound_approve_run_action", arguments)
      decisions["reject"] = Self.call("pathbound_reject_run_action", arguments)
    }
    payload.key("decide")
    payload.value(.object(decisions))
  }

  private static func call(_ tool: String, _ arguments: JSONObject) -> JSONValue {
    ["tool": .string(tool), "arguments": .object(arguments)]
  }

  /// Id, name and e-mail; the id alone where the record is gone.
  private func writePerson(
    _ name: StaticString, _ kind: RecordKind, _ row: Int64?, into payload: inout JSONWriter
  ) throws(ServiceError) {
    guard let row else { return }
    payload.key(name)
    payload.beginObject()
    payload.key(kind == .contact ? "contact_id" : "identity_id")
    transaction.ids.write(kind, row, into: &payload)
    let statement = try transaction.database.statement(
      composed: kind == .contact
        ? "SELECT trim(coalesce(firstname, '') || ' ' || coalesce(lastname, '')), email FROM contacts WHERE id = ?1"
        : "SELECT trim(first_name || ' ' || last_name), email FROM identities WHERE id = ?1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    if try statement.step() {
      payload.key("name")
      payload.text(statement, 0)
      payload.key("email")
      payload.text(statement, 1)
    }
    payload.endObject()
  }

  private var params: JSONObject { (try? JSONValue(parsing: item.params))?.objectValue ?? [:] }

  /// The parameters, which hold all that is sent; texts that are too long end with how much is missing.
  private var content: JSONObject {
    var content = params
    for (key, value) in params {
      guard let text = value.stringValue, text.utf8.count > Self.longestText else { continue }
      var cut = text[...]
      while cut.utf8.count > Self.longestText { cut.removeLast(max(1, (cut.utf8.count - Self.longestText) / 4)) }
      let missing = text.utf8.count - cut.utf8.count
      content[key] = .string(cut + "… [\(missing) bytes more: see \(wholeTool)]")
    }
    return content
  }

  /// The tool that shows all of it.
  private var wholeTool: String {
    if case .action = item.address { "pathbound_get_action" } else { "pathbound_get_agent_run" }
  }
}
