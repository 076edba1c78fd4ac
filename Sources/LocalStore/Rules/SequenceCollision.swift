internal import Service

/// Whether somebody is in a sequence that is under way, so that a message beside it would come at the wrong time.
///
/// A sequence's own messages collide with none.
struct SequenceCollision {
  /// Mail addresses in their comparable form.
  let addresses: [String]
  /// The Pathbound contact's row.
  let contact: Int64?
  /// The action's row; nil when it is not stored yet.
  let action: Int64?
  let transaction: ReadTransaction

  /// Why the person is not to be written to now; nil when nothing is under way.
  func reason() throws(ServiceError) -> String? {
    if let action, try isOwn(action) { return nil }
    for person in try people() {
      guard let name = try sequence(of: person) else { continue }
      return "The person is in the sequence \"\(name)\", which is under way."
    }
    return nil
  }

  private func isOwn(_ action: Int64) throws(ServiceError) -> Bool {
    let statement = try transaction.database.statement(
      "SELECT 1 FROM enrollments INDEXED BY enrollments_by_action WHERE action_id = ?1")
    statement.bind(action, at: 1)
    defer { statement.reset() }
    return try statement.step()
  }

  /// The Owlbound contacts behind the addresses and the contact.
  private func people() throws(ServiceError) -> [Int64] {
    var people: [Int64] = []
    for address in addresses {
      if let person = try OwlContactKeys.row(email: address, transaction) { people.append(person) }
    }
    if let contact, let person = try SamePerson.onOwlbound(of: contact, transaction), !people.contains(person) {
      people.append(person)
    }
    return people
  }

  private func sequence(of person: Int64) throws(ServiceError) -> String? {
    let statement = try transaction.database.statement(
      """
      SELECT s.name FROM enrollments AS e INDEXED BY enrollments_active JOIN sequences AS s ON s.id = e.sequence_id
      WHERE e.contact_id = ?1 AND e.status = 'active' LIMIT 1
      """)
    statement.bind(person, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.string(0) : nil
  }
}
