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
}
