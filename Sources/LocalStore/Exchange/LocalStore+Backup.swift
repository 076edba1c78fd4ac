internal import Platform
public import Service

extension LocalStore {
  /// Writes a copy of the whole workspace, as one state of it, to a file that must not exist yet.
  ///
  /// Others may read and write meanwhile: the copy holds what was committed when it began. It is a workspace itself.
  ///
  /// - Returns: the copy's size in bytes.
  public func backUp(to path: String) throws(ServiceError) -> Int64 {
    let folder = Files.folder(of: path) ?? "/"
    let unfinished = path + ".unfinished"
    do throws(SystemError) {
      guard !Files.exists(path) else { throw SystemError.fileExists }
      try? Files.remove(unfinished)
      // Before the copy: SQLite would let everybody read it.
      try Files.createExclusively(unfinished).close()
    } catch {
      throw Self.backupFailure(error)
    }
    do throws(ServiceError) {
      try read { transaction throws(ServiceError) in try transaction.database.copy(to: unfinished) }
      let copy = try Connection(location: Location(unfinished), role: .writer)
      try copy.execute("PRAGMA journal_mode = WAL")
      try copy.checkpoint()
    } catch {
      try? Files.remove(unfinished)
      throw error
    }
    do throws(SystemError) {
      for ending in ["-wal", "-shm"] { try? Files.remove(unfinished + ending) }
      try Files.synchronize(unfinished)
      try Files.rename(unfinished, to: path)
      try Files.synchronizeDirectory(folder)
      return try Files.size(of: path)
    } catch {
      throw Self.backupFailure(error)
    }
  }

  private static func backupFailure(_ error: SystemError) -> ServiceError {
    ServiceError(.internal, "The copy can't be written: \(error). Choose another place.")
  }
}
