internal import JSON
internal import Platform
internal import Service

/// Kinds of records, with the prefix of their ids.
enum RecordKind: UInt64, CaseIterable {
  case contact = 1
  case company, event, action, agent, run, job, identity, segment, note, task, thread, change
  // Owlbound's ids are opaque: no prefix.
  case owlContact = 32
  case signal, profile, workflow, sequence, enrollment
  case owlCompany = 40
  case connector

  var prefix: StaticString {
    switch self {
    case .contact: "ct_"
    case .company: "co_"
    case .event: "evt_"
    case .action: "act_"
    case .agent: "ag_"
    case .run: "run_"
    case .job: "job_"
    case .identity: "id_"
    case .segment: "seg_"
    case .note: "note_"
    case .task: "task_"
    case .thread: "th_"
    case .change: "chg_"
    case .owlContact, .signal, .profile, .workflow, .sequence, .enrollment, .owlCompany, .connector: ""
    }
  }

  /// What people call it.
  var noun: String {
    switch self {
    case .owlContact: "contact"
    case .owlCompany: "company"
    case .profile: "ICP profile"
    default: "\(self)"
    }
  }
}

/// The ids that callers see, made from row numbers: prefix, seven characters of the number, thirteen of a code.
///
/// The number makes ids sort by time; the code is a keyed hash of kind and number, so that nobody can guess a
/// record's id from another's. The key lives in the workspace. Rows refer to each other by number alone.
struct RecordIDs: Sendable {
  private static let numberDigits = 7
  private static let codeDigits = 13
  private let code: SipHash

  /// The codec of a workspace with this key.
  init(key: (UInt64, UInt64)) { code = SipHash(key: key) }

  /// The id of a row.
  func text(_ kind: RecordKind, _ row: Int64) -> String {
    String(unsafeUninitializedCapacity: 32) { write(kind, row, into: $0) }
  }

  /// Tells this workspace from others.
  var workspaceID: String { Base32.text(seal(1), digits: Self.codeDigits) }

  /// Stands for the owner's key, which is not stored.
  var keyID: String { Base32.text(seal(2), digits: Self.codeDigits) }

  /// A code over words that nobody can make without the workspace's key; never the code of an id.
  func seal(_ words: UInt64...) -> UInt64 {
    words.reduce(code(.max, UInt64(words.count))) { code($0, $1) }
  }

  /// Writes the id of a row as a JSON string.
  func write(_ kind: RecordKind, _ row: Int64, into payload: inout JSONWriter) {
    withText(kind, row) { payload.raw($0) }
  }

  /// Lends the id of a row as a JSON string, quotes included.
  func withText(_ kind: RecordKind, _ row: Int64, _ body: (UnsafeRawBufferPointer) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { bytes in
      bytes[0] = UInt8(ascii: "\"")
      let rest = UnsafeMutableBufferPointer(rebasing: bytes[1...])
      let count = write(kind, row, into: rest)
      bytes[count + 1] = UInt8(ascii: "\"")
      body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[..<(count + 2)])))
    }
  }

  /// The row of an id; nil when it is not one of ours.
  func row(_ kind: RecordKind, _ id: String) -> Int64? {
    if kind == .identity && id.utf8.elementsEqual("id_default".utf8) { return 1 }
    let prefix = kind.prefix
    let length = prefix.utf8CodeUnitCount
    let bytes = id.utf8
    guard bytes.count == length + Self.numberDigits + Self.codeDigits,
      bytes.prefix(length).elementsEqual(UnsafeBufferPointer(start: prefix.utf8Start, count: length)),
      let number = Base32.number(bytes.dropFirst(length).prefix(Self.numberDigits)),
      let given = Base32.number(bytes.suffix(Self.codeDigits)), given == code(kind.rawValue, number)
    else { return nil }
    return Int64(number)
  }

  /// The row of an id.
  ///
  /// - Throws: `NOT_FOUND` when it is not one of ours.
  func require(_ kind: RecordKind, _ id: String) throws(ServiceError) -> Int64 {
    guard let row = row(kind, id) else { throw .notFound(kind.noun, id) }
    return row
  }

  private func write(_ kind: RecordKind, _ row: Int64, into bytes: UnsafeMutableBufferPointer<UInt8>) -> Int {
    if kind == .identity && row == 1 { return bytes.update(from: "id_default".utf8).index }
    let prefix = kind.prefix
    let length = prefix.utf8CodeUnitCount
    for index in 0..<length { bytes[index] = prefix.utf8Start[index] }
    let number = UInt64(bitPattern: row)
    Base32.write(number, digits: Self.numberDigits, into: UnsafeMutableBufferPointer(rebasing: bytes[length...]))
    let end = length + Self.numberDigits
    Base32.write(
      code(kind.rawValue, number), digits: Self.codeDigits, into: UnsafeMutableBufferPointer(rebasing: bytes[end...]))
    return end + Self.codeDigits
  }
}
