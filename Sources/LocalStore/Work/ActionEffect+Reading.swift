internal import JSON
internal import Operations
internal import Service

extension ActionEffect {
  /// What an action would change in the workspace as it is now; nil for types that set no properties.
  ///
  /// What stands against the change is what would be found when it is performed.
  static func of(
    _ type: String, _ params: JSONObject, contact: Int64?, _ transaction: ReadTransaction
  ) throws(ServiceError) -> ActionEffect? {
    guard let given = PropertyChange.given(by: type, params) else { return nil }
    do throws(ServiceError) {
      let changes: [PropertyChange]
      if type == ActionType.updateCompany.name {
        let row = try transaction.require(.company, params.text("company_id") ?? "")
        changes = try CompanyChanges.changes(of: row, given, transaction)
      } else {
        let named = try params.text("contact_id").map { id throws(ServiceError) in
          try transaction.require(.contact, id)
        }
        guard let row = named ?? contact else { return nil }
        changes = try ContactChanges.changes(of: row, given, transaction)
      }
      return ActionEffect(changes: changes)
    } catch {
      guard error.code != .internal, error.code != .unavailable else { throw error }
      return ActionEffect(changes: [], failure: error.message)
    }
  }
}
