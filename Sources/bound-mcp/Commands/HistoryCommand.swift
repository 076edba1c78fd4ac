internal import JSON
internal import Platform
internal import Service
internal import Settings
internal import ToolServer

/// `history`: what was changed in the workspace, newest first.
struct HistoryCommand {
  private static let mostOfAPage: Int64 = 100

  let configuration: Configuration
  let invocation: Invocation

  /// Prints the changes, or the reason why they can't be told.
  func run() throws(UsageError) -> Int32 {
    let wanted = try limit()
    let filters = try invocation.changeFilters(at: SystemClock().now())
    let book = try ChangeBook(configuration, command: .history)
    defer { book.close() }
    do throws(ServiceError) {
      let changes = try changes(wanted, filters, book)
      if invocation.has(.json) {
        Console.output.write(JSONValue.object(["changes": .array(changes)]).serialized())
        Console.output.line()
      } else if changes.isEmpty {
        Console.output.line("Nothing like that was changed.")
      } else {
        for change in changes { ChangeLines.entry(change).forEach { Console.output.line($0) } }
      }
      return Program.Status.success
    } catch {
      UndoCommand.fail(error, asJSON: invocation.has(.json))
      return Program.Status.failure
    }
  }

  private func limit() throws(UsageError) -> Int {
    guard let text = invocation.options[.limit] else { return 20 }
    guard let number = Int(text), (1...10_000).contains(number) else {
      throw UsageError("--limit takes a number from 1 to 10000, not \"\(text.prefix(40))\"")
    }
    return number
  }

  private func changes(
    _ wanted: Int, _ filters: JSONObject, _ book: ChangeBook
  ) throws(ServiceError) -> [JSONValue] {
    var changes: [JSONValue] = []
    var arguments = filters
    while changes.count < wanted {
      arguments["limit"] = .integer(min(Self.mostOfAPage, Int64(wanted - changes.count)))
      let page = try book.page(arguments)
      changes += page["changes"]?.arrayValue ?? []
      guard let next = page["nextCursor"], !next.isNull else { break }
      arguments["cursor"] = next
    }
    return changes
  }
}
