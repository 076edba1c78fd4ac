internal import JSON
internal import Operations
internal import Platform
internal import Service

/// What stands against doing an action of a type with these parameters now: the same for tools, agents' proposals and
/// the worker, whose check at the moment of performing decides.
struct OutreachCheck {
  private let outreach: Outreach
  private let contact: Int64?
  private let action: Int64?
  private let transaction: ReadTransaction

  /// A check of an action that may not be stored yet; `contact` is the row of the person it is for.
  init(
    type: String, params: JSONObject, contact: Int64?, action: Int64? = nil, in transaction: ReadTransaction
  ) {
    self.action = action
    outreach = Outreach(type: type, params: params)
    self.contact = contact
    self.transaction = transaction
  }

  /// A check of a stored action.
  init(_ action: StoredAction, in transaction: ReadTransaction) {
    let params = (try? JSONValue(parsing: action.params))?.objectValue ?? [:]
    self.init(type: action.type, params: params, contact: action.contact, action: action.row, in: transaction)
  }

  /// The obstacles in the order of the rules; empty when it may be done.
  func obstacles() throws(ServiceError) -> [OutreachObstacle] {
    guard outreach.isOutreach else { return [] }
    let rules = try OutreachSettings.rules(transaction)
    var obstacles: [OutreachObstacle] = []
    for rule in OutreachRule.allCases {
      if let obstacle = try obstacle(of: rule, rules) { obstacles.append(obstacle) }
    }
    return obstacles
  }

  /// Refuses what a rule stands against; a rehearsal goes on, and shows the rules.
  func requireFree(in transaction: WriteTransaction) throws(ServiceError) {
    guard transaction.rehearsed == nil else { return }
    let obstacles = try obstacles()
    if !obstacles.isEmpty { throw ServiceError(obstacles, at: transaction.now) }
  }

  private func obstacle(of rule: OutreachRule, _ rules: OutreachRules) throws(ServiceError) -> OutreachObstacle? {
    switch rule {
    case .suppression:
      guard let reason = try Suppressions.reason(against: outreach.addresses, contact, transaction) else { return nil }
      return .init(rule, reason)
    case .quietHours:
      guard outreach.isSentAtOnce, let hours = rules.quietHours, let end = hours.end(at: transaction.now) else {
        return nil
      }
      return .init(rule, "Nothing is sent at \(hours.text) (UTC\(hours.offsetText)).", until: end)
    case .contactCap:
      guard outreach.isMessage, let cap = rules.contactCap, let contact = try person() else { return nil }
      guard let end = try OutreachSends.capEnd(.contact(contact), cap, transaction) else { return nil }
      return .init(rule, "This person has been sent \(cap) messages in the last 24 hours.", until: end)
    case .domainCap:
      guard outreach.isMessage, let cap = rules.domainCap else { return nil }
      for domain in outreach.domains {
        if let end = try OutreachSends.capEnd(.domain(domain), cap, transaction) {
          return .init(rule, "\(domain) has been sent \(cap) messages in the last 24 hours.", until: end)
        }
      }
      return nil
    case .activeSequence:
      guard rules.avoidsActiveSequences, outreach.isMessage else { return nil }
      let collision = SequenceCollision(
        addresses: outreach.addresses, contact: contact, action: action, transaction: transaction)
      guard let reason = try collision.reason() else { return nil }
      return .init(rule, reason)
    }
  }

  /// The contact that it is for, else the one with the first address.
  private func person() throws(ServiceError) -> Int64? {
    if let contact { return contact }
    guard let first = outreach.addresses.first else { return nil }
    return try ContactChanges.row(email: first, transaction)
  }
}

/// To whom an action reaches out, as far as its parameters tell.
struct Outreach {
  /// Mail addresses in their comparable form, each once.
  private(set) var addresses: [String] = []
  /// Whether it turns to people outside at all.
  let isOutreach: Bool
  /// Whether a person gets a message, so that it counts towards caps.
  let isMessage: Bool
  /// Whether it leaves the moment it is performed; what a person sends by hand is timed by that person.
  let isSentAtOnce: Bool

  /// The team's own tools: nobody outside hears of these.
  private static let inward = [
    ActionType.syncToCRM.name, ActionType.sendSlackMessage.name, ActionType.mcpToolCall.name,
  ]

  /// Reads the recipients of a type that reaches outside; a type of the configuration's own is taken for outreach.
  init(type: String, params: JSONObject) {
    isOutreach = ActionType.named(type)?.reach != .workspace && !Self.inward.contains(type)
    isMessage = isOutreach && type != ActionType.resendCreateContact.name
    isSentAtOnce = isMessage && type != ActionType.linkedInConnection.name
    guard isOutreach else { return }
    for name in ["email", "to", "cc", "bcc"] {
      let texts = params[name]?.stringValue.map { [$0] } ?? params.texts(name)
      for text in texts {
        let address = Self.address(text)
        if !address.isEmpty, !addresses.contains(address) { addresses.append(address) }
      }
    }
  }

  /// The domains of the addresses, each once.
  var domains: [String] {
    addresses.reduce(into: []) { domains, address in
      let domain = Self.domain(of: address)
      if !domain.isEmpty, !domains.contains(domain) { domains.append(domain) }
    }
  }

  /// What follows the last `@`; empty when there is none.
  static func domain(of address: String) -> String {
    address.lastIndex(of: "@").map { String(address[address.index(after: $0)...]) } ?? ""
  }

  /// The address alone where a name stands before it, in its comparable form.
  private static func address(_ text: String) -> String {
    guard text.last == ">", let start = text.lastIndex(of: "<") else { return ContactChanges.emailKey(text) }
    return ContactChanges.emailKey(String(text[text.index(after: start)...].dropLast()))
  }
}
