import Foundation
import HTTP
import JSON
import Platform
import TestSupport
import Testing

@Suite("CurlClient")
struct CurlClientTests {
  private let client = CurlClient(userAgent: "bound-mcp/test") { ServerProcess.path(ofProduct: "bound-mcp-http") }

  private func failure(_ request: HTTPRequest, _ client: CurlClient? = nil) -> HTTPError? {
    do {
      let response = try (client ?? self.client).send(request)
      Issue.record("answered \(response.status)")
      return nil
    } catch {
      return error
    }
  }

  @Test("a request arrives as it was made, and its response comes back with status, header and body")
  func roundTrip() throws {
    let server = LoopbackServer { _ in
      .response(status: 201, headers: ["X-Request-Id": "r1", "Retry-After": "7"], body: Array("made".utf8))
    }
    let body = [UInt8](0...255)
    let response = try client.send(
      HTTPRequest(
        "POST", server.url + "/v1/things?q=a%20b", headers: ["Authorization": "Bearer k", "X-Empty": ""], body: body))
    #expect(response.status == 201)
    #expect(response.isSuccess)
    #expect(response.headers["x-request-ID"] == "r1")
    #expect(response.headers["retry-after"] == "7")
    #expect(response.body == Array("made".utf8))
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/v1/things?q=a%20b")
    #expect(request.body == body)
    #expect(request.header("authorization") == "Bearer k")
    #expect(request.header("user-agent") == "bound-mcp/test")
    #expect(request.header("x-empty") == "")
    #expect(request.header("accept-encoding")?.contains("gzip") == true)
    #expect(request.header("content-type") == nil, "nothing is claimed about a body that the caller did not describe")
    #expect(request.header("expect") == nil)
  }

  @Test("each method goes out as it is, with a body or without", arguments: ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
  func methods(method: String) throws {
    let server = LoopbackServer { _ in .response(status: 200, body: Array("x".utf8)) }
    _ = try client.send(HTTPRequest(method, server.url + "/"))
    if method != "HEAD" { _ = try client.send(HTTPRequest(method, server.url + "/", body: Array("{}".utf8))) }
    #expect(server.requests.allSatisfy { $0.method == method })
    #expect(server.requests.map(\.text) == (method == "HEAD" ? [""] : ["", "{}"]))
    #expect(server.requests[0].header("content-length") == nil)
  }

  @Test("a POST with an empty body says that it is empty")
  func emptyBody() throws {
    let server = LoopbackServer { _ in .response(status: 204) }
    #expect(try client.send(HTTPRequest("POST", server.url, body: [])).status == 204)
    #expect(server.requests.first?.header("content-length") == "0")
  }

  @Test("requests after another use one connection")
  func keepAlive() throws {
    let server = LoopbackServer { _ in .response(status: 200) }
    for _ in 1...5 { _ = try client.send(HTTPRequest("GET", server.url)) }
    #expect(server.requests.count == 5)
    #expect(server.connectionCount == 1)
  }

  @Test("64 requests run at once and none is lost or mixed up")
  func manyAtOnce() {
    let server = LoopbackServer { .response(status: 200, body: Array($0.target.utf8)) }
    let wrong = Monitor(0)
    DispatchQueue.concurrentPerform(iterations: 64) { number in
      let response = try? client.send(HTTPRequest("GET", server.url + "/\(number)"))
      if response?.body != Array("/\(number)".utf8) { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(server.connectionCount <= 16)
  }

  @Test("a body of megabytes goes through in both directions")
  func largeBodies() throws {
    let server = LoopbackServer { .response(status: 200, body: $0.body) }
    let body = [UInt8](repeating: 0xC3, count: 5 << 20)
    #expect(try client.send(HTTPRequest("POST", server.url, body: body)).body == body)
  }

  @Test("a redirect is an answer, and nothing goes to the other host")
  func redirect() throws {
    let other = LoopbackServer { _ in .response(status: 200) }
    let server = LoopbackServer { [url = other.url] _ in .response(status: 302, headers: ["Location": url]) }
    let response = try client.send(HTTPRequest("GET", server.url, headers: ["X-API-Key": "k"]))
    #expect(response.status == 302)
    #expect(response.headers["location"] == other.url)
    #expect(other.requests.isEmpty)
  }

  @Test("where nobody listens, the request has provably not arrived")
  func unreachable() {
    let error = failure(HTTPRequest("POST", "http://127.0.0.1:\(LoopbackServer.deafPort())/", body: []))
    #expect(error?.kind == .unreachable)
    #expect(error?.reachedServer == .no)
    let noHost = failure(HTTPRequest("GET", "http://no-such-host.invalid/", totalLimit: 5000))
    #expect(noHost?.reachedServer == .no)
  }

  @Test("a server that says nothing meets the time limit, outcome unknown")
  func silence() {
    let server = LoopbackServer { _ in .silence }
    let error = failure(HTTPRequest("POST", server.url, body: [1], totalLimit: 200))
    #expect(error?.kind == .timedOut)
    #expect(error?.reachedServer == .maybe)
    #expect(server.requests.count == 1)
  }

  @Test("a POST whose connection breaks is not sent again, not even on a kept connection")
  func cutConnection() throws {
    let server = LoopbackServer { $0.method == "POST" ? .cut : .response(status: 200) }
    _ = try client.send(HTTPRequest("GET", server.url))
    let error = failure(HTTPRequest("POST", server.url, body: Array("once".utf8)))
    #expect(error?.reachedServer == .maybe)
    #expect(server.requests.filter { $0.method == "POST" }.count == 1)
  }

  @Test("a response beyond its limit is refused, whether its length is told or not")
  func tooLarge() {
    let server = LoopbackServer {
      $0.target == "/told"
        ? .response(status: 200, body: [UInt8](repeating: 65, count: 5000))
        : .raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + String(repeating: "A", count: 5000))
    }
    for path in ["/told", "/untold"] {
      #expect(failure(HTTPRequest("GET", server.url + path, responseLimit: 4999))?.kind == .tooLarge)
      #expect(throws: Never.self) { try client.send(HTTPRequest("GET", server.url + path, responseLimit: 5000)) }
    }
  }

  @Test("what is no HTTP is an error, not an answer")
  func noHTTP() {
    let server = LoopbackServer { _ in .raw("SSH-2.0-OpenSSH_9.2\r\n") }
    #expect(failure(HTTPRequest("GET", server.url))?.kind == .broken)
  }

  @Test("a compressed response is unpacked")
  func compression() throws {
    // gzip of "hello hello hello hello".
    let packed: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 1, 0xE3, 0x51, 0x3D,
      0x8D, 0x17, 0, 0, 0,
    ]
    let server = LoopbackServer { _ in .response(status: 200, headers: ["Content-Encoding": "gzip"], body: packed) }
    let error = failureOrBody(HTTPRequest("GET", server.url))
    #expect(error == "hello hello hello hello")
  }

  private func failureOrBody(_ request: HTTPRequest) -> String {
    do {
      return String(decoding: try client.send(request).body, as: UTF8.self)
    } catch {
      return "\(error)"
    }
  }

  @Test("a cancelled request ends at once, the others go on")
  func cancellation() throws {
    let server = LoopbackServer { $0.target == "/slow" ? .silence : .response(status: 200) }
    let cancellation = Cancellation()
    Platform.Thread.start("canceller") {
      _ = server.waitForRequests(1)
      cancellation.cancel()
    }
    let error = failure(HTTPRequest("POST", server.url + "/slow", body: [], cancellation: cancellation))
    #expect(error?.kind == .cancelled)
    #expect(error?.reachedServer == .maybe)
    #expect(try client.send(HTTPRequest("GET", server.url + "/")).status == 200)
    let before = failure(HTTPRequest("GET", server.url + "/", cancellation: cancellation))
    #expect(before == HTTPError(.cancelled, "the request was cancelled", reachedServer: .no))
    #expect(server.requests.count == 2)
  }

  @Test(
    "what could smuggle a header or another request is refused before anything is started",
    arguments: [
      HTTPRequest("GET", "ftp://example.com/"), HTTPRequest("GET", "file:///etc/passwd"), HTTPRequest("GET", ""),
      HTTPRequest("GET", "http://"), HTTPRequest("GET", "http://user:pw@example.com/"),
      HTTPRequest("GET", "http://example.com/a b"), HTTPRequest("GET", "http://example.com/\r\nX: 1"),
      HTTPRequest("GET /x HTTP/1.1", "http://example.com/"), HTTPRequest("", "http://example.com/"),
      HTTPRequest("GET", "http://example.com/", headers: ["X": "a\r\nY: b"]),
      HTTPRequest("GET", "http://example.com/", headers: ["X: y\r\nZ": "a"]),
      HTTPRequest("GET", "http://example.com/", headers: ["": "a"]),
    ])
  func invalid(request: HTTPRequest) {
    let nothing = CurlClient(userAgent: "test") { nil }
    let error = failure(request, nothing)
    #expect(error?.kind == .invalid)
    #expect(error?.reachedServer == .no)
  }

  @Test("without the other program, the error says what is missing")
  func helperMissing() {
    let error = failure(
      HTTPRequest("GET", "http://127.0.0.1/"), CurlClient(userAgent: "test") { "/nonexistent/bound-mcp-http" })
    #expect(error?.kind == .helperMissing)
    #expect(error?.message.contains("/nonexistent/bound-mcp-http is missing") == true)
    let other = failure(HTTPRequest("GET", "http://127.0.0.1/"), CurlClient(userAgent: "test") { "/bin/false" })
    #expect(other?.kind == .helperMissing)
    #expect(other?.reachedServer == .no)
  }

  @Test("when the other program dies, the outcome is unknown, and the next request starts a new one")
  func helperDies() throws {
    let folder = try TemporaryFolder()
    let path = ServerProcess.path(ofProduct: "bound-mcp-http")
    let script = try folder.script("helper", "echo $$ >> '\(folder.file("ids"))'\nexec '\(path)'")
    let client = CurlClient(userAgent: "test") { script }
    let server = LoopbackServer { $0.target == "/slow" ? .silence : .response(status: 200) }
    Platform.Thread.start("killer") {
      _ = server.waitForRequests(1)
      let ids = (try? String(contentsOfFile: folder.file("ids"), encoding: .utf8)) ?? ""
      if let id = Int32(ids.split(separator: "\n").last ?? "") { kill(id, SIGKILL) }
    }
    let error = failure(HTTPRequest("POST", server.url + "/slow", body: [1]), client)
    #expect(error?.kind == .helperEnded)
    #expect(error?.reachedServer == .maybe)
    #expect(try client.send(HTTPRequest("GET", server.url + "/")).status == 200)
    #expect(server.requests.count == 2)
  }
}
