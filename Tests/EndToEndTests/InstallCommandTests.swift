import Foundation
import JSON
import Platform
import Testing

@Suite struct InstallCommandTests {
  private let program = BuiltProgram(variables: ["PATHBOUND_API_KEY=pb_sk_secret"])

  private func text(_ path: String) throws -> String { String(decoding: try Files.read(path), as: UTF8.self) }

  private var file: String { program.home + "/.cursor/mcp.json" }

  private func put(_ text: String, mode: UInt32 = 0o600) throws {
    try Files.createDirectories(program.home + "/.cursor")
    try Files.write(Array(text.utf8), to: file, mode: mode)
  }

  private var backups: [String] {
    get throws { try Files.names(in: program.home + "/.cursor").filter { $0.hasSuffix(".bak") } }
  }

  @Test("the server that was entered can be started as its entry says")
  func entered() throws {
    let outcome = try program.run(["install", "cursor", "--read-only", "--db", "~/acme.db"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let entry = try JSONValue(parsing: try text(file))["mcpServers"]?["bound"]
    let command = try #require(entry?["command"]?.stringValue)
    #expect(command.hasPrefix("/") && command.hasSuffix("/bound-mcp"))
    let arguments = try #require(entry?["args"]?.arrayValue).compactMap(\.stringValue)
    #expect(arguments == ["serve", "--db=\(program.home)/acme.db", "--read-only=true"])
    let session = Session(try ChildProcess.start(command, arguments: arguments, environment: ["HOME=\(program.home)"]))
    #expect(try session.initialize()["serverInfo"]?["name"] == "bound-mcp")
    session.close()
    #expect(try Files.permissions(of: file) == 0o600)
  }

  @Test("the change is shown, the file as it was kept beside it, its permissions stay, and twice is once")
  func change() throws {
    let before = #"{"mcpServers": {"files": {"command": "npx", "env": {"TOKEN": "hush"}}}}"# + "\n"
    try put(before)
    #expect(chmod(file, 0o664) == 0)
    let outcome = try program.run(["install", "cursor"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("  + ") && outcome.output.contains(".bak") && outcome.output.contains("Cursor"))
    #expect(!outcome.output.contains("hush") && !outcome.output.contains("\u{1B}"))
    #expect(try Files.permissions(of: file) == 0o664)
    let backup = try #require(try backups.first)
    #expect(try text(program.home + "/.cursor/" + backup) == before)
    let entered = try text(file)
    #expect(try JSONValue(parsing: entered)["mcpServers"]?["files"]?["env"]?["TOKEN"] == "hush")

    #expect(try program.run(["install", "cursor"]).output.contains("up to date"))
    #expect(try text(file) == entered)
    #expect(try backups.count == 1)

    #expect(try program.run(["install", "cursor", "--uninstall"]).status == 0)
    #expect(try text(file) == before)
    #expect(try program.run(["install", "cursor", "--uninstall"]).output.contains("not in it"))
  }

  @Test("a dry run shows and changes nothing")
  func dryRun() throws {
    let outcome = try program.run(["install", "cursor", "--dry-run"])
    #expect(outcome.output.contains("\"bound\"") && outcome.output.contains("--dry-run"))
    #expect(!Files.exists(file))
    let json = try JSONValue(parsing: try program.run(["install", "cursor", "--dry-run", "--json"]).output)
    #expect(json["would_change"] == true && json["changed"] == false && json["file"] == .string(file))
  }

  @Test("keys are written only when asked, never shown, and never where others may read them")
  func keys() throws {
    let plain = try program.run(["install", "cursor"])
    #expect(plain.output.contains("Not written: PATHBOUND_API_KEY"))
    #expect(try !text(file).contains("pb_sk_secret"))
    #expect(chmod(file, 0o644) == 0)
    let refused = try program.run(["install", "cursor", "--with-keys"])
    #expect(refused.status == 1 && refused.errors.contains("0600"))
    #expect(chmod(file, 0o600) == 0)
    let written = try program.run(["install", "cursor", "--with-keys"])
    #expect(written.status == 0, "\(written.errors)")
    #expect(try text(file).contains("pb_sk_secret"))
    #expect(!(plain.output + refused.errors + written.output + written.errors).contains("pb_sk_secret"))
  }

  @Test("a file that can't be read as its client's is left as it is, with the text to put into it")
  func refused() throws {
    try put("{\"mcpServers\": ")
    let outcome = try program.run(["install", "cursor"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("left as it is") && outcome.errors.contains("\"mcpServers\": {"))
    #expect(try text(file) == "{\"mcpServers\": ")
    #expect(try backups.isEmpty)
  }

  @Test("a file behind a symbolic link is changed where it is")
  func link() throws {
    try Files.createDirectories(program.home + "/.cursor")
    let real = program.home + "/dotfiles.json"
    try Files.write(Array("{}\n".utf8), to: real)
    #expect(symlink(real, file) == 0)
    #expect(try program.run(["install", "cursor"]).status == 0)
    #expect(try text(real).contains("bound-mcp"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == real)
  }

  @Test("the clients are listed with where their files are and whether they have the server")
  func list() throws {
    #expect(try program.run(["install", "codex"]).status == 0)
    try put("{")
    let table = try program.run(["install"]).output
    #expect(table.contains("codex           installed"))
    #expect(table.contains("cursor          unreadable"))
    #expect(table.contains("zed             no file"))
    let json = try JSONValue(parsing: try program.run(["install", "--json"]).output).arrayValue
    #expect(json?.count == 8)
  }

  @Test("any other client gets the usual form on standard output")
  func json() throws {
    let outcome = try program.run(["install", "json", "--name", "acme"])
    #expect(try JSONValue(parsing: outcome.output)["mcpServers"]?["acme"]?["args"] == ["serve"])
  }

  @Test("a misspelt client gets the nearest one, a name that clients refuse is refused")
  func usage() throws {
    let outcome = try program.run(["install", "claude-desktp"])
    #expect(outcome.status == 2 && outcome.errors.contains("claude-desktop"))
    #expect(try program.run(["install", "json", "--name", "My Server"]).status == 2)
  }
}
