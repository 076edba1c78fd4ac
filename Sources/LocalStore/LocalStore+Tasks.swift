internal import JSON
internal import Platform
public import Service

extension LocalStore: TaskBook {
  /// Keeps a new task, and forgets those that are too old.
  public func add(_ task: TaskRecord) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let old = try transaction.database.statement("DELETE FROM client_tasks WHERE expires_at <= ?1")
      old.bind(transaction.now.milliseconds, at: 1)
      try old.run()
      let statement = try transaction.database.statement(
        """
        INSERT INTO client_tasks (id, tool, client, followed, status, message, payload, is_error, lease_until, created_at,
          updated_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11)
        """)
      statement.bind(task.id, at: 1)
      statement.bind(task.tool, at: 2)
      statement.bind(task.client, at: 3)
      statement.bind(optionalText: task.followed.map { JSONValue.object($0.json).serialized() }, at: 4)
      statement.bind(task.status.rawValue, at: 5)
      statement.bind(task.message, at: 6)
      statement.bind(optionalText: task.payload, at: 7)
      statement.bind(task.isError, at: 8)
      statement.bind(task.leaseUntil?.milliseconds, at: 9)
      statement.bind(task.created.milliseconds, at: 10)
      statement.bind(task.created.adding(milliseconds: TaskRecord.lifetime).milliseconds, at: 11)
      try statement.run()
    }
  }

  /// The task with that id; nil when there is none, or it is too old.
  public func task(_ id: String) throws(ServiceError) -> TaskRecord? {
    try read { transaction throws(ServiceError) in
      let row = try transaction.database.statement(
        """
        SELECT tool, client, followed, status, message, payload, is_error, lease_until, created_at, updated_at
        FROM client_tasks WHERE id = ?1 AND expires_at > ?2
        """)
      row.bind(id, at: 1)
      row.bind(transaction.now.milliseconds, at: 2)
      defer { row.reset() }
      guard try row.step(), let status = TaskRecord.Status(rawValue: row.string(3)) else { return nil }
      return TaskRecord(
        id: id, tool: row.string(0), client: row.string(1),
        followed: row.isNull(2) ? nil : TaskRecord.Followed(json: try? JSONParser.parse(row.text(2))), status: status,
        message: row.optionalString(4), payload: row.isNull(5) ? nil : Array(row.text(5)), isError: row.bool(6),
        leaseUntil: row.optionalInteger(7).map { Timestamp(milliseconds: $0) },
        created: Timestamp(milliseconds: row.integer(8)), updated: Timestamp(milliseconds: row.integer(9)))
    }
  }

  /// Ends a task that goes on; one that has ended stays as it is.
  public func end(
    _ id: String, as status: TaskRecord.Status, message: String?, payload: [UInt8]?, isError: Bool
  ) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        """
        UPDATE client_tasks SET status = ?2, message = ?3, payload = ?4, is_error = ?5, lease_until = NULL, updated_at = ?6
        WHERE id = ?1 AND status = 'working'
        """)
      statement.bind(id, at: 1)
      statement.bind(status.rawValue, at: 2)
      statement.bind(message, at: 3)
      statement.bind(optionalText: payload, at: 4)
      statement.bind(isError, at: 5)
      statement.bind(transaction.now.milliseconds, at: 6)
      try statement.run()
    }
  }

  /// Notes that a client wants a task to end.
  public func wishEnd(of id: String) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let statement = try transaction.database.statement("UPDATE client_tasks SET is_to_end = 1 WHERE id = ?1")
      statement.bind(id, at: 1)
      try statement.run()
    }
  }

  /// Gives a sign of life for tasks that this process works on; gives those that are to end.
  public func renew(_ tasks: [(id: String, message: String?)]) throws(ServiceError) -> [String] {
    try writer.change { transaction throws(ServiceError) in
      var ending: [String] = []
      for task in tasks {
        let statement = try transaction.database.statement(
          """
          UPDATE client_tasks SET lease_until = ?2, message = ?3, updated_at = iif(message IS ?3, updated_at, ?4)
          WHERE id = ?1 AND status = 'working' RETURNING is_to_end
          """)
        statement.bind(task.id, at: 1)
        statement.bind(transaction.now.adding(milliseconds: TaskRecord.lease).milliseconds, at: 2)
        statement.bind(task.message, at: 3)
        statement.bind(transaction.now.milliseconds, at: 4)
        while try statement.step() { if statement.bool(0) { ending.append(task.id) } }
        statement.reset()
      }
      return ending
    }
  }

  /// Ends a run or an enrichment: whoever works on it finds its claim gone at the next step, and stops.
  public func stop(_ followed: TaskRecord.Followed) throws(ServiceError) -> Bool {
    try writer.change { transaction throws(ServiceError) in
      let isRun = followed.job != nil
      let id = followed.job ?? followed.arguments["contactId"]?.stringValue ?? ""
      // The id of a hosted platform is none of ours.
      guard let row = transaction.ids.row(isRun ? .job : .owlContact, id) else { return false }
      let statement = try transaction.database.statement(
        composed: isRun
          ? """
          UPDATE runs SET status = 'failed', error = 'It was cancelled.', claim = claim + 1, lease_until = NULL,
            completed_at = ?2 WHERE id = ?1 AND status IN ('queued', 'running') RETURNING id
          """
          : """
          UPDATE enrichment_jobs SET status = 'failed', claim = claim + 1, phase = NULL, lease_until = NULL,
            completed_at = ?2 WHERE contact_id = ?1 AND status IN ('queued', 'in_progress') RETURNING id
          """)
      statement.bind(row, at: 1)
      statement.bind(transaction.now.milliseconds, at: 2)
      defer { statement.reset() }
      var isStopped = false
      while try statement.step() { isStopped = true }
      return isStopped
    }
  }
}

extension TaskRecord.Followed {
  fileprivate var json: JSONObject {
    var json: JSONObject = ["operation": .string(operation), "arguments": .object(arguments)]
    json["job"] = job.map { .string($0) }
    return json
  }

  fileprivate init?(json: JSONValue?) {
    guard let operation = json?["operation"]?.stringValue else { return nil }
    self.init(
      operation: operation, arguments: json?["arguments"]?.objectValue ?? [:], job: json?["job"]?.stringValue)
  }
}
