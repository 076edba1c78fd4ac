internal import JSON
internal import Operations
internal import Platform
internal import Service

/// What taking back a change does to rows; found out without doing it.
///
/// A row is put back only where it is as the change has left it, so that nothing written since is lost.
struct UndoPlan {
  /// What becomes of one row.
  struct Step {
    let table: JournaledTable
    let key: String
    /// As it is; nil when there is none.
    let current: JSONObject?
    /// As it was; nil when there was none.
    var target: JSONObject?
  }

  let change: LoggedChange
  /// In the order in which they are done: the last row that was changed comes first.
  private(set) var steps: [Step] = []
  /// Events that go back to their contacts.
  private(set) var events: [(contact: Int64, events: [Int64])] = []
  /// Keys of receipts that count no more.
  private(set) var receipts: [[UInt8]] = []

  /// A list looks at the rows of no greater change; whether one can be taken back is then seen when it is tried.
  private static let mostInList: Int64 = 100

  /// Why there is no plan, as far as a list can look; nil when there seems to be one.
  static func obstacle(
    _ change: LoggedChange, _ transaction: ReadTransaction
  ) throws(ServiceError) -> UndoObstacle? {
    if let obstacle = try settled(change, transaction) { return obstacle }
    if try ChangeImage.count(of: change.row, transaction.database) > mostInList { return nil }
    guard case .failure(let obstacle) = try make(change, transaction) else { return nil }
    return obstacle
  }

  /// Why there is none, whatever the rows are now.
  private static func settled(
    _ change: LoggedChange, _ transaction: ReadTransaction
  ) throws(ServiceError) -> UndoObstacle? {
    if let undo = try Undos.undo(of: change.row, transaction.database) {
      return .undone(transaction.ids.text(.change, undo))
    }
    return .reason(ofTool: change.tool)
  }

  /// The plan, or why there is none.
  static func make(
    _ change: LoggedChange, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Result<UndoPlan, UndoObstacle> {
    if let obstacle = try settled(change, transaction) { return .failure(obstacle) }
    let images = try ChangeImage.load(change.row, transaction.database)
    if images.first?.source == ChangeImage.Source.overflow { return .failure(.tooMuch) }
    var plan = UndoPlan(change: change)
    guard !images.isEmpty else {
      if let obstacle = try plan.removeNew(transaction) { return .failure(obstacle) }
      return .success(plan)
    }
    for image in images.reversed() {
      if let obstacle = try plan.add(image, transaction) { return .failure(obstacle) }
    }
    return .success(plan)
  }

  private init(change: LoggedChange) { self.change = change }

  /// A new record of a call that keeps no images; else gives what stands against it.
  private mutating func removeNew(_ transaction: ReadTransaction) throws(ServiceError) -> UndoObstacle? {
    if let record = change.record, let row = transaction.ids.row(.action, record),
      let action = try StoredRow.load(.actions, ChangeImage.key(ofRow: row), transaction.database),
      let obstacle = UndoObstacle.performed(action)
    {
      return obstacle
    }
    guard let record = change.record, change.stored.before == nil, let after = change.stored.after else {
      return .unknown(change, now: transaction.now)
    }
    for (table, column) in [(JournaledTable.contacts, "properties"), (.signals, "data")] {
      guard let kind = table.kind, let row = transaction.ids.row(kind, record) else { continue }
      let key = ChangeImage.key(ofRow: row)
      let place = UndoObstacle.Place(table: table, key: key, change: change.row)
      guard let current = try StoredRow.load(table, key, transaction.database) else {
        return try .gone(place, transaction)
      }
      guard current[column]?.stringValue?.utf8.elementsEqual(after) == true, current["actioned_at"]?.isNull ?? true
      else { return try .changed(place, current, transaction) }
      steps.append(Step(table: table, key: key, current: current, target: nil))
      return nil
    }
    return .unknown(change, now: transaction.now)
  }

  /// Goes back over one image; gives what stands against it.
  private mutating func add(
    _ image: ChangeImage, _ transaction: ReadTransaction
  ) throws(ServiceError) -> UndoObstacle? {
    switch image.source {
    case ChangeImage.Source.receipts:
      receipts.append(ChangeImage.values(ofKey: image.key).compactMap { $0.integerValue.flatMap(UInt8.init(exactly:)) })
      return nil
    case ChangeImage.Source.events:
      guard let contact = ChangeImage.row(ofKey: image.key) else { return nil }
      events.append((contact, image.before?["events"]?.arrayValue?.compactMap(\.integerValue) ?? []))
      return nil
    default: break
    }
    guard let table = JournaledTable(rawValue: image.source) else { return .unknown(change, now: transaction.now) }
    let place = UndoObstacle.Place(table: table, key: image.key, change: change.row)
    let known = steps.firstIndex { $0.table == table && $0.key == image.key }
    let now = if let known { steps[known].target } else { try StoredRow.load(table, image.key, transaction.database) }
    switch try Self.earlier(image, now, place, transaction) {
    case .failure(let obstacle): return obstacle
    case .success(let target):
      if let known {
        steps[known].target = target
      } else {
        steps.append(Step(table: table, key: image.key, current: now, target: target))
      }
      return nil
    }
  }

  /// What a row was before; nil for none.
  private static func earlier(
    _ image: ChangeImage, _ now: JSONObject?, _ place: UndoObstacle.Place, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Result<JSONObject?, UndoObstacle> {
    let table = place.table
    switch (image.before, image.after, now) {
    case (let before, let digest?, let now?):
      if table == .actions, let obstacle = UndoObstacle.performed(now) ?? before.flatMap(UndoObstacle.performed) {
        return .failure(obstacle)
      }
      if let before {
        // Where others have put it back already, nothing is left to do.
        let isBefore = before.allSatisfy { now[$0.key] == $0.value }
        if isBefore || ChangeImage.digest(of: before.keys, now, table) == digest {
          return .success(now.setting(before))
        }
      } else {
        if ChangeImage.digest(of: now.keys, now, table) == digest { return .success(nil) }
        if try mayEnd(now, place, transaction) { return .success(nil) }
      }
      return .failure(try .changed(place, now, transaction))
    case (let before?, nil, nil): return .success(before)
    case (_, _, nil): return .failure(try .gone(place, transaction))
    case (_, nil, let now?): return .failure(try .changed(place, now, transaction))
    }
  }

  /// Whether a new record may go though work in the background has been at it: an action that still waits is
  /// cancelled, who is in a sequence leaves it, and both stay to be looked at.
  private static func mayEnd(
    _ row: JSONObject, _ place: UndoObstacle.Place, _ transaction: ReadTransaction
  ) throws(ServiceError) -> Bool {
    let isOpen =
      switch place.table {
      case .actions: row.text("status").flatMap(ActionStatus.init)?.isOpen ?? false
      case .enrollments: row.text("status") == "active"
      default: false
      }
    guard isOpen else { return false }
    return try ChangeImage.latest(of: place.table.rawValue, place.key, after: place.change, transaction.database) == nil
  }
}

extension JSONObject {
  /// With these members in place of its own.
  func setting(_ others: JSONObject) -> JSONObject {
    var whole = self
    for (name, value) in others { whole[name] = value }
    return whole
  }
}
