internal import JSON
internal import Platform
internal import Service

/// Where each property of a contact or company comes from, and since when: what `include=provenance` adds
/// (Pathbound API 5.1 and 6).
///
/// What a record was made with came from where the record did; only later changes are written down, by property.
enum Provenance {
  /// Who changed a property.
  enum Source: String {
    /// A call of the API.
    case api
    /// An action that was performed.
    case action
    /// A row of a file.
    case file = "import"
  }

  /// SQL for the object of all properties of a record, each with `source` and `updated_at`.
  ///
  /// - Parameters:
  ///   - alias: the table's short name.
  ///   - origin: SQL for where the record came from.
  static func column(_ alias: String, origin: String) -> String {
    """
    (SELECT json_group_object(p.key, CASE WHEN v.key IS NOT NULL THEN json(v.value) ELSE json_object(
      'source', \(origin), 'updated_at', strftime('%Y-%m-%dT%H:%M:%S', \(alias).created_at / 1000, 'unixepoch')
        || printf('.%03dZ', \(alias).created_at % 1000)) END)
    FROM json_each(\(alias).properties) AS p LEFT JOIN json_each(\(alias).provenance) AS v ON v.key = p.key)
    """
  }

  /// What a change writes down, to be merged into what is stored; a property that is gone is forgotten.
  static func patch(
    from old: JSONObject, to new: JSONObject, _ given: JSONObject, by source: Source, at time: Timestamp
  ) -> [UInt8] {
    var patch: JSONObject = [:]
    for (name, _) in given where old[name] != new[name] {
      let note: JSONObject = ["source": .string(source.rawValue), "updated_at": .string(time.iso8601)]
      patch[name] = new.contains(name) ? .object(note) : .null
    }
    return JSONValue.object(patch).serialized()
  }

  /// Whether a call wants it.
  static func isWanted(_ arguments: JSONObject) -> Bool { arguments.text("include") == "provenance" }
}
