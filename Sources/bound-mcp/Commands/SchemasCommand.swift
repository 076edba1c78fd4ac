internal import JSON
internal import Operations
internal import Platform
internal import Settings
internal import ToolServer

/// `schemas`: one file for each tool, so that a change of a definition is seen in a review.
struct SchemasCommand {
  let invocation: Invocation

  /// Writes the files that differ and removes those of tools that are gone; with `--check` only names them.
  func run() -> Int32 {
    let folder = invocation.operands.first ?? "schemas"
    let isCheck = invocation.has(.check)
    var differing: [String] = []
    do {
      if !isCheck { try Files.createDirectories(folder, mode: 0o755) }
      for operation in Catalogue.all {
        let name = SchemaSnapshot.fileName(of: operation)
        let text = Array(SchemaSnapshot.text(of: operation).utf8)
        if (try? Files.read("\(folder)/\(name)")) == text { continue }
        differing.append(name)
        if !isCheck { try Files.write(text, to: "\(folder)/\(name)") }
      }
      let known = Set(Catalogue.all.map { SchemaSnapshot.fileName(of: $0) })
      for name in try Files.names(in: folder) where name.hasSuffix(".json") && !known.contains(name) {
        differing.append(name)
        if !isCheck { try Files.remove("\(folder)/\(name)") }
      }
    } catch {
      Console.errors.line("bound-mcp: \(folder): \(error)")
      return Program.Status.failure
    }
    return report(differing, folder, isCheck)
  }

  private func report(_ differing: [String], _ folder: String, _ isCheck: Bool) -> Int32 {
    if invocation.has(.json) {
      let names = differing.map { JSONValue.string($0) }
      let report: JSONValue = [
        "folder": .string(folder), "definitions": .integer(Int64(Catalogue.all.count)), "changed": .array(names),
        "written": .bool(!isCheck),
      ]
      Console.output.line(report.text)
      return isCheck && !differing.isEmpty ? Program.Status.failure : Program.Status.success
    }
    guard isCheck else {
      Console.output.line("\(folder): \(Catalogue.all.count) definitions, \(differing.count) changed")
      return Program.Status.success
    }
    if differing.isEmpty { return Program.Status.success }
    Console.errors.line("bound-mcp: not current in \(folder): \(differing.joined(separator: ", "))")
    Console.errors.line("Run 'bound-mcp schemas \(folder)' and look at the difference.")
    return Program.Status.failure
  }
}
