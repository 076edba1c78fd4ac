internal import LocalStore
internal import Platform
internal import Service
internal import Settings

/// The workspace file: where it is, who may read it, whether it is whole.
struct WorkspaceCheck: Check {
  let path: String

  private static let subject = "workspace"

  func findings() -> [Finding] {
    if path == ":memory:" {
      return [
        Finding(
          Self.subject, .warning, "It is kept in memory: all is gone when the program ends.",
          advice: "Name a file with --db or BOUND_MCP_DB to keep it.")
      ]
    }
    guard Files.exists(path) else { return [missing] }
    let content = content
    // Whoever may read a file that is no workspace is none of our business.
    return (content.contains { $0.level == .problem } ? [] : permissions) + content
  }

  private var missing: Finding {
    var folder = Files.folder(of: path) ?? "."
    while !Files.exists(folder), let parent = Files.folder(of: folder), parent != folder { folder = parent }
    guard Files.isDirectory(folder), Files.mayWrite(folder) else {
      return Finding(
        Self.subject, .problem, "\(path) is not there and can't be made: \(folder) may not be written.",
        advice: "Choose another place with --db or BOUND_MCP_DB, or give yourself the right to write there.")
    }
    return Finding(Self.subject, .ok, "\(path) is not there yet; the first call makes it.")
  }

  private var permissions: [Finding] {
    var findings: [Finding] = []
    let folder = Files.folder(of: path) ?? "."
    if !Files.mayWrite(path) || !Files.mayWrite(folder) {
      findings.append(
        Finding(
          Self.subject, .problem, "\(path) or its folder may not be written by this user.",
          advice: "Check the owner and mode of both: ls -ld \(folder) \(path)"))
    }
    for (what, place) in [("", path), ("-wal", path + "-wal")] {
      guard let mode = try? Files.permissions(of: place), mode & 0o077 != 0 else { continue }
      findings.append(
        Finding(
          Self.subject, .warning,
          "Others may read \(path)\(what) (mode \(String(mode, radix: 8))): it holds people's data.",
          advice: "chmod 600 \(place)"))
    }
    return findings
  }

  private var content: [Finding] {
    let inspection: WorkspaceInspection
    do throws(ServiceError) {
      inspection = try WorkspaceInspection(path: path)
    } catch {
      return [Finding(Self.subject, .problem, "\(path): \(error.message)", advice: Self.restore)]
    }
    let newest = WorkspaceInspection.newestFormat
    var findings: [Finding] = []
    if inspection.format > newest {
      findings.append(
        Finding(
          Self.subject, .problem,
          "\(path) was written by a newer bound-mcp (format \(inspection.format); this program knows \(newest)).",
          advice: "Update bound-mcp, or choose another file with --db."))
    } else if inspection.format < newest, inspection.format > 0 {
      findings.append(
        Finding(
          Self.subject, .note,
          "\(path) has the form of an older version (\(inspection.format) of \(newest)); the next call brings it up to "
            + "date, and older programs can't read it then."))
    }
    if !inspection.faults.isEmpty {
      findings.append(
        Finding(
          Self.subject, .problem, "\(path) is damaged: \(inspection.faults.joined(separator: "; "))",
          advice: Self.restore))
    }
    if findings.isEmpty {
      let size = inspection.size < 10 << 20 ? "\(inspection.size >> 10) KB" : "\(inspection.size >> 20) MB"
      findings.append(
        Finding(Self.subject, .ok, "\(path) is whole: \(size), format \(inspection.format) of \(newest)"))
    }
    return findings
  }

  private static let restore =
    "Stop all programs that use it, keep a copy with its -wal and -shm beside it, and restore a backup; what can be "
    + "saved of it: sqlite3 FILE .recover"
}
