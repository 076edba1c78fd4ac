internal import JSON
internal import Service

extension Handlers {
  static let owlboundFlows: [String: Handler] = [
    "owlbound_list_sequences": .quickRead(listSequences), "owlbound_save_sequence": .write(saveSequence),
    "owlbound_list_workflows": .quickRead(listWorkflows), "owlbound_save_workflow": .write(saveWorkflow),
  ]
}

/// `workflows`, in the order in which they were made; one alone comes with its latest runs.
private func listWorkflows(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try transaction.onOneState { () throws(ServiceError) in
    let row = try arguments.trimmedText("id").map { id throws(ServiceError) in
      try transaction.require(.workflow, id)
    }
    payload.beginObject()
    try Workflow.writeList(row, transaction, into: &payload)
    payload.endObject()
  }
}

/// `sequences`, in the order in which they were made; one alone comes with its latest enrollments.
private func listSequences(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try transaction.onOneState { () throws(ServiceError) in
    let row = try arguments.trimmedText("id").map { id throws(ServiceError) in
      try transaction.require(.sequence, id)
    }
    payload.beginObject()
    try Sequence.writeList(row, transaction, into: &payload)
    payload.endObject()
  }
}

/// `workflow` as it now is, and whether it is new.
private func saveWorkflow(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let arguments = call.arguments
  let reading = transaction.reading
  let name = try name(arguments)
  let known = try arguments.trimmedText("id").map { id throws(ServiceError) in try reading.require(.workflow, id) }
  let namesake = try Workflow.find(named: name, reading)
  let old: Workflow?
  if let known { old = try Workflow.find(known, reading) } else { old = namesake }
  try checkName(.workflow, old?.row, namesake?.row, transaction)
  let before = try old.map { old throws(ServiceError) in
    try Workflow.serialized(row: old.row, reading)
  }
  let stored = before.flatMap { try? JSONValue(parsing: $0) }
  let triggers = arguments["triggers"]?.arrayValue ?? stored?["triggers"]?.arrayValue ?? []
  _ = try Workflow.triggers(triggers)
  let steps = try Workflow.steps(arguments["steps"]?.arrayValue ?? stored?["steps"]?.arrayValue ?? [], reading)
  let isActive = arguments["active"]?.boolValue ?? old?.isActive ?? true
  guard !steps.isEmpty else { throw .invalid("/steps", "A workflow needs at least one step.") }

  let newest = try SignalRouter.newest(reading)
  // Nobody listened so far: what came in meanwhile is not looked at once more.
  if isActive, try Workflow.active(reading).isEmpty { try SignalRouter.advance(to: newest, in: transaction) }
  let row = try WorkflowDraft(
    row: old?.row, name: name, isActive: isActive, triggers: try serialized(triggers, at: "/triggers"),
    steps: try serialized(steps.map { JSONValue.object($0) }, at: "/steps"),
    listensAfter: old.flatMap { $0.isActive ? $0.listensAfter : nil } ?? newest
  ).store(in: transaction)
  let after = try Workflow.serialized(row: row, reading)
  transaction.audit(.workflow, row, before: before, after: after)
  answer("workflow", after, isNew: old == nil, into: &payload)
  return nil
}

/// `sequence` as it now is, and whether it is new.
private func saveSequence(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let arguments = call.arguments
  let reading = transaction.reading
  let name = try name(arguments)
  let known = try arguments.trimmedText("id").map { id throws(ServiceError) in try reading.require(.sequence, id) }
  let namesake = try Sequence.find(named: name, reading)
  let old: Sequence?
  if let known { old = try Sequence.find(known, reading) } else { old = namesake }
  try checkName(.sequence, old?.row, namesake?.row, transaction)
  let before = try old.map { old throws(ServiceError) in
    try Sequence.serialized(row: old.row, reading)
  }
  let stored = before.flatMap { try? JSONValue(parsing: $0) }
  let exclusions = arguments["exclude"]?.arrayValue ?? stored?["exclude"]?.arrayValue ?? []
  _ = try Condition.list(.array(exclusions), at: "/exclude", roots: FlowPerson.fieldNames)
  let steps = try arguments["steps"]?.arrayValue.map { list throws(ServiceError) in
    try serialized(try Sequence.steps(list).map { JSONValue.object($0) }, at: "/steps")
  }
  let identity = try arguments.trimmedText("identityId").map { id throws(ServiceError) in
    try ActionDraft.identity(id, in: reading)
  }

  let row = try SequenceDraft(
    old: old, name: name, isActive: arguments["active"]?.boolValue ?? old?.isActive ?? true,
    requiresApproval: arguments["requireApproval"]?.boolValue ?? old?.requiresApproval ?? true,
    identity: identity ?? old?.identity ?? FlowActions.defaultIdentity,
    exclusions: try serialized(exclusions, at: "/exclude"), steps: steps
  ).store(in: transaction)
  let after = try Sequence.serialized(row: row, reading)
  transaction.audit(.sequence, row, before: before, after: after)
  answer("sequence", after, isNew: old == nil, into: &payload)
  return nil
}

private func name(_ arguments: JSONObject) throws(ServiceError) -> String {
  guard let name = arguments.trimmedText("name") else { throw .invalid("/name", "It needs a name.") }
  try SizeLimit.check(name, SizeLimit.line, at: "/name")
  return name
}

/// Names tell definitions apart.
private func checkName(
  _ kind: RecordKind, _ row: Int64?, _ namesake: Int64?, _ transaction: WriteTransaction
) throws(ServiceError) {
  guard let namesake, namesake != row else { return }
  let id = transaction.ids.text(kind, namesake)
  throw ServiceError(.conflict, "The \(kind.noun) \(id) has this name. Names tell them apart; choose another.")
}

/// A part of a definition as it is stored.
private func serialized(_ list: [JSONValue], at path: String) throws(ServiceError) -> [UInt8] {
  let bytes = JSONValue.array(list).serialized()
  guard bytes.count <= SizeLimit.definition else {
    throw .invalid(
      path, "Must have at most \(SizeLimit.definition) bytes as compact JSON; this has \(bytes.count). Shorten texts.")
  }
  return bytes
}

private func answer(_ name: StaticString, _ definition: [UInt8], isNew: Bool, into payload: inout JSONWriter) {
  payload.beginObject()
  payload.key(name)
  definition.withUnsafeBytes { payload.raw($0) }
  payload.key("created")
  payload.bool(isNew)
  payload.endObject()
}
