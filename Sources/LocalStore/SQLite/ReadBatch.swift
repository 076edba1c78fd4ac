internal import Service

/// Reads that arrived together and share one state of the data: opening and closing a state of its own costs a read
/// more than a look-up does.
///
/// A single read has no transaction around it; the second opens one for itself and those that follow.
struct ReadBatch: Sendable {
  /// So many reads share a state at most: others may be waiting for its end to clean up behind it.
  private static let limit = 256
  private var reader: ReadTransaction?
  private var file: WorkspaceFile?
  private var reads = 0
  private var commits = 0

  /// What the next read of the batch reads from.
  ///
  /// - Parameter commits: grows with each commit of this process; a state from before the last one is given up.
  mutating func next(from file: WorkspaceFile, commits: Int) throws(ServiceError) -> ReadTransaction {
    if commits != self.commits || reads == Self.limit { end() }
    let transaction: ReadTransaction
    if let reader {
      transaction = ReadTransaction(database: reader.database, ids: reader.ids, now: file.now, books: reader.books)
    } else {
      transaction = try file.takeReader()
      self.file = file
      self.commits = commits
      reader = transaction
    }
    reads += 1
    // A read that failed half way may have left one open.
    if reads >= 2, !transaction.database.isInTransaction { try transaction.database.statement("BEGIN").run() }
    return transaction
  }

  /// Gives the state up.
  mutating func end() {
    if let reader, let file { file.giveBack(reader) }
    reader = nil
    file = nil
    reads = 0
  }
}
