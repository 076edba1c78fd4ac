public import JSON
internal import Operations

/// A property that an action would set: what it is now, and what it would be then.
public struct PropertyChange: Sendable, Equatable {
  /// The property's name.
  public let name: String
  /// The value now; null where there is none.
  public let before: JSONValue
  /// The value then; null where the property is removed.
  public let after: JSONValue

  /// The properties that an action sets, by their names; nil for actions that set none.
  public static func given(by type: String, _ params: JSONObject) -> JSONObject? {
    switch type {
    case ActionType.updateContact.name, ActionType.updateCompany.name: params["properties"]?.objectValue ?? [:]
    case ActionType.updateLifecycleStage.name: params["lifecycle_stage"].map { ["lifecyclestage": $0] } ?? [:]
    default: nil
    }
  }

  /// What would be other than it is, in the order given; what is the same already is left out.
  public static func changes(of properties: JSONObject, to given: JSONObject) -> [PropertyChange] {
    given.compactMap { name, after in
      let before = properties[name] ?? .null
      return before == after ? nil : PropertyChange(name: name, before: before, after: after)
    }
  }

  /// `{property, from, to}`.
  public var json: JSONValue { ["property": .string(name), "from": before, "to": after] }
}

/// What an action of the workspace's own would change.
public struct ActionEffect: Sendable {
  /// The properties; empty when all are as they would be already.
  public let changes: [PropertyChange]
  /// Why it would fail as things are; nil when nothing is known against it.
  public let failure: String?

  /// Creates an effect.
  public init(changes: [PropertyChange], failure: String? = nil) {
    self.changes = changes
    self.failure = failure
  }

  /// As members of the object that is open.
  public func write(into writer: inout JSONWriter) {
    writer.key("would_change")
    writer.value(.array(changes.map(\.json)))
    guard let failure else { return }
    writer.key("would_fail")
    writer.string(failure)
  }
}
