internal import JSON
internal import Service

/// What a change says about the company of a contact (Pathbound API 5.1: one company per contact).
enum CompanyLink {
  /// Nothing: the mail domain decides.
  case automatic
  /// This company, or none.
  case fixed(Int64?)

  /// Reads what is given: the row of a top-level `company_id`, or `company_id` among the properties, where null ends
  /// the link.
  ///
  /// - Throws: `VALIDATION_ERROR` when there is no such company, or two are given.
  init(_ company: Int64?, _ properties: JSONObject, in transaction: WriteTransaction) throws(ServiceError) {
    let path = "/properties/company_id"
    switch properties["company_id"] {
    case nil: self = company.map { .fixed($0) } ?? .automatic
    case .null? where company == nil: self = .fixed(nil)
    case .string(let id)?:
      guard let row = try transaction.reading.existing(.company, id) else {
        throw .invalid(path, "No company has the id \"\(id.prefix(64))\".")
      }
      guard company ?? row == row else { throw .invalid(path, "properties.company_id differs from company_id.") }
      self = .fixed(row)
    default: throw .invalid(path, "Must be the id of a company or null for none, and the same as company_id.")
    }
  }

  /// The company of a contact with this mail address.
  ///
  /// A new address in another company's domain takes a contact along whose company came from the old one; an address
  /// that says nothing leaves the company as it is.
  ///
  /// - Parameters:
  ///   - old: the address before; nil for a new contact.
  ///   - current: the company before.
  func company(
    mailbox key: String, since old: String? = nil, current: Int64? = nil, in transaction: WriteTransaction
  ) throws(ServiceError) -> Int64? {
    if case .fixed(let company) = self { return company }
    guard key != old else { return current }
    if let current, let old, try CompanyChanges.row(ofMailbox: old, transaction.reading) != current { return current }
    return try CompanyChanges.row(ofMailbox: key, transaction.reading) ?? current
  }
}
