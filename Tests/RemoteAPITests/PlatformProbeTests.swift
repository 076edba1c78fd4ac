import HTTP
import JSON
import Platform
import Service
import TestSupport
import Testing

@testable import RemoteAPI

@Suite("Platform probe")
struct PlatformProbeTests {
  private let clock = ManualClock()

  private func probe(_ api: HostedAPI, _ script: Result<HTTPResponse, HTTPError>...) -> PlatformProbe {
    PlatformProbe(api, client: ScriptedClient(script), clock: clock)
  }

  @Test("health tells whether it is the API, and how far its clock is from ours")
  func health() throws {
    // The manual clock stands at 2026-11-21T08:30:00Z.
    let ahead = try probe(
      .owlbound(key: "gtm_sk_x"),
      .success(.json(#"{"status":"operational"}"#, headers: ["Date": "Sat, 21 Nov 2026 08:32:05 GMT"]))
    ).health()
    #expect(ahead.isGenuine && ahead.status == 200 && ahead.clockOffset == 125_000)
    let stranger = try probe(.pathbound(key: "k"), .success(.json("<html>", status: 200))).health()
    #expect(!stranger.isGenuine && stranger.clockOffset == nil)
  }

  @Test("Owlbound tells workspace, plan and scopes; limits are the plan's, and the header tells what is left")
  func owlbound() throws {
    let grant = try probe(
      .owlbound(key: "gtm_sk_x"),
      .success(
        .json(
          """
          {"data":{"workspace":{"name":"Acme","plan":"pro"},"apiKey":{"scopes":["contacts:read"]}},
          "meta":{"requestId":"r","credits":{"used":0}}}
          """, headers: ["X-RateLimit-Remaining": "57"]))
    ).grant()
    #expect(grant.owner == "Acme" && grant.plan == "pro" && grant.scopes == ["contacts:read"])
    #expect(grant.limits == ["120 a minute", "5000 an hour", "50000 a day"] && grant.callsLeft == 57)
  }

  @Test("Pathbound tells the user, and scopes where it knows them")
  func pathbound() throws {
    let old = try probe(
      .pathbound(key: "k"),
      .success(.json(#"{"status":"success","authenticated":true,"user":{"email":"a@b.example"}}"#))
    ).grant()
    #expect(old.owner == "a@b.example" && old.scopes == nil && old.limits == ["100 in 15 minutes"])
    let new = try probe(
      .pathbound(key: "k"), .success(.json(#"{"status":"success","scopes":["contacts:read"],"user":{}}"#))
    ).grant()
    #expect(new.scopes == ["contacts:read"])
  }

  @Test("a refused key is the API's refusal, without the key")
  func refused() throws {
    let error = try #require(throws: ServiceError.self) {
      try probe(
        .pathbound(key: "sk_geheim"), .success(.json(#"{"status":"error","error":"Invalid API key."}"#, status: 401))
      ).grant()
    }
    #expect(error.code == .invalidKey && !error.message.contains("geheim"))
  }
}
