import Foundation
import JSON
import Platform
import StoreSupport
import TestSupport
import Testing

@Suite("doctor")
struct DoctorTests {
  private struct Report {
    let status: Int32
    let text: String
    let json: JSONValue

    func messages(_ level: String) -> [String] {
      (json["findings"]?.arrayValue ?? []).filter { $0["level"]?.stringValue == level }.map {
        "\($0["subject"]?.stringValue ?? ""): \($0["message"]?.stringValue ?? "") → \($0["advice"]?.stringValue ?? "")"
      }
    }
  }

  private func report(_ program: BuiltProgram, _ arguments: [String] = []) throws -> Report {
    let json = try program.run(["doctor", "--json"] + arguments)
    let text = try program.run(["doctor"] + arguments)
    #expect(json.status == text.status)
    #expect(json.errors.isEmpty && text.errors.isEmpty)
    return Report(status: json.status, text: text.output + json.output, json: try JSONValue(parsing: json.output))
  }

  @Test("a fresh installation has no problems, and looking makes nothing")
  func fresh() throws {
    let program = BuiltProgram()
    let report = try report(program)
    #expect(report.status == 0 && report.json["ok"] == true, "\(report.text)")
    #expect(report.messages("problem").isEmpty && report.messages("warning").isEmpty)
    #expect(report.messages("ok").contains { $0.hasPrefix("bound-mcp-http:") && $0.contains("libcurl") })
    #expect(report.messages("ok").contains { $0.hasPrefix("server: answers handshake and list") })
    #expect(!Files.exists(program.databasePath))
  }

  @Test("a workspace is opened and looked through; one that others may read, is damaged or too new is told")
  func workspace() throws {
    let program = BuiltProgram()
    #expect(try program.run(["call", "pathbound_create_contact", #"{"email":"ada@example.com"}"#]).status == 0)
    #expect(try report(program).messages("ok").contains { $0.hasPrefix("workspace:") && $0.contains("is whole") })
    chmod(program.databasePath, 0o644)
    let open = try report(program)
    #expect(open.status == 0)
    #expect(open.messages("warning").contains { $0.contains("Others may read") && $0.contains("chmod 600") })
    let other = program.home + "/other.db"
    try Files.write(Array("this is no database, whatever its name says".utf8), to: other)
    let damaged = try report(program, ["--db", other])
    #expect(damaged.status == 1)
    #expect(damaged.messages("problem").contains { $0.contains("damaged or no SQLite file") })
    let nowhere = try report(program, ["--db", other + "/x.db"])
    #expect(nowhere.status == 1)
  }

  @Test("a platform that is reached with a good key is told with its scopes and limits, and no secret is shown")
  func platforms() throws {
    let hosted = HostedDouble(TestWorkspace())
    let program = BuiltProgram(variables: [
      "PATHBOUND_API_KEY=\(HostedDouble.pathboundKey)", "PATHBOUND_BASE_URL=\(hosted.pathboundURL)",
      "OWLBOUND_API_KEY=\(HostedDouble.owlboundKey)", "OWLBOUND_BASE_URL=\(hosted.owlboundURL)",
    ])
    let report = try report(program)
    #expect(report.status == 0, "\(report.text)")
    for start in ["Pathbound: http", "Owlbound: http", "Pathbound key: It is accepted", "Owlbound scopes: all that"] {
      #expect(report.messages("ok").contains { $0.hasPrefix(start) }, "\(start)")
    }
    #expect(!report.text.contains(HostedDouble.pathboundKey) && !report.text.contains(HostedDouble.owlboundKey))
  }

  @Test("a refused key, missing scopes, a wrong clock and an unreachable platform each come with advice")
  func faults() throws {
    let date = "Sat, 21 Nov 2020 08:32:05 GMT"
    let server = LoopbackServer { request in
      switch request.target {
      case "/p/v1/health": .json(["status": "success"], headers: ["Date": date])
      case "/p/v1/auth/status": .json(["status": "error", "error": "Unknown key sk_geheim."], status: 401)
      case "/o/v1/health": .json(["status": "operational"], headers: ["Date": date])
      case "/o/v1/me":
        .json(
          [
            "data": ["workspace": ["name": "Acme", "plan": "starter"], "apiKey": ["scopes": ["contacts:read"]]],
            "meta": ["requestId": "r", "credits": ["used": 0]],
          ], headers: ["X-RateLimit-Remaining": "0"])
      default: .response(status: 404)
      }
    }
    let program = BuiltProgram(variables: [
      "PATHBOUND_API_KEY=sk_geheim", "PATHBOUND_BASE_URL=\(server.url)/p", "OWLBOUND_API_KEY=gtm_sk_geheim",
      "OWLBOUND_BASE_URL=\(server.url)/o",
    ])
    let report = try report(program)
    #expect(report.status == 1)
    #expect(report.messages("problem").contains { $0.hasPrefix("Pathbound key:") && $0.contains("Make a new key") })
    let warnings = report.messages("warning")
    #expect(warnings.contains { $0.hasPrefix("Owlbound scopes:") && $0.contains("signals:write") })
    #expect(warnings.contains { $0.hasPrefix("Owlbound limits:") && $0.contains("0 left") })
    #expect(warnings.contains { $0.hasPrefix("clock:") && $0.contains("ahead of") })
    let gone = BuiltProgram(variables: [
      "PATHBOUND_API_KEY=sk_geheim", "PATHBOUND_BASE_URL=http://127.0.0.1:\(LoopbackServer.deafPort())",
      "OWLBOUND_API_KEY=gtm_pk_geheim", "OWLBOUND_BASE_URL=\(server.url)/o",
    ])
    let second = try self.report(gone)
    #expect(second.status == 1)
    #expect(second.messages("problem").contains { $0.contains("can't be asked: nobody answers") })
    #expect(second.messages("warning").contains { $0.hasPrefix("Owlbound key: It is publishable") })
    #expect(!second.text.contains("geheim"))
  }

  @Test("a helper that is missing is a problem only where it is needed")
  func helper() throws {
    let without = try report(BuiltProgram(variables: ["BOUND_MCP_HTTP=/nonexistent/http"]))
    #expect(without.status == 0 && without.messages("note").contains { $0.hasPrefix("bound-mcp-http:") })
    let needed = try report(BuiltProgram(variables: ["BOUND_MCP_HTTP=/nonexistent/http", "PATHBOUND_API_KEY=k"]))
    #expect(needed.status == 1)
    #expect(needed.messages("problem").contains { $0.hasPrefix("bound-mcp-http:") && $0.contains("make build") })
  }

  @Test("a client's own list is looked up, and what it would start is started", arguments: ["claude-desktop", "codex"])
  func installed(client: String) throws {
    let program = BuiltProgram()
    #expect(try report(program).messages("note").contains { $0.hasPrefix("clients:") && $0.contains("install") })
    #expect(try program.run(["install", client]).status == 0)
    let found = try report(program)
    #expect(found.status == 0, "\(found.text)")
    #expect(found.messages("ok").contains { $0.contains("as bound: ") && $0.contains("tools within") }, "\(found.text)")
  }

  @Test(
    "what keeps a client from seeing the server is told, with what to do",
    arguments: [
      (
        #"{"mcpServers":{"b":{"command":"/gone/bound-mcp"}}}"#, "problem", "which is not there",
        "install cursor --name b"
      ),
      (#"{"mcpServers":{"b":{"command":"bound-mcp"}}}"#, "warning", "a PATH of its own", "install cursor --name b"),
      (#"{"mcpServers":{"b":{"command":"PROGRAM","disabled":true}}}"#, "warning", "switched off", "Switch it on"),
      (
        #"{"mcpServers":{"b":{"command":"PROGRAM","args":["--db","x.db"]}}}"#, "warning", "wherever", "an absolute path"
      ),
      (#"{"mcpServers":{"b":{"command":"PROGRAM","args":["tools"]}}}"#, "problem", "no message", "print nothing"),
      (#"{"mcpServers":{"b":{"command":"PROGRAM","args":["--nonsense"]}}}"#, "problem", "--nonsense", "install cursor"),
      (#"{"mcpServers":{"b":"#, "warning", "can't be understood", "will hardly show"),
    ])
  func broken(list: String, level: String, message: String, advice: String) throws {
    let program = BuiltProgram()
    try Files.createDirectories(program.home + "/.cursor")
    try Files.write(
      Array(list.replacingOccurrences(of: "PROGRAM", with: BuiltProgram.path).utf8),
      to: program.home + "/.cursor/mcp.json")
    let found = try report(program)
    #expect(found.status == (level == "problem" ? 1 : 0))
    #expect(
      found.messages(level).contains { $0.hasPrefix("Cursor:") && $0.contains(message) && $0.contains(advice) },
      "\(found.text)")
  }
}
