internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Takes a change back, all of it or nothing.
struct Undo {
  let plan: UndoPlan
  let actor: String
  let transaction: WriteTransaction

  /// Does what is planned, and gives what a person should know about it.
  ///
  /// - Throws: `CONFLICT` when it would take something with it that came later, or has no room any more.
  func perform() throws(ServiceError) -> [String] {
    let notes: [String]
    do throws(ServiceError) {
      notes = try transaction.attempt { () throws(ServiceError) in
        let mark = transaction.journal.mark
        var notes: [String] = []
        for step in plan.steps { if let note = try perform(step) { notes.append(note) } }
        for (contact, events) in plan.events {
          try giveBack(events, to: contact)
          if events.count >= DepartedContacts.batch {
            notes.append("It had many events: some of those without a visitor may stay without a contact.")
          }
        }
        try checkNothingElse(since: mark.images)
        return notes
      }
    } catch {
      guard error.code == .conflict, error.message == Self.broken.message else { throw error }
      throw UndoObstacle(
        reason: "Something else has its place by now (a name, an address), or what it belonged to is gone."
      ).error
    }
    try forgetReceipts()
    transaction.audit(recorded: plan.change.record, before: plan.change.stored.after, after: plan.change.stored.before)
    transaction.journal.undoes = plan.change.row
    return notes
  }

  /// What SQLite says when a constraint fails.
  private static let broken = Connection.brokenRule

  private func perform(_ step: UndoPlan.Step) throws(ServiceError) -> String? {
    switch (step.current, step.target) {
    case (nil, let row?): try add(row, step)
    case (let row?, nil): return try remove(row, step)
    case (let now?, let row?): try change(now, to: row, step)
    case (nil, nil): break
    }
    return nil
  }

  private func add(_ row: JSONObject, _ step: UndoPlan.Step) throws(ServiceError) {
    try StoredRow.insert(row, into: step.table, transaction.database)
    if let counter = step.table.counter { transaction.count(counter, by: 1) }
    guard let number = ChangeImage.row(ofKey: step.key) else {
      if step.table == .visitors { try attach(row) }
      return
    }
    if !step.table.notesInserts { try transaction.journal.noteNew(step.table, number) }
    switch step.table {
    case .contacts:
      // What was not released yet is this contact's again.
      let statement = try transaction.database.statement("DELETE FROM departed_contacts WHERE contact_id = ?1")
      statement.bind(number, at: 1)
      try statement.run()
    case .agents: try reckonAgain(row, number)
    default: break
    }
  }

  private func remove(_ row: JSONObject, _ step: UndoPlan.Step) throws(ServiceError) -> String? {
    let number = ChangeImage.row(ofKey: step.key)
    var note: String?
    switch step.table {
    case .actions:
      if let number { try revert(number, to: .cancelled) }
      return "The action is cancelled and stays to be looked at."
    case .contacts:
      if let number { _ = try ContactChanges.delete(number, by: actor, in: transaction) }
      return nil
    case .enrollments where try hasBegun(step.key):
      guard let number else { return nil }
      let wasSent = try EnrollmentWork.leave(number, by: actor, in: transaction)
      return "The contact has left the sequence" + (wasSent ? "; what was sent by then stays sent." : ".")
    case .visitors: note = try release(row) ? nil : "The visitor's older events stay with the contact."
    default: break
    }
    try StoredRow.delete(step.table, step.key, transaction.database)
    if let counter = step.table.counter { transaction.count(counter, by: -1) }
    return note
  }

  private func change(_ now: JSONObject, to row: JSONObject, _ step: UndoPlan.Step) throws(ServiceError) {
    var columns = JSONObject(row.filter { now[$0.key] != $0.value }.map { ($0.key, $0.value) })
    let number = ChangeImage.row(ofKey: step.key)
    if step.table == .actions, let number, let status = columns.text("status").flatMap(ActionStatus.init) {
      columns["status"] = nil
      try revert(number, to: status)
    }
    try StoredRow.update(columns, of: step.table, step.key, transaction.database)
    switch step.table {
    case .actions: if let number { transaction.touched(action: number) }
    case .agents: if let number { try reckonAgain(row, number) }
    case .visitors: try attach(row)
    default: break
    }
  }

  private func revert(_ action: Int64, to status: ActionStatus) throws(ServiceError) {
    guard let stored = try StoredAction.find(action, in: transaction.database) else { return }
    let id = transaction.ids.text(.change, plan.change.row)
    try Actions.revert(stored, to: status, by: actor, comment: "\(id) was undone.", in: transaction)
  }

  private func hasBegun(_ key: String) throws(ServiceError) -> Bool {
    guard let row = ChangeImage.row(ofKey: key) else { return false }
    let statement = try transaction.database.statement(
      "SELECT 1 FROM enrollment_steps WHERE enrollment_id = ?1 LIMIT 1")
    statement.bind(row, at: 1)
    defer { statement.reset() }
    return try statement.step()
  }

  /// A time that has passed meanwhile must not start a run: it is reckoned anew.
  private func reckonAgain(_ agent: JSONObject, _ row: Int64) throws(ServiceError) {
    guard let time = agent["next_run_at"]?.integerValue, time <= transaction.now.milliseconds else { return }
    let statement = try transaction.database.statement("UPDATE agents SET next_run_at = 0 WHERE id = ?1")
    statement.bind(row, at: 1)
    try statement.run()
  }
}

// MARK: - Events

extension Undo {
  /// Events of a visitor that nobody has had since are the contact's again.
  private func attach(_ visitor: JSONObject) throws(ServiceError) {
    guard let id = visitor.text("visitor_id"), let contact = visitor["contact_id"]?.integerValue else { return }
    try Visitors.attach([id], to: contact, in: transaction)
  }

  /// So many events of a visitor are taken from a contact at most: no write may take seconds.
  private static let mostReleased: Int64 = 5000

  /// Takes a visitor's events from the contact that it is detached from, the newest first; whether all went.
  private func release(_ visitor: JSONObject) throws(ServiceError) -> Bool {
    guard let id = visitor.text("visitor_id"), let contact = visitor["contact_id"]?.integerValue else { return true }
    let rest = try transaction.database.statement(
      "DELETE FROM visitors_to_attach WHERE visitor_id = ?1 AND contact_id = ?2")
    rest.bind(id, at: 1)
    rest.bind(contact, at: 2)
    try rest.run()
    let statement = try transaction.database.statement(
      """
      UPDATE events SET contact_id = NULL WHERE id IN (
        SELECT id FROM events INDEXED BY events_by_contact WHERE contact_id = ?1 AND visitor_id = ?2
        ORDER BY occurred_at DESC LIMIT ?3)
      RETURNING 1
      """)
    statement.bind(contact, at: 1)
    statement.bind(id, at: 2)
    statement.bind(Self.mostReleased, at: 3)
    defer { statement.reset() }
    var count: Int64 = 0
    while try statement.step() { count += 1 }
    transaction.noteMovedEvents()
    return count < Self.mostReleased
  }

  private func giveBack(_ events: [Int64], to contact: Int64) throws(ServiceError) {
    let statement = try transaction.database.statement(
      "UPDATE events SET contact_id = ?1 WHERE contact_id IS NULL AND id IN (SELECT value FROM json_each(?2))")
    statement.bind(contact, at: 1)
    statement.bind(rows: events, at: 2)
    try statement.run()
    transaction.noteMovedEvents()
  }
}

// MARK: - What must not happen

extension Undo {
  /// Refuses what would have changed other rows than those of the plan.
  private func checkNothingElse(since mark: Int) throws(ServiceError) {
    let planned = Set(plan.steps.map { $0.table.rawValue + $0.key })
    for image in transaction.journal.images.dropFirst(mark) {
      guard let table = JournaledTable(rawValue: image.source), !planned.contains(image.source + image.key),
        !isHarmless(image, table)
      else { continue }
      let place = UndoObstacle.Place(table: table, key: image.key, change: plan.change.row)
      throw try UndoObstacle.dependent(place, transaction.reading).error
    }
  }

  /// Whether a row that is not of the plan may change with it.
  private func isHarmless(_ image: ChangeImage, _ table: JournaledTable) -> Bool {
    switch table {
    // Who came by since belongs to nobody again.
    case .visitors: true
    case .contacts: image.before?.keys.allSatisfy { table.restless.contains($0) } ?? false
    // A new look at who is in a sequence, and what leaving one ends.
    case .enrollments: image.before != nil && image.after != nil
    case .enrollmentSteps, .actions:
      plan.steps.contains { $0.table == .enrollments } && image.before != nil && image.after != nil
    default: false
    }
  }

  /// The same call may be made again.
  private func forgetReceipts() throws(ServiceError) {
    for key in plan.receipts {
      let statement = try transaction.database.statement("DELETE FROM receipts WHERE key = ?1")
      statement.bind(blob: key, at: 1)
      try statement.run()
    }
  }
}
