import Foundation
import JSON
import Platform
import TestSupport
import Testing

/// The built program with a platform behind HTTP, or with none.
@Suite("Hosted platforms")
struct HostedPlatformTests {
  private func names(_ session: Session) throws -> [String] {
    let answer = session.conversation.ask(["jsonrpc": "2.0", "id": "list", "method": "tools/list"])
    return try #require(answer?["result"]?["tools"]?.arrayValue).compactMap { $0["name"]?.stringValue }
  }

  @Test("a publishable key offers signal ingestion, and of the rest only what needs no key")
  func publishable() throws {
    let server = LoopbackServer { _ in
      .json(["data": ["signalId": "s1"], "meta": ["requestId": "r1", "credits": ["used": 1]]])
    }
    let program = BuiltProgram(variables: ["OWLBOUND_API_KEY=gtm_pk_1", "OWLBOUND_BASE_URL=\(server.url)"])
    let core = try program.serve()
    try core.initialize()
    #expect(try names(core).filter { !$0.hasPrefix("pathbound_") } == ["owlbound_ingest_signal"])
    let signal: JSONObject = [
      "type": "website_visit", "priority": "high", "source": "website_tracker",
      "data": ["pageUrl": "/pricing", "company": ["name": "Acme Corp", "domain": "acme.com"]],
    ]
    #expect(try core.payload("owlbound_ingest_signal", signal)["signalId"] == "s1")
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request.target == "/v1/signals")
    #expect(request.header("X-API-Key") == "gtm_pk_1" && request.json == .object(signal))
    for (tool, arguments) in [
      ("owlbound_list_signals", [:]), ("owlbound_get_contact", ["id": "k1"]), ("owlbound_get_me", [:]),
      ("bound_lead_brief", ["email": "ada@example.com"]),
    ] as [(String, JSONObject)] {
      let error = try core.error(tool, arguments)
      #expect(error["code"] == "INSUFFICIENT_SCOPE" && error["status"] == 403, "\(tool)")
      let message = error["message"]?.stringValue ?? ""
      #expect(message.contains("gtm_pk_") && message.contains("gtm_sk_"), "\(message)")
    }
    #expect(server.requests.count == 1)
    core.close()
    let whole = try program.serve(["--toolsets", "all"])
    try whole.initialize()
    #expect(
      try names(whole).filter { !$0.hasPrefix("pathbound_") } == [
        "owlbound_get_api_root", "owlbound_get_health", "owlbound_list_capabilities", "owlbound_ingest_signal",
      ])
    whole.close()
  }

  #if os(Linux)
    @Test("a local server starts no helper, opens no connection and loads no library for what it does not need")
    func costsNothing() throws {
      let program = BuiltProgram(variables: ["BOUND_MCP_HTTP=/nonexistent/http"])
      let child = try program.startServer()
      let session = Session(child)
      try session.initialize()
      _ = try session.payload("pathbound_create_contact", ["email": "ada@example.com"])
      _ = try session.payload("owlbound_create_contact", ["email": "ada@example.com"])
      _ = try session.payload("bound_lead_brief", ["email": "ada@example.com"])
      let folder = "/proc/\(child.id)"
      let open = try FileManager.default.contentsOfDirectory(atPath: folder + "/fd").compactMap {
        try? FileManager.default.destinationOfSymbolicLink(atPath: folder + "/fd/" + $0)
      }
      // The client's ends are sockets, too; those of the network are in its tables.
      let network = try ["tcp", "tcp6", "udp", "udp6"].map { table in
        try String(contentsOfFile: folder + "/net/" + table, encoding: .utf8)
      }
      for link in open where link.hasPrefix("socket:[") {
        let number = link.dropFirst(8).dropLast()
        #expect(!network.contains { $0.contains(" \(number) ") }, "\(link)")
      }
      for thread in try FileManager.default.contentsOfDirectory(atPath: folder + "/task") {
        let children = try? String(contentsOfFile: folder + "/task/\(thread)/children", encoding: .utf8)
        #expect(children ?? "" == "")
      }
      let maps = try String(contentsOfFile: folder + "/maps", encoding: .utf8)
      for library in ["curl", "ssl", "crypto", "resolv", "nss"] {
        #expect(!maps.contains("lib" + library), "\(library)")
      }
      session.close()
    }
  #endif
}
