import Foundation
import JSON
import Platform
import Testing

/// What a package is made from: manifests, manual page, completions, `make install`.
@Suite struct PackageTests {
  private let program = BuiltProgram()

  private func tool(_ name: String) -> String? { Files.findProgram(name) }

  private func run(_ path: String, _ arguments: [String], input: String = "") throws -> ProgramRun.Ending {
    try ProgramRun(
      path, arguments: arguments, environment: ["HOME=\(program.home)", "PATH=/usr/bin:/bin"],
      folder: BuiltProgram.packageFolder, input: Array(input.utf8)
    ).run()
  }

  private func version() throws -> String {
    String(try program.run(["--version"]).output.dropFirst("bound-mcp ".count))
  }

  // The published schema closes its objects: these are its members, and which of them must be there.
  @Test("a bundle's manifest has what version 0.3 demands, and nothing that it does not know")
  func bundle() throws {
    let manifest = try JSONValue(parsing: try program.run(["manifest", "bundle"]).output)
    let members = try #require(manifest.objectValue)
    let known: Set = [
      "manifest_version", "name", "display_name", "version", "description", "long_description", "author", "server",
      "tools", "tools_generated", "prompts_generated", "keywords", "compatibility", "user_config",
    ]
    #expect(Set(members.keys).isSubset(of: known))
    #expect(manifest["manifest_version"] == "0.3")
    #expect(manifest["version"]?.stringValue == (try version()))
    #expect(manifest["author"]?["name"]?.stringValue?.isEmpty == false)
    #expect(manifest["server"]?["type"] == "binary")
    let entry = try #require(manifest["server"]?["entry_point"]?.stringValue)
    #expect(manifest["server"]?["mcp_config"]?["command"]?.stringValue == "${__dirname}/\(entry)")
    let settings = try #require(manifest["user_config"]?.objectValue)
    for (name, form) in settings {
      #expect(["string", "boolean"].contains(form["type"]?.stringValue))
      #expect(form["title"]?.stringValue != nil && form["description"]?.stringValue != nil && form["default"] != nil)
      #expect((form["sensitive"] == true) == name.hasSuffix("_key"))
    }
    for (_, value) in try #require(manifest["server"]?["mcp_config"]?["env"]?.objectValue) {
      let name = value.stringValue?.replacing("${user_config.", with: "").replacing("}", with: "") ?? ""
      #expect(settings[name] != nil, "\(name)")
    }
    let listed = try JSONValue(parsing: try program.run(["tools", "--json"]).output).arrayValue?.map { $0["name"] }
    #expect(manifest["tools"]?.arrayValue?.map { $0["name"] } == listed)
  }

  @Test("an unfilled form of the bundle changes nothing")
  func emptyForm() throws {
    let manifest = try JSONValue(parsing: try program.run(["manifest", "bundle"]).output)
    let variables = try #require(manifest["server"]?["mcp_config"]?["env"]?.objectValue).map { name, value in
      let setting = value.stringValue?.replacing("${user_config.", with: "").replacing("}", with: "") ?? ""
      let given = manifest["user_config"]?[setting]?["default"]
      return "\(name)=\(given?.stringValue ?? given?.text ?? "?")"
    }
    let program = BuiltProgram(variables: variables)
    let session = try program.serve()
    try session.initialize()
    #expect(try session.payload("pathbound_list_contacts")["contacts"] == [])
    session.close()
    #expect(Files.exists(program.databasePath))
  }

  @Test("the registry's entry names the bundle with its digest, and every variable")
  func registry() throws {
    let file = program.home + "/x.mcpb"
    try Files.write(Array("abc".utf8), to: file)
    let outcome = try program.run(["manifest", "registry", file, "--url", "https://example.com/x.mcpb"])
    let entry = try JSONValue(parsing: outcome.output)
    let package = try #require(entry["packages"]?[0])
    #expect(package["fileSha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(package["registryType"] == "mcpb" && package["transport"]?["type"] == "stdio")
    #expect(try entry["version"]?.stringValue == version() && package["version"] == entry["version"])
    #expect((1...100).contains(entry["description"]?.stringValue?.count ?? 0))
    let keys = package["environmentVariables"]?.arrayValue?.filter { $0["isSecret"] == true }.map { $0["name"] }
    #expect(keys?.contains("PATHBOUND_API_KEY") == true && keys?.contains("BOUND_MCP_DB") == false)
    #expect(try program.run(["manifest", "registry", file]).status == 2)
    #expect(try program.run(["manifest", "registry", file, "--url", "http://example.com/x"]).status == 2)
  }

  @Test("the manual page has every command and option, and no error")
  func manual() throws {
    let page = try program.run(["man"]).output
    let help = try program.run(["--help"]).output
    for word in help.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "," }) where word.hasPrefix("--") {
      #expect(page.contains(word.replacing("-", with: "\\-")) || ["--help", "--version"].contains(word), "\(word)")
    }
    guard let groff = tool("groff") else { return }
    let checked = try run(groff, ["-man", "-Tutf8", "-ww", "-z"], input: page + "\n")
    #expect(checked.status == 0 && checked.errors.isEmpty, "\(String(decoding: checked.errors, as: UTF8.self))")
  }

  @Test("each shell takes its completions", arguments: ["bash", "zsh", "fish"])
  func syntax(shell: String) throws {
    let script = try program.run(["completions", shell]).output
    for word in ["install", "--toolsets", "pathbound_list_contacts", "claude-desktop", "owlbound_signals"] {
      #expect(script.contains(shell == "fish" ? word.replacing("--", with: "-l ") : word), "\(word)")
    }
    guard let path = tool(shell) else { return }
    let checked = try run(path, ["-n"], input: script + "\n")
    #expect(checked.status == 0 && checked.errors.isEmpty, "\(String(decoding: checked.errors, as: UTF8.self))")
  }

  @Test(
    "bash completes commands, options, values and tools", .enabled(if: Files.findProgram("bash") != nil),
    arguments: [
      ("bound-mcp inst", "install"), ("bound-mcp install cla", "claude-code claude-desktop"),
      ("bound-mcp serve --app", "--approvals"), ("bound-mcp --approvals h", "human"),
      ("bound-mcp call bound_", "bound_lead_brief"), ("bound-mcp serve --toolsets core,works", "core,workspace"),
      ("bound-mcp worker --on", "--once"), ("bound-mcp review ap", "approve"), ("bound-mcp help comp", "completions"),
    ])
  func bash(line: String, wanted: String) throws {
    let script = try program.run(["completions", "bash"]).output
    let check = """
      COMP_WORDS=(\(line)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _bound_mcp; printf '%s\\n' "${COMPREPLY[@]}" | sort
      """
    let bash = try #require(tool("bash"))
    let ending = try run(bash, ["--norc"], input: script + "\n" + check + "\n")
    let words = String(decoding: ending.output, as: UTF8.self).split(separator: "\n").joined(separator: " ")
    #expect(words == wanted, "\(String(decoding: ending.errors, as: UTF8.self))")
  }

  @Test("no shell and no manifest but those that there are", arguments: ["completions powershell", "manifest bundel"])
  func unknown(line: String) throws {
    let outcome = try program.run(line.split(separator: " ").map(String.init))
    #expect(outcome.status == 2 && outcome.output.isEmpty)
  }

  @Test("what is installed is what is taken out again", .enabled(if: Files.findProgram("make") != nil))
  func install() throws {
    let make = try #require(tool("make"))
    let settings = ["DESTDIR=\(program.home)/root", "PREFIX=/usr", "PROGRAM=\(BuiltProgram.path)"]
    let ending = try run(make, ["install"] + settings)
    #expect(ending.status == 0, "\(String(decoding: ending.errors, as: UTF8.self))")
    let root = program.home + "/root/usr"
    let installed = [
      "bin/bound-mcp", "bin/bound-mcp-http", "share/man/man1/bound-mcp.1",
      "share/bash-completion/completions/bound-mcp", "share/zsh/site-functions/_bound-mcp",
      "share/fish/vendor_completions.d/bound-mcp.fish",
    ]
    for name in installed { #expect(try !Files.read("\(root)/\(name)", limit: 1 << 30).isEmpty, "\(name)") }
    let started = try run("\(root)/bin/bound-mcp", ["--version"])
    #expect(started.status == 0)
    #expect(try run(make, ["uninstall"] + settings).status == 0)
    for name in installed { #expect(!Files.exists("\(root)/\(name)"), "\(name)") }
  }

  @Test("every command explains itself with examples, options and exit statuses")
  func help() throws {
    let commands = try program.run(["help"]).output.split(separator: "\n").drop { $0 != "Commands:" }.dropFirst()
      .prefix { !$0.hasPrefix("Options") }.compactMap { line in
        line.hasPrefix("  ") && !line.hasPrefix("   ") ? line.split(separator: " ").first.map(String.init) : nil
      }
    #expect(commands.count >= 11)
    for command in commands {
      let help = try program.run([command, "--help"])
      #expect(help.status == 0 && help.errors.isEmpty)
      for part in ["Usage: bound-mcp \(command)", "Examples:\n  # ", "Exit status:", "General options:"] {
        #expect(help.output.contains(part), "\(command): \(part)")
      }
    }
  }
}
