internal import MCP
internal import Operations
internal import Service
internal import Settings
internal import ToolServer

/// `tools`: what there is, what it does, and what clients are shown.
struct ToolsCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Prints the table, or with `--json` the list as clients get it.
  func run() throws(UsageError) -> Int32 {
    let selection = try Wiring.selection(configuration)
    if invocation.has(.json) {
      Console.output.write(ToolDefinition.list(selection.listed, .full))
      Console.output.line()
    } else {
      Console.output.write(table(selection))
    }
    return Program.Status.success
  }

  private func table(_ selection: ToolSelection) -> String {
    let listed = Set(selection.listed.map(\.name))
    var rows = [["TOOL", "TOOLSET", "EFFECTS", "LISTED"]]
    for operation in Catalogue.all {
      let state = listed.contains(operation.name) ? "yes" : selection.isCallable(operation) ? "no" : "denied"
      rows.append([operation.name, operation.toolset.rawValue, Self.effects(operation.hints), state])
    }
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
    }
    let bytes = ToolDefinition.list(selection.listed, .withoutOutputSchemas).count
    return lines.map { $0.trimmed + "\n" }.joined()
      + "\n\(listed.count) of \(Catalogue.all.count) tools are listed, in \(bytes) bytes without output schemas.\n"
  }

  private static func effects(_ hints: Hints) -> String {
    guard !hints.readOnly else { return "reads" }
    let words = ["writes", hints.destructive ? "destructive" : nil, hints.openWorld ? "outside" : nil]
    return words.compactMap { $0 }.joined(separator: ", ")
  }
}

extension String {
  /// Without the blanks at the end.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
