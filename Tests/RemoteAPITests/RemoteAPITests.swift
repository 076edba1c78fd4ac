import HTTP
import JSON
import JSONSchema
import Logging
import Operations
import Platform
import Service
import TestSupport
import Testing

@testable import RemoteAPI

@Suite("Remote API")
struct RemoteAPITests {
  private let clock = ManualClock()

  private func remote(_ api: HostedAPI, _ client: ScriptedClient) -> RemoteAPI {
    RemoteAPI(api, client: client, clock: clock, log: Log(level: .error, output: Descriptor(rawValue: -1)))
  }

  private func call(_ tool: String, _ arguments: JSONObject) throws -> Call {
    let operation = try #require(Catalogue.operation(named: tool))
    return Call(
      operation: operation, arguments: try operation.validator.validate(arguments),
      caller: Caller(client: "tests", session: "1"))
  }

  private func read(
    _ tool: String, _ arguments: JSONObject = [:], _ api: HostedAPI = .pathbound(key: "sk_secret"),
    _ script: Result<HTTPResponse, HTTPError>...
  ) throws -> (payload: String, receipt: Receipt, requests: [HTTPRequest]) {
    let client = ScriptedClient(script)
    var writer = JSONWriter()
    let receipt = try remote(api, client).read(try call(tool, arguments), into: &writer)
    return (String(decoding: writer.finish(), as: UTF8.self), receipt, client.requests)
  }

  private func write(_ tool: String, _ arguments: JSONObject, to remote: RemoteAPI) throws -> Answer {
    let done = Monitor<Result<WriteOutcome, ServiceError>?>(nil)
    remote.write(try call(tool, arguments)) { result in
      done.withLock { $0 = result }
      done.notify()
    }
    guard case .answered(let answer)? = try done.wait({ $0 })?.get() else {
      throw ServiceError(.internal, "not answered")
    }
    return answer
  }

  private func error(
    _ tool: String, _ api: HostedAPI = .pathbound(key: "sk_secret"), _ script: Result<HTTPResponse, HTTPError>...
  ) throws -> ServiceError {
    let client = ScriptedClient(script)
    var writer = JSONWriter()
    return try #require(throws: ServiceError.self) {
      try remote(api, client).read(try call(tool, [:]), into: &writer)
    }
  }

  @Test("Pathbound is shown the key as a bearer, Owlbound in a field of its own")
  func keys() throws {
    let pathbound = try #require(try read("pathbound_list_agents").requests.first)
    #expect(pathbound.url.hasPrefix("https://api.pathbound.ai/v1/agents?"))
    #expect(pathbound.headers["Authorization"] == "Bearer sk_secret" && pathbound.headers["X-API-Key"] == nil)
    let owlbound = try #require(try read("owlbound_get_health", [:], .owlbound(key: "gtm_sk_x")).requests.first)
    #expect(owlbound.url == "https://app.owlbound.ai/api/v1/health")
    #expect(owlbound.headers["X-API-Key"] == "gtm_sk_x" && owlbound.headers["Authorization"] == nil)
    #expect(owlbound.headers["Content-Type"] == nil && owlbound.body == nil)
  }

  @Test(
    "a base URL may end with the version and a slash, or without", arguments: ["/api", "/api/", "/api/v1", "/api/v1/"])
  func baseURL(end: String) throws {
    let api = HostedAPI.owlbound(key: nil, baseURL: "http://127.0.0.1:1" + end)
    #expect(try read("owlbound_get_health", [:], api).requests.first?.url == "http://127.0.0.1:1/api/v1/health")
  }

  @Test("ids can't leave their place in the path", arguments: ["a/../b", "?x=1", "#", "ä b", "%2e%2e"])
  func paths(id: String) throws {
    let url = try #require(try read("pathbound_get_agent", ["id": .string(id)]).requests.first?.url)
    let last = try #require(url.split(separator: "/").last)
    #expect(url.hasPrefix("https://api.pathbound.ai/v1/agents/"))
    #expect(url.split(separator: "/").count == 5)
    #expect(!last.contains("?") && !last.contains("#") && !last.contains(" "))
    for dots in [".", ".."] {
      #expect(throws: ServiceError.self) { try read("pathbound_get_agent", ["id": .string(dots)]) }
    }
  }

  @Test("envelopes are taken off, what is unknown stays")
  func envelopes() throws {
    let agents = try read(
      "pathbound_list_agents", [:], .pathbound(key: nil),
      .success(.json(#"{"status":"success","agents":[{"_id":"ag_1","new":1}],"total":1,"limit":20,"offset":0}"#)))
    #expect(agents.payload == #"{"agents":[{"_id":"ag_1","new":1}],"total":1,"limit":20,"offset":0}"#)
    let contact = try read(
      "owlbound_get_contact", ["id": "c"], .owlbound(key: nil),
      .success(.json(#"{"data":{"contact":{"id":"c"}},"meta":{"requestId":"req_1","credits":{"used":2}}}"#)))
    #expect(contact.payload == #"{"contact":{"id":"c"}}"#)
    #expect(contact.receipt.requestID == "req_1" && contact.receipt.creditsUsed == 2)
    let health = try read(
      "owlbound_get_health", [:], .owlbound(key: nil), .success(.json(#"{"status":"operational","version":"1"}"#)))
    #expect(health.payload == #"{"status":"operational","version":"1"}"#)
  }

  @Test("a body that is not what it claims is told, with a harmless excerpt")
  func strangeBodies() throws {
    let page = HTTPResponse(
      status: 200, headers: ["Content-Type": "text/html"], body: Array("<h1>Sign in\u{1b}[31m</h1>".utf8))
    let error = try error("pathbound_list_agents", .pathbound(key: "sk_secret"), .success(page))
    #expect(error.code == .internal)
    #expect(error.message.contains("is no JSON") && error.message.contains("h1Sign in"))
    #expect(!error.message.contains("<") && !error.message.contains("\u{1b}"))
    for body in ["[]", "12", #"{"data":[],"meta":{}}"#] {
      #expect(try self.error("owlbound_list_signals", .owlbound(key: "k"), .success(.json(body))).code == .internal)
    }
  }

  @Test("failures of both APIs become our codes, with what they said")
  func failures() throws {
    let pathbound = try error(
      "pathbound_list_agents", .pathbound(key: "sk_secret"),
      .success(
        .json(
          #"{"status":"error","error":"Validation failed","details":[{"field":"limit","message":"too big"}]}"#,
          status: 400)))
    #expect(pathbound.code == .validation && pathbound.message.contains("Validation failed"))
    #expect(pathbound.details == [.init(path: "/limit", message: "too big")])
    let owlbound = try error(
      "owlbound_list_signals", .owlbound(key: "gtm_sk_x"),
      .success(
        .json(
          #"{"error":{"code":"API_KEY_REVOKED","message":"Revoked.","requestId":"req_9"}}"#, status: 401)))
    #expect(owlbound.code == .revokedKey && owlbound.status == 401)
    #expect(owlbound.message.contains("OWLBOUND_API_KEY") && owlbound.message.contains("req_9"))
    #expect(!owlbound.message.contains("gtm_sk_x"))
  }

  @Test("a missing scope is named, with where to grant it")
  func scope() throws {
    let error = try error(
      "pathbound_list_agents", .pathbound(key: "sk_secret"),
      .success(.json(#"{"status":"error","error":"Forbidden"}"#, status: 403)))
    #expect(error.code == .insufficientScope)
    #expect(error.message.contains("agents:read") && error.message.contains("dashboard"))
  }

  @Test("an operation that is gone says so", arguments: [404, 410])
  func gone(status: Int) throws {
    let error = try error("pathbound_list_agents", .pathbound(key: nil), .success(.json("", status: status)))
    #expect(error.code == .notFound && error.status == status)
    #expect(error.message.contains("may no longer have this operation"))
  }

  @Test("a read is sent again when the connection fails, a write only when it provably did not arrive")
  func repeating() throws {
    let broken = HTTPError(.broken, "the connection broke", reachedServer: .maybe)
    let refused = HTTPError(.unreachable, "nobody answers", reachedServer: .no)
    let read = try read(
      "pathbound_list_agents", [:], .pathbound(key: nil), .failure(broken), .success(.json(#"{"agents":[]}"#)))
    #expect(read.requests.count == 2)

    let client = ScriptedClient([.failure(broken)])
    let note: JSONObject = ["contact_id": "ct_1", "content": "x"]
    let error = try #require(throws: ServiceError.self) {
      try write("pathbound_create_contact_note", note, to: remote(.pathbound(key: nil), client))
    }
    #expect(client.requests.count == 1)
    #expect(error.code == .unavailable && error.message.contains("not known"))

    let lucky = ScriptedClient([.failure(refused), .success(.json(#"{"note":{}}"#))])
    _ = try write("pathbound_create_contact_note", note, to: remote(.pathbound(key: nil), lucky))
    #expect(lucky.requests.count == 2)
  }

  @Test("a long Retry-After is reported, and holds back the calls after it")
  func longWait() throws {
    let client = ScriptedClient([.success(.json("{}", status: 429, headers: ["Retry-After": "120"]))])
    let remote = remote(.owlbound(key: "gtm_sk_x"), client)
    var writer = JSONWriter()
    for seconds in [120, 120] {
      let error = try #require(throws: ServiceError.self) {
        try remote.read(try call("owlbound_list_signals", [:]), into: &writer)
      }
      #expect(error.code == .rateLimited && error.retryAfter == seconds)
    }
    #expect(client.requests.count == 1)
    clock.advance(milliseconds: 120_000)
    _ = try remote.read(try call("owlbound_list_signals", [:]), into: &writer)
    #expect(client.requests.count == 2)
  }

  @Test("a window that the server says is used up is not tried")
  func usedUp() throws {
    let reset = clock.now().milliseconds / 1000 + 30
    let last = HTTPResponse.json(
      #"{"data":{},"meta":{}}"#, headers: ["X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "\(reset)"])
    let client = ScriptedClient([.success(last)])
    let remote = remote(.owlbound(key: "gtm_sk_x"), client)
    var writer = JSONWriter()
    _ = try remote.read(try call("owlbound_list_signals", [:]), into: &writer)
    let error = try #require(throws: ServiceError.self) {
      try remote.read(try call("owlbound_list_signals", [:]), into: &writer)
    }
    #expect(error.code == .rateLimited && (29...30).contains(error.retryAfter ?? 0))
    #expect(client.requests.count == 1)
  }

  @Test("a publishable key can ingest signals and nothing else")
  func publishable() throws {
    let client = ScriptedClient()
    let remote = remote(.owlbound(key: "gtm_pk_x"), client)
    var writer = JSONWriter()
    let error = try #require(throws: ServiceError.self) {
      try remote.read(try call("owlbound_list_signals", [:]), into: &writer)
    }
    #expect(error.code == .insufficientScope && client.requests.isEmpty)
    _ = try write("owlbound_ingest_signal", ["type": "job_change", "data": [:]], to: remote)
    #expect(client.requests.count == 1)
  }

  @Test("what only the local workspace understands is refused, not left out")
  func localArguments() throws {
    let client = ScriptedClient()
    let error = try #require(throws: ServiceError.self) {
      try write(
        "pathbound_create_contact_note", ["contact_id": "ct_1", "content": "x", "dry_run": true],
        to: remote(.pathbound(key: nil), client))
    }
    #expect(error.code == .validation && error.details.first?.path == "/dry_run")
    #expect(client.requests.isEmpty)
    _ = try write(
      "pathbound_create_contact_note", ["contact_id": "ct_1", "content": "x", "dry_run": false],
      to: remote(.pathbound(key: nil), client))
    #expect(client.requests.first?.body.map { String(decoding: $0, as: UTF8.self) } == #"{"content":"x"}"#)
  }
}
