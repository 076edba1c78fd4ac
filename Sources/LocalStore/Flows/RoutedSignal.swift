internal import JSON
internal import Service

/// A signal as the router sees it; its data and its contact are read when a condition asks for them.
final class RoutedSignal {
  let row: Int64
  let type: String
  let priority: String
  let contact: Int64?
  private let source: String
  private let notes: String?
  private let transaction: ReadTransaction
  private let dataText: [UInt8]
  private lazy var data: JSONValue? = try? JSONValue(parsing: dataText)
  private var loaded: FlowPerson?

  /// What ``init(_:_:)`` reads, in this order.
  static let columns = "id, type, priority, source, contact_id, data, notes"

  /// The signal that a statement over ``columns`` stands at.
  init(_ signal: Statement, _ transaction: ReadTransaction) {
    row = signal.integer(0)
    type = signal.string(1)
    priority = signal.string(2)
    source = signal.string(3)
    contact = signal.optionalInteger(4)
    dataText = Array(signal.text(5))
    notes = signal.optionalString(6)
    self.transaction = transaction
  }

  /// The contact it is about; nil when it is about nobody known.
  func person() throws(ServiceError) -> FlowPerson? {
    if let loaded { return loaded }
    guard let contact else { return nil }
    let person = try FlowPerson.load(contact, transaction)
    loaded = person
    return person
  }

  /// The contact is read anew when it is needed next.
  func personHasChanged() { loaded = nil }

  /// What a condition looks at: `data.…`, `contact.…`, or a field of the signal itself.
  func fact(_ path: [String]) throws(ServiceError) -> JSONValue? {
    let rest = path.dropFirst()
    switch path[0] {
    case "data": return data?.member(at: rest)
    case "contact": return try person().flatMap { JSONValue.object($0.fields).member(at: rest) }
    case "type": return .string(type)
    case "priority": return .string(priority)
    case "source": return .string(source)
    case "notes": return notes.map { .string($0) }
    default: return nil
    }
  }
}

extension JSONValue {
  /// The member at a path of names; a number takes an item of a list.
  func member(at path: ArraySlice<String>) -> JSONValue? {
    guard let name = path.first else { return self }
    let inner = self[name] ?? Int(name).flatMap { self[$0] }
    return inner?.member(at: path.dropFirst())
  }
}
