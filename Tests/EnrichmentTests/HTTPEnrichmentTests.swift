import Enrichment
import HTTP
import JSON
import Service
import Synchronization
import Testing

/// Answers every request alike and remembers the last one.
private final class FakeClient: HTTPClient {
  private let answer: Result<HTTPResponse, HTTPError>
  private let last = Mutex<HTTPRequest?>(nil)

  init(_ answer: Result<HTTPResponse, HTTPError>) { self.answer = answer }

  convenience init(_ status: Int, _ body: String) {
    self.init(.success(HTTPResponse(status: status, body: Array(body.utf8))))
  }

  var request: HTTPRequest? { last.withLock { $0 } }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    last.withLock { $0 = request }
    return try answer.get()
  }
}

@Suite("Providers behind an address")
struct HTTPEnrichmentTests {
  private func provider(_ client: FakeClient) -> HTTPEnrichment {
    HTTPEnrichment(
      name: "acme", url: "https://api.example.com/find", phases: [.contactInfo], headers: ["X-Key": "k"],
      timeLimit: 5000, client: client)
  }

  private func fields(_ client: FakeClient) throws -> JSONObject {
    try provider(client).find(.contactInfo, ["email": "a@b.example"]).result.get()
  }

  @Test("the question holds phase and person, and keeps within its limits")
  func question() throws {
    let client = FakeClient(200, #"{"phone": "+44"}"#)
    let answer = provider(client).find(.contactInfo, ["email": "a@b.example"])
    #expect(answer.source == "acme")
    #expect(try answer.result.get() == ["phone": "+44"])
    let request = try #require(client.request)
    #expect(request.method == "POST")
    #expect(request.headers["x-key"] == "k")
    #expect(request.totalLimit == 5000)
    #expect(
      try JSONValue(parsing: request.body ?? []) == [
        "phase": "contact_info", "person": ["email": "a@b.example"],
      ])
  }

  @Test("fields may stand under person, and who is not known there has none")
  func shapes() throws {
    #expect(try fields(FakeClient(200, #"{"person": {"phone": "1"}}"#)) == ["phone": "1"])
    #expect(try fields(FakeClient(404, "gone")).isEmpty)
    #expect(try fields(FakeClient(204, "")).isEmpty)
  }

  @Test("what is no answer is a failure that tells nothing secret")
  func failures() {
    let clients = [
      FakeClient(500, "k"), FakeClient(401, "k"), FakeClient(302, ""), FakeClient(200, "[]"), FakeClient(200, "<html>"),
      FakeClient(.failure(HTTPError(.timedOut, "the time limit has passed", reachedServer: .maybe))),
    ]
    for client in clients {
      let error = #expect(throws: EnrichmentFailure.self) { try fields(client) }
      #expect(error?.message.hasSuffix(".") == true)
      #expect(error?.message.contains("api.example.com") == false)
    }
  }
}
