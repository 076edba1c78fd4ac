internal import Platform
public import Service

extension LocalStore: DecisionBook {
  /// Keeps a question in the workspace, and forgets those that are too old.
  public func keep(_ decision: OpenDecision) throws(ServiceError) {
    try writer.change { transaction throws(ServiceError) in
      let old = try transaction.database.statement("DELETE FROM open_decisions WHERE expires_at <= ?1")
      old.bind(transaction.now.milliseconds, at: 1)
      try old.run()
      let statement = try transaction.database.statement(
        "INSERT INTO open_decisions (handle, call, shown, round, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)")
      statement.bind(decision.handle, at: 1)
      statement.bind(blob: decision.call, at: 2)
      statement.bind(blob: decision.shown, at: 3)
      statement.bind(Int64(decision.round), at: 4)
      statement.bind(decision.expires.milliseconds, at: 5)
      try statement.run()
    }
  }

  /// Takes a question out: for this call, in time, and by one of all that try.
  public func take(_ handle: String, call: [UInt8]) throws(ServiceError) -> OpenDecision? {
    try writer.change { transaction throws(ServiceError) in
      let statement = try transaction.database.statement(
        """
        DELETE FROM open_decisions WHERE handle = ?1 AND call = ?2 AND expires_at > ?3
        RETURNING shown, round, expires_at
        """)
      statement.bind(handle, at: 1)
      statement.bind(blob: call, at: 2)
      statement.bind(transaction.now.milliseconds, at: 3)
      defer { statement.reset() }
      guard try statement.step() else { return nil }
      let decision = OpenDecision(
        handle: handle, call: call, shown: statement.blob(0), round: Int(statement.integer(1)),
        expires: Timestamp(milliseconds: statement.integer(2)))
      // The row is gone once the statement has come to its end.
      _ = try statement.step()
      return decision
    }
  }
}
