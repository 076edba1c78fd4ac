internal import JSON
internal import Service

extension Handlers {
  static let owlboundFlows: [String: Handler] = [
    "owlbound_list_sequences": .quickRead(list(Sequence.self)), "owlbound_save_sequence": .write(saveSequence),
    "owlbound_list_workflows": .quickRead(list(Workflow.self)), "owlbound_save_workflow": .write(saveWorkflow),
  ]
}

/// All of them, in the order in which they were made; one alone comes with its latest runs or enrollments.
private func list<Definition: StoredDefinition>(_ type: Definition.Type) -> ReadHandler {
  { transaction, arguments, payload throws(ServiceError) in
    try transaction.onOneState { () throws(ServiceError) in
      let row = try arguments.trimmedText("id").map { id throws(ServiceError) in
        try transaction.require(Definition.kind, id)
      }
      payload.beginObject()
      try Definition.writeList(row, transaction, into: &payload)
      payload.endObject()
    }
  }
}

/// What a definition was before it is saved: the one with the given id, else the one of that name, else none.
private struct Previous<Definition: StoredDefinition> {
  /// The name that it will have.
  let name: String
  let definition: Definition?
  /// As it was shown.
  let bytes: [UInt8]?
  /// The same, to be read.
  let stored: JSONValue?

  init(_ arguments: JSONObject, _ transaction: WriteTransaction) throws(ServiceError) {
    let reading = transaction.reading
    guard let name = arguments.trimmedText("name") else { throw .invalid("/name", "It needs a name.") }
    try SizeLimit.check(name, SizeLimit.line, at: "/name")
    let known = try arguments.trimmedText("id").map { id throws(ServiceError) in
      try reading.require(Definition.kind, id)
    }
    let namesake = try Definition.find(named: name, reading)
    let definition = if let known { try Definition.find(known, reading) } else { namesake }
    if let namesake, namesake.row != definition?.row {
      let id = transaction.ids.text(Definition.kind, namesake.row)
      throw ServiceError(
        .conflict, "The \(Definition.kind.noun) \(id) has this name. Names tell them apart; choose another.")
    }
    self.name = name
    self.definition = definition
    bytes = try definition.map { old throws(ServiceError) in try Definition.serialized(row: old.row, reading) }
    stored = bytes.flatMap { try? JSONValue(parsing: $0) }
  }

  /// A list of the definition, as it is given or else as it was.
  func list(_ name: String, _ arguments: JSONObject) -> [JSONValue] {
    arguments[name]?.arrayValue ?? stored?[name]?.arrayValue ?? []
  }

  /// Writes the definition as it now is, and whether it is new.
  func answer(_ row: Int64, _ transaction: WriteTransaction, into payload: inout JSONWriter) throws(ServiceError) {
    let after = try Definition.serialized(row: row, transaction.reading)
    transaction.audit(Definition.kind, row, before: bytes, after: after)
    payload.beginObject()
    payload.key(Definition.singular)
    after.withUnsafeBytes { payload.raw($0) }
    payload.key("created")
    payload.bool(definition == nil)
    payload.endObject()
  }
}

/// `workflow` as it now is, and whether it is new.
private func saveWorkflow(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let arguments = call.arguments
  let reading = transaction.reading
  let previous = try Previous<Workflow>(arguments, transaction)
  let old = previous.definition
  let triggers = previous.list("triggers", arguments)
  _ = try Workflow.triggers(triggers)
  let steps = try Workflow.steps(previous.list("steps", arguments), reading)
  let isActive = arguments["active"]?.boolValue ?? old?.isActive ?? true
  guard !steps.isEmpty else { throw .invalid("/steps", "A workflow needs at least one step.") }

  let newest = try SignalRouter.newest(reading)
  // Nobody listened so far: what came in meanwhile is not looked at once more.
  if isActive, try Workflow.active(reading).isEmpty { try SignalRouter.advance(to: newest, in: transaction) }
  let row = try WorkflowDraft(
    row: old?.row, name: previous.name, isActive: isActive, triggers: try serialized(triggers, at: "/triggers"),
    steps: try serialized(steps.map { JSONValue.object($0) }, at: "/steps"),
    listensAfter: old.flatMap { $0.isActive ? $0.listensAfter : nil } ?? newest
  ).store(in: transaction)
  try previous.answer(row, transaction, into: &payload)
  return nil
}

/// `sequence` as it now is, and whether it is new.
private func saveSequence(
  _ transaction: WriteTransaction, _ call: Call, _ payload: inout JSONWriter
) throws(ServiceError) -> ClaimedAction? {
  let arguments = call.arguments
  let previous = try Previous<Sequence>(arguments, transaction)
  let old = previous.definition
  let exclusions = previous.list("exclude", arguments)
  _ = try Condition.list(.array(exclusions), at: "/exclude", roots: FlowPerson.fieldNames)
  let steps = try arguments["steps"]?.arrayValue.map { list throws(ServiceError) in
    try serialized(try Sequence.steps(list).map { JSONValue.object($0) }, at: "/steps")
  }
  let identity = try arguments.trimmedText("identityId").map { id throws(ServiceError) in
    try ActionDraft.identity(id, in: transaction.reading)
  }

  let row = try SequenceDraft(
    old: old, name: previous.name, isActive: arguments["active"]?.boolValue ?? old?.isActive ?? true,
    requiresApproval: arguments["requireApproval"]?.boolValue ?? old?.requiresApproval ?? true,
    identity: identity ?? old?.identity ?? FlowActions.defaultIdentity,
    exclusions: try serialized(exclusions, at: "/exclude"), steps: steps
  ).store(in: transaction)
  try previous.answer(row, transaction, into: &payload)
  return nil
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
