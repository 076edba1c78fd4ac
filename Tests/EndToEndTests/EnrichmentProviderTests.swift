import Foundation
import JSON
import Platform
import TestSupport
import Testing

/// Enrichment by providers behind addresses, with the built program and real requests.
@Suite("Enrichment by several providers")
struct EnrichmentProviderTests {
  /// Three providers of one server, told apart by their path.
  private func program(_ server: LoopbackServer) throws -> BuiltProgram {
    let program = BuiltProgram(variables: ["FIRST_KEY=geheim-1"])
    let configuration: JSONValue = [
      "enrichment": [
        "first": [
          "url": .string(server.url + "/first"), "key": "$FIRST_KEY", "phases": ["linkedin_profile", "contact_info"],
        ],
        "failing": ["url": .string(server.url + "/failing"), "phases": ["contact_info", "connection_status"]],
        "second": ["url": .string(server.url + "/second"), "phases": ["contact_info", "activity_analysis"]],
        "slow": ["url": .string(server.url + "/slow"), "phases": ["connection_status"], "timeout_seconds": 1],
      ]
    ]
    let folder = program.home + "/config/bound-mcp"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Files.write(configuration.serialized(), to: folder + "/config.json")
    return program
  }

  private func asked(_ server: LoopbackServer) -> [String] {
    server.requests.map { "\($0.target.dropFirst()) \($0.json["phase"]?.stringValue ?? "")" }
  }

  private func status(_ session: Session, _ contact: JSONValue) throws -> JSONValue {
    var status: JSONValue
    let deadline = Deadline.after(milliseconds: 20_000)
    repeat {
      status = try session.payload("owlbound_get_enrichment_status", ["contactId": contact])
    } while ["queued", "in_progress"].contains(status["status"]?.stringValue) && !deadline.hasPassed
    return status
  }

  @Test("each is asked for its phases, in order; one that fails and one that is slow are told, and the others count")
  func several() throws {
    let server = LoopbackServer { request in
      switch request.target {
      case "/first":
        request.json["phase"] == "linkedin_profile"
          ? .json(["title": "CTO", "company": "Acme"]) : .json(["person": ["email": "ada@acme.example"]])
      case "/failing": .response(status: 500)
      case "/second":
        request.json["phase"] == "contact_info"
          ? .json(["email": "other@acme.example", "phone": "+44 1"]) : .json(["activityScore": 70])
      default: .silence
      }
    }
    let program = try program(server)
    let session = try program.serve()
    try session.initialize()
    let id = try #require(try session.payload("owlbound_create_contact", ["firstName": "Ada"])["contactId"])
    #expect(try session.payload("owlbound_enrich_contact", ["id": id])["status"] == "queued")
    let done = try status(session, id)
    #expect(done["status"] == "completed", "\(done.text)")
    try #require(
      asked(server) == [
        "first linkedin_profile", "first contact_info", "failing contact_info", "second contact_info",
        "second activity_analysis", "failing connection_status", "slow connection_status",
      ])
    #expect(done["completedPhases"] == ["linkedin_profile", "contact_info", "activity_analysis"])
    let errors = (done["errors"]?.arrayValue ?? []).map {
      "\($0["phase"]?.stringValue ?? "") \($0["message"]?.stringValue ?? "")"
    }
    #expect(errors.count == 3)
    #expect(errors.allSatisfy { $0.contains("failing: answered with status 500") || $0.contains("slow: no answer") })
    let contact = try session.payload("owlbound_get_contact", ["id": id])["contact"]
    #expect(contact?["title"] == "CTO" && contact?["email"] == "ada@acme.example" && contact?["phone"] == "+44 1")
    #expect(contact?["enrichment"]?["contact_info"]?["sources"] == ["first", "second"])
    #expect(server.requests[0].header("Authorization") == "Bearer geheim-1")
    #expect(server.requests.dropFirst(2).allSatisfy { $0.header("Authorization") == nil })
    #expect(server.requests[2].json["person"]?["company"] == "Acme", "a later phase knows what an earlier one found")
    let health = try session.payload("owlbound_list_connectors")["connectors"]?.arrayValue ?? []
    let states = Dictionary(
      uniqueKeysWithValues: health.map {
        ($0["integrationSlug"]?.stringValue ?? "", $0["health"]?["status"]?.stringValue ?? "")
      })
    #expect(states["first"] == "healthy" && states["second"] == "healthy")
    #expect(states["failing"] != "healthy" && states["slow"] != "healthy")

    // There is data: nobody is asked again, unless it is forced.
    #expect(try session.payload("owlbound_enrich_contact", ["id": id])["status"] == "completed")
    #expect(server.requests.count == 7)
    _ = try session.payload("owlbound_enrich_contact", ["id": id, "forceRefresh": true])
    #expect(try status(session, id)["status"] == "completed")
    #expect(server.requests.count == 14)
    #expect(session.close() == 0)
  }

  @Test("a server that ends while a provider thinks gives the job back at once, and the next one goes on with it")
  func ending() throws {
    let server = LoopbackServer { request in
      request.target == "/first" && request.json["phase"] == "contact_info"
        ? .silence : .json(["title": "CTO", "activityScore": 10, "connectionStatus": "connected"])
    }
    let program = try program(server)
    let first = try program.serve()
    try first.initialize()
    let id = try #require(try first.payload("owlbound_create_contact", ["firstName": "Ada"])["contactId"])
    _ = try first.payload("owlbound_enrich_contact", ["id": id])
    #expect(server.waitForRequests(2))
    #expect(first.close() == 0)
    let second = try program.serve(["--read-only"])
    try second.initialize()
    let waiting = try second.payload("owlbound_get_enrichment_status", ["contactId": id])
    #expect(waiting["status"] == "queued" && waiting["currentPhase"] == .null)
    #expect(waiting["completedPhases"] == ["linkedin_profile"] && waiting["errors"] == [])
    second.close()
    let third = try program.serve()
    try third.initialize()
    _ = try third.payload("owlbound_get_me")
    #expect(server.waitForRequests(3))
    #expect(asked(server)[2] == "first contact_info")
    third.close()
  }
}
