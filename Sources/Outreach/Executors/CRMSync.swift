internal import HTTP
public import JSON
internal import Operations
public import Service

/// Gives the records that actions refer to.
public protocol RecordSource: Sendable {
  /// The contact as the API shows it, with `properties`; nil when there is none.
  func contact(_ id: String) throws(ServiceError) -> JSONObject?

  /// The company as the API shows it, with `properties`; nil when there is none.
  func company(_ id: String) throws(ServiceError) -> JSONObject?
}

/// Brings a contact or a company to HubSpot: the record of that e-mail address or domain is changed, or made.
public struct CRMSync: ActionExecutor {
  /// The action's type.
  public let type = ActionType.syncToCRM.name
  private let hubSpot: Connector
  private let records: any RecordSource

  /// Creates the executor.
  public init(_ hubSpot: Connector, records: any RecordSource) {
    self.hubSpot = hubSpot
    self.records = records
  }

  /// Sends the record as it now is.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    outcome(of: action) { parameters throws(FieldError) in
      let subject = try subject(parameters)
      let hubSpot = hubSpot.serving(action)
      return hubSpot.outcome { () throws(ProviderFailure) in
        switch subject.kind {
        case .contact: try upsertContact(subject, hubSpot)
        case .company: try upsertCompany(subject, hubSpot)
        }
      }
    }
  }

  /// The properties that HubSpot would get.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    content(of: action) { parameters throws(FieldError) in
      let subject = try subject(parameters)
      return ["object": .string(subject.kind.rawValue), "properties": .object(subject.properties)]
    }
  }

  private enum Kind: String { case contact, company }

  private struct Subject {
    let kind: Kind
    /// The e-mail address or the domain.
    let key: String
    let properties: JSONObject
  }

  private func subject(_ parameters: Parameters) throws(FieldError) -> Subject {
    let companyID = try parameters.optionalText("company_id")
    let contactID = companyID == nil ? try parameters.contactID() : try parameters.optionalText("contact_id")
    guard (contactID == nil) != (companyID == nil) else {
      throw FieldError("contact_id", "or company_id must be given, and not both")
    }
    let kind: Kind = companyID == nil ? .contact : .company
    let field = kind == .contact ? "contact_id" : "company_id"
    guard let record = try record(kind, contactID ?? companyID ?? "", field: field) else {
      throw FieldError(field, "is not the id of a \(kind.rawValue) in the workspace")
    }
    let keyName = kind == .contact ? "email" : "domain"
    let own = record["properties"]?.objectValue ?? record
    guard let key = own[keyName]?.stringValue ?? record[keyName]?.stringValue, !key.isEmpty else {
      throw FieldError(field, "names a \(kind.rawValue) without \(keyName), by which HubSpot finds it")
    }
    var properties = kind == .contact ? HubSpotProperties.contact(own) : HubSpotProperties.company(own)
    properties[keyName] = .string(key)
    if let extra = try parameters.optionalObject("properties") {
      for (name, value) in extra { properties[name] = value.isNull ? "" : value }
    }
    return Subject(kind: kind, key: key, properties: properties)
  }

  private func record(_ kind: Kind, _ id: String, field: String) throws(FieldError) -> JSONObject? {
    do {
      return kind == .contact ? try records.contact(id) : try records.company(id)
    } catch {
      throw FieldError(field, "names a record that can't be read: \(error.message)")
    }
  }

  /// One request: HubSpot knows contacts by their address.
  private func upsertContact(_ subject: Subject, _ hubSpot: Connector) throws(ProviderFailure) -> ActionOutcome {
    let input: JSONValue = [
      "idProperty": "email", "id": .string(subject.key), "properties": .object(subject.properties),
    ]
    let response = try hubSpot.send(
      "/crm/v3/objects/contacts/batch/upsert", ["inputs": [input]], isSafeToRepeat: true)
    let answer = try hubSpot.json(response)
    // 207: the request was fine, the record was not.
    if let error = answer["errors"]?[0] {
      throw hubSpot.refusal(saying: error["message"]?.stringValue ?? error.text)
    }
    guard let record = answer["results"]?[0], let id = record["id"]?.stringValue else {
      throw hubSpot.refusal(saying: "no record in the answer", isOfContent: false)
    }
    return done(subject, id: id, isNew: record["new"]?.boolValue)
  }

  /// Found by domain, then changed or made: HubSpot's upsert wants a unique property, which `domain` is not.
  private func upsertCompany(_ subject: Subject, _ hubSpot: Connector) throws(ProviderFailure) -> ActionOutcome {
    let filter: JSONValue = ["propertyName": "domain", "operator": "EQ", "value": .string(subject.key)]
    let found = try hubSpot.json(
      try hubSpot.send(
        "/crm/v3/objects/companies/search",
        ["filterGroups": [["filters": [filter]]], "properties": ["domain"], "limit": 1], isSafeToRepeat: true))
    let body: JSONObject = ["properties": .object(subject.properties)]
    if let id = found["results"]?[0]?["id"]?.stringValue, id.utf8.allSatisfy({ (48...57).contains($0) }) {
      _ = try hubSpot.send("/crm/v3/objects/companies/\(id)", body, method: "PATCH", isSafeToRepeat: true)
      return done(subject, id: id, isNew: false)
    }
    let made = try hubSpot.json(try hubSpot.send("/crm/v3/objects/companies", body))
    return done(subject, id: made["id"]?.stringValue ?? "", isNew: true)
  }

  private func done(_ subject: Subject, id: String, isNew: Bool?) -> ActionOutcome {
    var result: JSONObject = [
      "crm": "hubspot", "object": .string(subject.kind.rawValue), "crm_id": .string(id),
      "properties": .array(subject.properties.keys.map { .string($0) }),
    ]
    if let isNew { result["created"] = .bool(isNew) }
    return .completed(result: result, changes: [])
  }
}

/// The workspace's properties in HubSpot's names: those that every HubSpot account has, since it refuses others.
private enum HubSpotProperties {
  static func contact(_ properties: JSONObject) -> JSONObject {
    var result = picked(
      [
        "firstname", "lastname", "phone", "mobilephone", "jobtitle", "company", "website", "address", "city", "state",
        "zip", "country",
      ], from: properties)
    if result["jobtitle"] == nil, let title = properties["job_title"]?.stringValue {
      result["jobtitle"] = .string(title)
    }
    let stage = properties["lifecyclestage"] ?? properties["lifecycle_stage"]
    if let name = stage?.stringValue.flatMap({ self.stage($0) }) { result["lifecyclestage"] = .string(name) }
    return result
  }

  static func company(_ properties: JSONObject) -> JSONObject {
    picked(
      [
        "name", "domain", "website", "phone", "address", "city", "state", "zip", "country", "description",
        "numberofemployees", "annualrevenue",
      ], from: properties)
  }

  private static func picked(_ names: [String], from properties: JSONObject) -> JSONObject {
    var result = JSONObject()
    for name in names {
      switch properties[name] {
      case .string(let text)? where !text.isEmpty: result[name] = .string(text)
      case .integer(let number)?: result[name] = .integer(number)
      case .number(let number)?: result[name] = .number(number)
      default: break
      }
    }
    return result
  }

  /// HubSpot's name of a stage; nil for one that it does not have.
  private static func stage(_ name: String) -> String? {
    switch name {
    case "mql": "marketingqualifiedlead"
    case "sql": "salesqualifiedlead"
    case "subscriber", "lead", "opportunity", "customer", "evangelist", "other": name
    default: nil
    }
  }
}
