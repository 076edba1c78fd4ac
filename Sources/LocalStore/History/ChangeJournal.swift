internal import CSQLite
internal import JSON
internal import Platform
internal import Service

/// What the running call does to rows, noted by triggers of the writer's own connection.
///
/// So every write has its inverse without a handler's help. The triggers are temporary: no other program that opens the
/// file meets them. Making all of them takes milliseconds; so a table gets its own when the first statement that may
/// change it, be it by a cascade, was prepared (SQLite tells its authorizer), and something is to be noted. Calls that
/// store what comes in by the thousand (contacts, events, signals) keep none: what undoes them is the id that their
/// audit row names.
final class ChangeJournal: @unchecked Sendable {
  // Unchecked: used by the writer's thread alone.

  /// What happened to a row.
  enum Event: Int {
    case insert, update, delete
  }

  /// A change of more rows, or of longer ones, is not kept.
  private static let mostImages = 5000
  private static let mostBytes = 2_000_000

  /// Whether what happens to rows is noted.
  private(set) var isOn = false
  /// What was noted and not taken yet, in order.
  private(set) var images: [ChangeImage] = []
  /// The change that the running call takes back.
  var undoes: Int64?
  private var receipt: [UInt8]?
  private var bytes = 0
  /// Tables that statements of this connection may change, and those with triggers; a bit for each.
  private var reached: UInt64 = 0
  private var armed: UInt64 = 0
  private var shapes: [Int: JournaledTable.Shape] = [:]
  private unowned let database: Connection

  /// A journal of a connection, which keeps it.
  init(of database: Connection) { self.database = database }

  /// A job begins that keeps no images, unless it says so.
  func end() {
    guard isOn else { return }
    isOn = false
    forget()
  }

  /// From here on what happens to rows is noted.
  func begin() throws(ServiceError) {
    forget()
    isOn = true
    try arm()
  }

  /// The transaction was taken back, and with it triggers that were made in it.
  func rolledBack() {
    end()
    armed = 0
  }

  private func forget() {
    images.removeAll()
    undoes = nil
    receipt = nil
    bytes = 0
  }

  /// Makes the triggers of the tables that can be changed by now, while something is to be noted.
  func arm() throws(ServiceError) {
    guard isOn, reached & ~armed != 0 else { return }
    let new = reached & ~armed
    armed |= new
    var sql = ""
    for (number, table) in JournaledTable.allCases.enumerated() where new & 1 << UInt64(number) != 0 {
      let shape = if let known = shapes[number] { known } else { try table.shape(database) }
      shapes[number] = shape
      sql += table.triggers(shape, number: number)
    }
    try database.execute(sql)
  }

  private static let numbers = Dictionary(
    uniqueKeysWithValues: JournaledTable.allCases.enumerated().map { ($1.rawValue, UInt64($0)) })

  /// A statement was prepared that may change a table.
  private func reach(_ table: UnsafePointer<CChar>) {
    guard let number = Self.numbers[String(cString: table)] else { return }
    reached |= 1 << number
  }

  // MARK: Noting

  /// How far it has come.
  struct Mark {
    let images: Int
    fileprivate let armed: UInt64
  }

  /// How far it has come, to go back to it.
  var mark: Mark { Mark(images: images.count, armed: armed) }

  /// What was done since was taken back, triggers included.
  func rewind(to mark: Mark) {
    if images.count > mark.images { images.removeLast(images.count - mark.images) }
    armed = mark.armed
  }

  /// Notes what happened to a row: all values of the new one, of old and new one, or of the old one.
  func note(_ number: Int, _ event: Event, _ values: [JSONValue]) {
    guard JournaledTable.allCases.indices.contains(number), let shape = shapes[number] else { return }
    let table = JournaledTable.allCases[number]
    let width = shape.columns.count
    guard values.count == (event == .update ? 2 * width : width) else { return }
    let row = JSONObject(zip(shape.columns, values.prefix(width)))
    let key = JSONValue.array(shape.key.map { row[$0] ?? .null }).text
    switch event {
    case .insert: add(table.rawValue, key, nil, ChangeImage.digest(of: shape.columns, row, table))
    case .delete: add(table.rawValue, key, row, nil)
    case .update:
      let new = JSONObject(zip(shape.columns, values.suffix(width)))
      let changed = shape.columns.filter { row[$0] != new[$0] }
      guard !changed.isEmpty else { return }
      add(
        table.rawValue, key, JSONObject(changed.map { ($0, row[$0] ?? .null) }),
        ChangeImage.digest(of: changed, new, table))
    }
  }

  /// Notes a new row that no trigger tells of, before all that happened to it since.
  func noteNew(_ table: JournaledTable, _ row: Int64) throws(ServiceError) {
    guard isOn, let stored = try StoredRow.load(table, ChangeImage.key(ofRow: row), database) else { return }
    let key = ChangeImage.key(ofRow: row)
    let digest = ChangeImage.digest(of: stored.keys, stored, table)
    add(table.rawValue, key, nil, digest)
    guard let first = images.firstIndex(where: { $0.source == table.rawValue && $0.key == key }),
      first < images.count - 1
    else { return }
    images.insert(images.removeLast(), at: first)
  }

  /// Notes events that are taken from their contact.
  func noteReleased(_ events: [Int64], of contact: Int64) {
    guard isOn, !events.isEmpty else { return }
    add(
      ChangeImage.Source.events, ChangeImage.key(ofRow: contact),
      ["events": .array(events.map { .integer($0) })], nil)
  }

  /// Notes what would answer the same call again.
  func note(receipt key: [UInt8]) { if isOn { receipt = key } }

  private func add(_ source: String, _ key: String, _ before: JSONObject?, _ after: Int64?) {
    guard images.count < Self.mostImages, bytes < Self.mostBytes else {
      if images.last?.source != ChangeImage.Source.overflow {
        images.append(ChangeImage(source: ChangeImage.Source.overflow, key: "[]", before: nil, after: nil))
      }
      return
    }
    bytes += key.utf8.count
    for (name, value) in before ?? [:] { bytes += name.utf8.count + (value.stringValue?.utf8.count ?? 8) }
    images.append(ChangeImage(source: source, key: key, before: before, after: after))
  }

  // MARK: Keeping

  /// Whether there is something to keep with the audit row of what was done.
  var isWritten: Bool { !images.isEmpty || undoes != nil }

  /// Keeps what was noted under a change, and forgets it.
  func store(as change: Int64) throws(ServiceError) {
    defer { forget() }
    if images.last?.source == ChangeImage.Source.overflow {
      images = [ChangeImage(source: ChangeImage.Source.overflow, key: "[]", before: nil, after: nil)]
    } else if let receipt {
      let key = JSONValue.array(receipt.map { .integer(Int64($0)) }).text
      images.append(ChangeImage(source: ChangeImage.Source.receipts, key: key, before: nil, after: nil))
    }
    try ChangeImage.store(images, of: change, database)
    if let undoes { try Undos.note(undo: change, of: undoes, database) }
  }
}

// MARK: - Telling it

extension ChangeJournal {
  /// The functions that the triggers call, and what hears of the tables that statements may change.
  func register(on handle: OpaquePointer) {
    let this = Unmanaged.passUnretained(self).toOpaque()
    let isOn: @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void = { context, _, _ in
      guard let data = sqlite3_user_data(context) else { return }
      let journal = Unmanaged<ChangeJournal>.fromOpaque(data).takeUnretainedValue()
      sqlite3_result_int(context, journal.isOn ? 1 : 0)
    }
    let note: @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void = {
      context, count, values in
      guard let data = sqlite3_user_data(context), let values, count >= 2,
        let event = Event(rawValue: Int(sqlite3_value_int64(values[1])))
      else { return }
      let journal = Unmanaged<ChangeJournal>.fromOpaque(data).takeUnretainedValue()
      let row = (2..<Int(count)).map { JSONValue(stored: values[$0]) }
      journal.note(Int(sqlite3_value_int64(values[0])), event, row)
    }
    sqlite3_create_function_v2(handle, "journal_is_on", 0, SQLITE_UTF8, this, isOn, nil, nil, nil)
    sqlite3_create_function_v2(handle, "note_change", -1, SQLITE_UTF8, this, note, nil, nil, nil)
    sqlite3_set_authorizer(
      handle,
      { data, action, table, _, _, _ in
        if let data, let table, action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE {
          Unmanaged<ChangeJournal>.fromOpaque(data).takeUnretainedValue().reach(table)
        }
        return SQLITE_OK
      }, this)
  }
}

extension JSONValue {
  /// A value of SQLite's; journaled tables hold no bytes that are no text.
  init(stored value: OpaquePointer?) {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: self = .integer(sqlite3_value_int64(value))
    case SQLITE_FLOAT: self = .number(sqlite3_value_double(value))
    case SQLITE_TEXT:
      let text = sqlite3_value_text(value)
      let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_value_bytes(value)))
      self = .string(String(decoding: bytes, as: UTF8.self))
    default: self = .null
    }
  }
}
