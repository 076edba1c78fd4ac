public import Operations

/// The README's table of tools, generated between two markers.
public enum ToolTable {
  /// The line before the table.
  public static let beginning = "<!-- tools:begin -->"
  /// The line after the table.
  public static let ending = "<!-- tools:end -->"

  /// The table in Markdown: core tools bold, with the first sentence of their descriptions.
  public static func markdown(_ operations: [Operation] = Catalogue.all) -> String {
    var lines = ["| Toolset | Tool | What it does | Hints | Scope | Credits |", "|---|---|---|---|---|---|"]
    var previous: Toolset?
    for operation in operations {
      let toolset = operation.toolset == previous ? "" : "`\(operation.toolset.rawValue)`"
      previous = operation.toolset
      let name = operation.isCore ? "**`\(operation.name)`**" : "`\(operation.name)`"
      let scope = operation.scope.map { "`\($0.rawValue)`" } ?? (operation.argumentScopes == nil ? "–" : "by argument")
      let credits = operation.credits.map { "\($0)" } ?? "–"
      let cells = [toolset, name, firstSentence(of: operation), hints(of: operation), scope, credits]
      lines.append("| " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n")
  }

  /// The README with the present table between its markers; nil when it lacks them.
  public static func updating(_ readme: String, with operations: [Operation] = Catalogue.all) -> String? {
    let lines = readme.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(of: beginning[...]), let last = lines.firstIndex(of: ending[...]), first < last
    else { return nil }
    return (lines[...first] + ["", markdown(operations)[...], ""] + lines[last...]).joined(separator: "\n")
  }

  private static func firstSentence(of operation: Operation) -> String {
    var sentence = ""
    for character in operation.description {
      if character == " ", sentence.hasSuffix(".") { break }
      sentence.append(character == "|" ? "/" : character)
    }
    return sentence
  }

  private static func hints(of operation: Operation) -> String {
    let hints = operation.hints
    if hints.readOnly { return "reads" }
    var words = ["writes"]
    if hints.destructive { words.append("destructive") }
    if hints.idempotent { words.append("idempotent") }
    if hints.openWorld { words.append("reaches outside") }
    return words.joined(separator: ", ")
  }
}
