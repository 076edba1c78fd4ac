import JSONSchema

/// Arguments that many operations share.
extension Schema.Property {
  /// The page, from 1.
  static let page = Schema.Property.optional("page", .integer("Default 1", 1...10_000_000, default: 1))

  /// Rows to leave out before the first.
  static func skipped(_ name: String) -> Schema.Property {
    .optional(name, .integer("", 0...1_000_000_000, default: 0))
  }

  /// The number of rows.
  static func limit(_ count: Int64, most: Int64 = 100) -> Schema.Property {
    .optional("limit", .integer("Default \(count)", 1...most, default: count))
  }

  /// Where the page before ended.
  static let cursor = Schema.Property.optional("cursor", .string("nextCursor of the page before"))

  /// The order's direction.
  static let sortDirection = Schema.Property.optional(
    "sort_dir", .oneOf(["asc", "desc"], "Default desc", default: "desc"))

  /// Only the number of rows.
  static let countOnly = Schema.Property.optional("count_only", .boolean("", default: false))

  /// Where properties come from; rarely asked for.
  static let include = Schema.Property.unlisted("include", .oneOf(["provenance"]))

  /// A point in time that bounds a list.
  static func time(_ name: String, _ description: String = "ISO 8601") -> Schema.Property {
    .optional(name, .string(description, format: .dateTime))
  }

  /// The id of what the operation is about.
  static func id(_ name: String, _ description: String = "") -> Schema.Property {
    .required(name, .string(description, format: .nonBlank))
  }

  /// An id by which a list is filtered.
  static func filter(_ name: String, _ description: String = "") -> Schema.Property {
    .optional(name, .string(description))
  }

  /// What a note says.
  static let noteContent = Schema.Property.required("content", .string(format: .nonBlank))

  /// The part of a list of notes; without defaults, as the hosted list has no pages.
  static let notesPage: [Schema.Property] = [
    .optional("page", .integer("From 1", 1...10_000_000)), .optional("limit", .integer("Of a page", 1...100)),
  ]

  /// How long the answer may wait for the end of a run; clients give up on a call after a minute.
  static let waitSeconds = Schema.Property.optional(
    "wait_seconds", .integer("Wait for its end, with progress", 0...50))

  /// What a reviewer has to say.
  static let comment = Schema.Property.optional("comment", .string())
}

/// Payloads that many operations share; all are open, so that an API that grows a field breaks no client.
extension Schema {
  /// A payload with members that are always there.
  static func payload(_ properties: Property...) -> Schema { .openObject(properties) }

  /// A list of records.
  static let records = Schema.array(of: .openObject())

  /// A payload of one record.
  static func record(_ name: String) -> Schema { .payload(.required(name, .openObject())) }

  /// A page of records that tells where the next one begins.
  static func cursorPage(_ name: String) -> Schema {
    // Null on the last page, so that its type can't be named.
    .payload(.required(name, .records), .required("hasMore", .boolean()))
  }

  /// A page of records, or with `count_only` just `count`.
  static func countablePage(_ name: String) -> Schema {
    .payload(.optional(name, .records), .optional("pagination", .openObject()), .optional("count", .integer()))
  }
}
