internal import JSON
internal import Operations
internal import Platform
internal import Service
internal import Settings
internal import ToolServer

/// `undo`: takes one change back, or all that a client has changed since a time.
struct UndoCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Takes back what is asked for; status 1 when something stands against it.
  func run() throws(UsageError) -> Int32 {
    let isMany = invocation.options[.client] != nil || invocation.options[.since] != nil
    guard isMany != !invocation.operands.isEmpty else {
      throw UsageError("undo takes the ID of one change (see 'bound-mcp history'), or --client and --since")
    }
    if isMany, invocation.options[.client] == nil || invocation.options[.since] == nil || invocation.has(.dryRun) {
      throw UsageError("to undo all that a client did, give --client and --since; look first with 'bound-mcp history'")
    }
    let filters = try invocation.changeFilters(at: SystemClock().now())
    var configuration = configuration
    // Whoever answers at a terminal is the person that --approvals human asks for; a script is not.
    let isPerson = Descriptor.standardInput.isTerminal && Console.output.isTerminal && !invocation.has(.json)
    if isPerson { configuration.approvals = .key }
    let book = try ChangeBook(configuration, command: .undo)
    defer { book.close() }
    return isMany ? undoAll(filters, book) : undo(invocation.operands[0], book)
  }

  private func undo(_ id: String, _ book: ChangeBook) -> Int32 {
    do throws(ServiceError) {
      let answer = try book.undo(id, isRehearsal: invocation.has(.dryRun))
      if invocation.has(.json) {
        write(answer)
      } else {
        ChangeLines.undo(answer, isRehearsal: invocation.has(.dryRun)).forEach { Console.output.line($0) }
      }
      return Program.Status.success
    } catch {
      Self.fail(error, asJSON: invocation.has(.json))
      return Program.Status.failure
    }
  }

  /// From the newest to the oldest, up to the first that can't be taken back: what came before may rest on it.
  private func undoAll(_ filters: JSONObject, _ book: ChangeBook) -> Int32 {
    var undone: [JSONValue] = []
    do throws(ServiceError) {
      for change in try all(filters, book) {
        guard change["undone_by"] == nil, change["undoes"] == nil, let id = change["id"]?.stringValue else { continue }
        let answer = try book.undo(id, isRehearsal: false)
        undone.append(.object(answer))
        if !invocation.has(.json) { ChangeLines.entry(change).prefix(1).forEach { Console.output.line($0) } }
      }
      report(undone)
      return Program.Status.success
    } catch {
      report(undone)
      Self.fail(error, asJSON: invocation.has(.json))
      return Program.Status.failure
    }
  }

  private func all(_ filters: JSONObject, _ book: ChangeBook) throws(ServiceError) -> [JSONValue] {
    var changes: [JSONValue] = []
    var arguments = filters
    arguments["limit"] = 100
    while true {
      let page = try book.page(arguments)
      changes += page["changes"]?.arrayValue ?? []
      guard let next = page["nextCursor"], !next.isNull else { return changes }
      arguments["cursor"] = next
    }
  }

  private func report(_ undone: [JSONValue]) {
    if invocation.has(.json) { return write(["undone": .array(undone)]) }
    Console.output.line("\(undone.count) undone.")
  }

  private func write(_ object: JSONObject) {
    Console.output.write(JSONValue.object(object).serialized())
    Console.output.line()
  }

  /// Says on standard error what went wrong.
  static func fail(_ error: ServiceError, asJSON: Bool) {
    guard asJSON else {
      return Console.errors.line("bound-mcp: \(ReviewQueue.harmless(.string(error.message)).stringValue ?? "")")
    }
    Console.errors.write(ResultMapping.text(of: error))
    Console.errors.line()
  }
}
