import Foundation
import HTTP
import Platform
import TestSupport
import Testing

/// A client whose other program gets variables of its own.
private struct Surroundings {
  let client: CurlClient
  private let folder: TemporaryFolder

  init(_ variables: String) throws {
    folder = try TemporaryFolder()
    let script = try folder.script(
      "helper", "\(variables) exec '\(ServerProcess.path(ofProduct: "bound-mcp-http"))'")
    client = CurlClient(userAgent: "bound-mcp/test") { script }
  }

  func failure(_ request: HTTPRequest) -> HTTPError? {
    do {
      let response = try client.send(request)
      Issue.record("answered \(response.status)")
      return nil
    } catch {
      return error
    }
  }
}

@Suite("Proxies")
struct ProxyTests {
  @Test("plain requests go to the proxy that the environment names, those to exceptions do not")
  func plain() throws {
    let proxy = LoopbackServer { _ in .response(status: 200, body: Array("proxied".utf8)) }
    let server = LoopbackServer { _ in .response(status: 200, body: Array("direct".utf8)) }
    let surroundings = try Surroundings("http_proxy=\(proxy.url) no_proxy=127.0.0.1")
    #expect(try surroundings.client.send(HTTPRequest("GET", "http://far.invalid/x")).body == Array("proxied".utf8))
    #expect(proxy.requests.map(\.target) == ["http://far.invalid/x"])
    #expect(try surroundings.client.send(HTTPRequest("GET", server.url + "/y")).body == Array("direct".utf8))
    #expect(proxy.requests.count == 1)
  }

  @Test("a proxy that lets nothing through to an encrypted host is told apart, and sees no key")
  func refused() throws {
    let proxy = LoopbackServer { _ in .response(status: 403) }
    let surroundings = try Surroundings("https_proxy=\(proxy.url)")
    let request = HTTPRequest("POST", "https://far.invalid/x", headers: ["Authorization": "Bearer geheim"], body: [1])
    let error = surroundings.failure(request)
    #expect(error?.kind == .unreachable)
    #expect(error?.reachedServer == .no)
    #expect(
      error?.message.contains("proxy") == true && error?.message.contains("403") == true, "\(String(describing: error))"
    )
    let seen = try #require(proxy.requests.first)
    #expect(seen.method == "CONNECT" && seen.target == "far.invalid:443")
    #expect(seen.header("authorization") == nil)
  }

  @Test("a proxy that is not there is an error that says so")
  func missing() throws {
    let surroundings = try Surroundings("ALL_PROXY=http://127.0.0.1:\(LoopbackServer.deafPort())")
    let error = surroundings.failure(HTTPRequest("GET", "https://far.invalid/"))
    #expect(error?.kind == .unreachable && error?.reachedServer == .no)
  }
}

private let python = Files.findProgram("python3")
private let openssl = Files.findProgram("openssl")

@Suite("TLS", .enabled(if: python != nil && openssl != nil, "its server needs python3 and openssl"))
struct TLSTests {
  private let folder: TemporaryFolder
  /// A key and a certificate that nobody vouches for.
  private let pem: String

  init() throws {
    folder = try TemporaryFolder()
    pem = folder.file("loopback.pem")
    let run = ProgramRun(
      try #require(openssl),
      arguments: [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=loopback",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out", folder.file("certificate"),
      ])
    #expect(try run.run().status == 0)
    try Files.write(try Files.read(pem) + Files.read(folder.file("certificate")), to: pem)
  }

  private func withServer(_ protocolName: String, _ body: (_ url: String) throws -> Void) throws {
    let server = try ChildProcess.start(
      try #require(python), arguments: [Self.server, pem, protocolName])
    defer {
      server.kill()
      _ = server.waitForExit()
    }
    let port = try #require(LineConversation(writing: server.input, reading: server.output).receiveLine(within: 20_000))
    try body("https://127.0.0.1:\(port)/")
  }

  private static let server =
    #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Fixtures/tls_server.py"

  @Test("a server whose certificate nobody vouches for is refused before it gets anything")
  func refused() throws {
    try withServer("http/1.1") { url in
      let error = try Surroundings("").failure(HTTPRequest("POST", url, headers: ["X-API-Key": "geheim"], body: [1]))
      #expect(error?.kind == .untrusted)
      #expect(error?.reachedServer == .no)
      #expect(error?.message.contains("no trusted connection") == true)
      #expect(error?.message.contains("127.0.0.1") == false)
    }
  }

  @Test("SSL_CERT_FILE names an authority of one's own", arguments: ["http/1.1", "h2"])
  func trusted(protocolName: String) throws {
    try withServer(protocolName) { url in
      let surroundings = try Surroundings("SSL_CERT_FILE='\(pem)'")
      for _ in 1...2 {
        let response = try surroundings.client.send(HTTPRequest("GET", url))
        #expect(response.status == 200)
        #expect(response.body == Array(protocolName.utf8), "HTTP/2 is spoken where the server has it")
      }
    }
  }

  @Test("many requests at once share an HTTP/2 connection and none is lost")
  func multiplexed() throws {
    try withServer("h2") { url in
      let surroundings = try Surroundings("SSL_CERT_FILE='\(pem)'")
      let answered = Monitor(0)
      DispatchQueue.concurrentPerform(iterations: 64) { _ in
        if (try? surroundings.client.send(HTTPRequest("GET", url)))?.body == Array("h2".utf8) {
          answered.withLock { $0 += 1 }
        }
      }
      #expect(answered.withLock { $0 } == 64)
    }
  }
}

@Suite("A helper that stands still")
struct StoppedHelperTests {
  @Test("a request whose bytes nobody takes ends at its time limit, and the next one starts a new helper")
  func stopped() throws {
    let folder = try TemporaryFolder()
    let path = ServerProcess.path(ofProduct: "bound-mcp-http")
    let script = try folder.script("helper", "echo $$ >> '\(folder.file("ids"))'\nexec '\(path)'")
    let client = CurlClient(userAgent: "test") { script }
    let server = LoopbackServer { _ in .response(status: 200) }
    #expect(try client.helperFacts().libcurl != nil)
    let id = try #require(
      Int32(String(contentsOfFile: folder.file("ids"), encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines))
    )
    kill(id, SIGSTOP)
    let start = SystemClock().monotonic()
    // More than any pipe holds.
    let request = HTTPRequest("POST", server.url, body: [UInt8](repeating: 1, count: 4 << 20), totalLimit: 300)
    #expect(throws: HTTPError.self) { try client.send(request) }
    #expect(SystemClock().monotonic() - start < 5_000_000_000)
    #expect(try client.send(HTTPRequest("GET", server.url)).status == 200)
    #expect(server.requests.map(\.method) == ["GET"])
  }
}
