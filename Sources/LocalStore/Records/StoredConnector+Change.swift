internal import JSON
internal import Platform
internal import Service

extension StoredConnector {
  /// What a call sets, checked.
  struct Change {
    private let row: Int64?
    private let slug: String
    private let name: String
    private let config: JSONObject
    private let isArchived: Bool
    private let before: JSONObject?

    /// Reads the arguments and the connector that they are about.
    ///
    /// - Throws: `NOT_FOUND`, `CONFLICT` when another connector has slug and name, `VALIDATION_ERROR` for a secret.
    init(_ arguments: JSONObject, _ transaction: WriteTransaction) throws(ServiceError) {
      let old: Stored?
      if let id = arguments.trimmedText("id") {
        old = try Stored.load(try transaction.ids.require(.connector, id), transaction)
        if old == nil { throw .notFound("connector", id) }
      } else {
        guard let slug = arguments.trimmedText("integrationSlug").map({ StoredConnector.slug($0) }) else {
          throw .invalid("/integrationSlug", "Give integrationSlug for a new connector, or the id of one to change.")
        }
        old = try Stored.find(slug, arguments.trimmedText("name") ?? slug, transaction)
      }
      slug = arguments.trimmedText("integrationSlug").map { StoredConnector.slug($0) } ?? old?.slug ?? ""
      guard slug.utf8.allSatisfy({ Self.isSlugByte($0) }), !slug.isEmpty else {
        throw .invalid("/integrationSlug", "integrationSlug takes letters, digits, - and _, as slack or http_crm.")
      }
      name = arguments.trimmedText("name") ?? old?.name ?? slug
      if ConnectorSecrets.resemblesSecret(name) || ConnectorSecrets.resemblesSecret(slug) {
        throw .invalid("/name", "The name looks like a secret. Names are shown; choose another.")
      }
      config = arguments["config"]?.objectValue ?? old?.config ?? [:]
      if arguments.contains("config") { try ConnectorSecrets.check(config) }
      isArchived = arguments["archived"]?.boolValue ?? old?.isArchived ?? false
      row = old?.row
      before = old?.record
      if let other = try Stored.find(slug, name, transaction), other.row != row {
        let id = transaction.ids.text(.connector, other.row)
        throw ServiceError(
          .conflict, "The connector \(id) has this slug and name. Change that one, or choose another name.")
      }
    }

    private static func isSlugByte(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        true
      default: false
      }
    }

    var isNew: Bool { row == nil }

    /// Writes it, with its audit record, and gives its row.
    func store(_ transaction: WriteTransaction) throws(ServiceError) -> Int64 {
      let stored = try SizeLimit.serialized(config, at: "/config")
      let statement = try transaction.database.statement(
        """
        INSERT INTO connectors (id, slug, name, config, archived_at, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, iif(?5, ?6, NULL), ?6, ?6) ON CONFLICT (id) DO UPDATE SET slug = ?2, name = ?3,
          config = ?4, archived_at = iif(?5, coalesce(archived_at, ?6), NULL), updated_at = ?6
        """)
      statement.bind(row, at: 1)
      statement.bind(slug, at: 2)
      statement.bind(name, at: 3)
      statement.bind(text: stored, at: 4)
      statement.bind(isArchived, at: 5)
      statement.bind(transaction.now.milliseconds, at: 6)
      try statement.run()
      let row = row ?? transaction.database.lastInsertedID
      let after = Stored(row: row, slug: slug, name: name, config: config, isArchived: isArchived)
      transaction.audit(
        .connector, row, before: before.map { JSONValue.object($0).serialized() },
        after: JSONValue.object(after.record).serialized())
      return row
    }
  }

  /// A connector as it lies in the workspace.
  private struct Stored {
    let row: Int64
    let slug: String
    let name: String
    let config: JSONObject
    let isArchived: Bool

    /// For the audit log: secrets left out.
    var record: JSONObject {
      [
        "integrationSlug": .string(slug), "name": .string(name), "archived": .bool(isArchived),
        "config": .object(ConnectorSecrets.redacted(config)),
      ]
    }

    static func load(_ row: Int64, _ transaction: WriteTransaction) throws(ServiceError) -> Stored? {
      let statement = try transaction.database.statement(
        "SELECT id, slug, name, config, archived_at IS NOT NULL FROM connectors WHERE id = ?1")
      statement.bind(row, at: 1)
      return try read(statement)
    }

    static func find(_ slug: String, _ name: String, _ transaction: WriteTransaction) throws(ServiceError) -> Stored? {
      let statement = try transaction.database.statement(
        "SELECT id, slug, name, config, archived_at IS NOT NULL FROM connectors WHERE slug = ?1 AND name = ?2")
      statement.bind(slug, at: 1)
      statement.bind(name, at: 2)
      return try read(statement)
    }

    private static func read(_ statement: Statement) throws(ServiceError) -> Stored? {
      defer { statement.reset() }
      guard try statement.step() else { return nil }
      let config = try? JSONParser.parse(statement.text(3))
      return Stored(
        row: statement.integer(0), slug: statement.string(1), name: statement.string(2),
        config: config?.objectValue ?? [:], isArchived: statement.bool(4))
    }
  }
}
