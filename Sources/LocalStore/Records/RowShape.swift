internal import JSON

/// How a record is shown: its members in order, each with the column that it is read from.
///
/// A record's columns and what is written from them can't get out of step, as they are one list.
struct RowShape: Sendable {
  /// One member of the object.
  struct Member: Sendable {
    /// What the column holds.
    enum Form: Sendable {
      /// The row's own number, shown as an id under two names.
      case record(RecordKind, alias: StaticString)
      /// The number of another row, shown as an id.
      case id(RecordKind)
      case text, integer, flag, time, json
      /// A text, or stored JSON, of which only the beginning is shown when it has more than so many bytes.
      case excerpt(Int), jsonExcerpt(Int)
    }

    let name: StaticString
    let column: String
    let form: Form
    /// Left out when the column is null, which is shown as null else.
    var isOptional = false

    /// The row's own id, under both names that a record has for it.
    static func record(_ name: StaticString, _ alias: StaticString, _ kind: RecordKind, _ column: String) -> Member {
      Member(name: name, column: column, form: .record(kind, alias: alias))
    }

    /// Another record's id.
    static func id(_ name: StaticString, _ kind: RecordKind, _ column: String) -> Member {
      Member(name: name, column: column, form: .id(kind))
    }

    /// A text.
    static func text(_ name: StaticString, _ column: String) -> Member {
      Member(name: name, column: column, form: .text)
    }

    /// A whole number.
    static func integer(_ name: StaticString, _ column: String) -> Member {
      Member(name: name, column: column, form: .integer)
    }

    /// Yes or no.
    static func flag(_ name: StaticString, _ column: String) -> Member {
      Member(name: name, column: column, form: .flag)
    }

    /// A moment in Pathbound's form.
    static func time(_ name: StaticString, _ column: String) -> Member {
      Member(name: name, column: column, form: .time)
    }

    /// Stored JSON.
    static func json(_ name: StaticString, _ column: String) -> Member {
      Member(name: name, column: column, form: .json)
    }

    /// The beginning of a text; left out when there is none.
    static func excerpt(_ name: StaticString, _ column: String, bytes: Int) -> Member {
      Member(name: name, column: column, form: .excerpt(bytes), isOptional: true)
    }

    /// Stored JSON, or where it is long the beginning of its text; left out when there is none.
    static func jsonExcerpt(_ name: StaticString, _ column: String, bytes: Int) -> Member {
      Member(name: name, column: column, form: .jsonExcerpt(bytes), isOptional: true)
    }

    /// The same member, left out when its column is null.
    var ifAny: Member {
      var member = self
      member.isOptional = true
      return member
    }
  }

  private let members: [Member]
  /// What ``write(_:_:into:)`` reads, in this order and from the first column on.
  let columns: String

  init(_ members: Member...) { self.init(members) }

  init(_ members: [Member]) {
    self.members = members
    columns = members.map(\.column).joined(separator: ", ")
  }

  /// The column after the last.
  var end: Int32 { Int32(members.count) }

  /// Writes the record that the statement stands at, one object.
  func write(_ row: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    payload.beginObject()
    writeMembers(row, ids, into: &payload)
    payload.endObject()
  }

  /// Writes the members of the record that the statement stands at into the object that is open.
  func writeMembers(_ row: Statement, _ ids: RecordIDs, into payload: inout JSONWriter) {
    for (position, member) in members.enumerated() {
      let column = Int32(position)
      if !row.isNull(column) {
        member.write(row, column, ids, into: &payload)
      } else if !member.isOptional {
        payload.key(member.name)
        payload.null()
      }
    }
  }
}

extension RowShape.Member {
  /// Writes the member from a column that is not null.
  fileprivate func write(_ row: Statement, _ column: Int32, _ ids: RecordIDs, into payload: inout JSONWriter) {
    switch form {
    case .record(let kind, let alias): payload.recordID(name, alias, kind, row.integer(column), ids)
    case .id(let kind):
      payload.key(name)
      ids.write(kind, row.integer(column), into: &payload)
    case .text:
      payload.key(name)
      payload.text(row, column)
    case .integer:
      payload.key(name)
      payload.integer(row.integer(column))
    case .flag:
      payload.key(name)
      payload.bool(row.bool(column))
    case .time:
      payload.key(name)
      payload.time(row.integer(column))
    case .json:
      payload.key(name)
      payload.storedJSON(row, column)
    case .excerpt(let bytes): payload.short(name, row, column, bytes)
    case .jsonExcerpt(let bytes): payload.shortJSON(name, row, column, bytes)
    }
  }
}
