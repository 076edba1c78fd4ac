public import Service

extension LocalStore {
  /// What keeps the workspace in order without being asked: events of deleted contacts to be released, older events of
  /// visitors to be given to who they turned out to be, contacts to be taken in by the company of their domain, columns
  /// and totals of events that came in faster than they were written down, or before there were any, images of rows that
  /// are too old for an undo.
  public var upkeep: [any BackgroundWork] {
    [
      EventsToRelease(store: self), EventsToAttach(store: self), ContactsToTakeIn(store: self),
      EventsToSumUp(store: self), ImagesToDrop(store: self),
    ]
  }
}

/// Older events of visitors, and of people whom another system knows, who have become contacts.
private struct EventsToAttach: BackgroundWork {
  let name = "events of identified visitors"
  let store: LocalStore

  /// Gives some to their contact, in one transaction.
  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    let areLeft = try store.read { reading throws(ServiceError) in
      if try Visitors.areLeft(reading) { return true }
      return try WaitingEvents.areLeft(reading)
    }
    guard areLeft else { return false }
    try store.writer.change { transaction throws(ServiceError) in
      try Visitors.attachMore(in: transaction)
      try WaitingEvents.attachMore(in: transaction)
    }
    return true
  }
}

/// Events whose contact is deleted.
private struct EventsToRelease: BackgroundWork {
  let name = "events of deleted contacts"
  let store: LocalStore

  /// Releases some, in one transaction.
  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    let areLeft = try store.read { reading throws(ServiceError) in try DepartedContacts.areLeft(reading) }
    guard areLeft else { return false }
    try store.writer.change { transaction throws(ServiceError) in try DepartedContacts.releaseMore(in: transaction) }
    return true
  }
}

/// Contacts of a company's domain that are still to be made its contacts.
private struct ContactsToTakeIn: BackgroundWork {
  let name = "contacts of new companies"
  let store: LocalStore

  /// Takes some in, in one transaction.
  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    let areLeft = try store.read { reading throws(ServiceError) in try CompanyMembers.areLeft(reading) }
    guard areLeft else { return false }
    try store.writer.change { transaction throws(ServiceError) in try CompanyMembers.takeInMore(in: transaction) }
    return true
  }
}

/// Events that are not in columns yet, or not in totals.
private struct EventsToSumUp: BackgroundWork {
  let name = "events to be summed up"
  let store: LocalStore

  /// Sums up some, in one transaction.
  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    let areMissing = try store.read { reading throws(ServiceError) in
      if try EventChunks.areBehind(reading) { return true }
      if try EventChunks.hasManyMoves(reading) { return true }
      return try EventTotals.areMissing(reading)
    }
    guard areMissing else { return false }
    try store.writer.change { transaction throws(ServiceError) in
      try EventChunks.close(transaction)
      try EventChunks.workInMoves(transaction)
      try EventTotals.keep(transaction)
    }
    return true
  }
}

/// What rows were before changes that nobody takes back any more.
private struct ImagesToDrop: BackgroundWork {
  let name = "old images of changes"
  let store: LocalStore

  /// Drops some, in one transaction.
  func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    let areOld = try store.read { reading throws(ServiceError) in
      try ChangeImage.areOld(reading.database, at: reading.now)
    }
    guard areOld else { return false }
    try store.writer.change { transaction throws(ServiceError) in
      try ChangeImage.dropOldest(transaction.database, at: transaction.now)
    }
    return true
  }
}
