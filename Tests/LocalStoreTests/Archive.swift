import Platform
import Service
import StoreSupport

@testable import LocalStore

/// Archives an Owlbound contact, or brings it back, as the hosted dashboard can.
enum Archive {
  static func set(_ id: String, in workspace: TestWorkspace, isArchived: Bool = true) throws {
    try workspace.store.writer.change { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        "UPDATE owl_contacts SET archived_at = ?2, updated_at = ?3 WHERE id = ?1")
      statement.bind(try transaction.ids.require(.owlContact, id), at: 1)
      statement.bind(isArchived ? transaction.now.milliseconds : nil, at: 2)
      statement.bind(transaction.now.milliseconds, at: 3)
      try statement.run()
    }
  }
}
