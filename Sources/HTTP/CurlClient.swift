internal import Platform
internal import Synchronization

/// Sends requests through libcurl, which runs in a program of its own, `bound-mcp-http`.
///
/// The main program is linked statically and holds no TLS; the other one uses the system's. It is started at the first
/// request and kept, so that connections stay open between requests. Keys travel through a pipe: no process listing
/// shows them.
public final class CurlClient: HTTPClient {
  private let path: @Sendable () -> String?
  private let userAgent: String
  private let process = Mutex<CurlProcess?>(nil)

  /// Creates a client; nothing is started yet.
  ///
  /// - Parameters:
  ///   - userAgent: sent where a request has no `User-Agent` of its own, like `bound-mcp/1.0`.
  ///   - path: where the other program is; by default `BOUND_MCP_HTTP`, else beside the running one.
  public init(userAgent: String, path: @escaping @Sendable () -> String? = CurlClient.usualPath) {
    self.userAgent = userAgent
    self.path = path
  }

  /// `BOUND_MCP_HTTP`, else `bound-mcp-http` beside the running program.
  public static func usualPath() -> String? {
    if let path = Environment.variable("BOUND_MCP_HTTP"), !path.isEmpty { return path }
    return Environment.programPath.flatMap { Files.folder(of: $0) }.map { "\($0)/bound-mcp-http" }
  }

  deinit { process.withLock { $0?.close() } }

  /// Sends the request through the other program; starts one when none runs.
  public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    try request.check()
    if request.cancellation?.isCancelled == true { throw .cancelledBeforeStart }
    var request = request
    if request.headers["User-Agent"] == nil { request.headers["User-Agent"] = userAgent }
    return try runningProcess().send(request)
  }

  /// What the other program says of itself; starts one when none runs.
  public func helperFacts() throws(HTTPError) -> HelperFacts { try runningProcess().facts() }

  private func runningProcess() throws(HTTPError) -> CurlProcess {
    try process.withLock { (process) throws(HTTPError) in
      if let running = process, !running.hasEnded { return running }
      guard let path = path() else {
        throw HTTPError(
          .helperMissing, "the program bound-mcp-http can't be found: name its path in BOUND_MCP_HTTP",
          reachedServer: .no)
      }
      let started = try CurlProcess(path: path)
      process = started
      return started
    }
  }
}

extension HTTPError {
  static let cancelledBeforeStart = HTTPError(.cancelled, "the request was cancelled", reachedServer: .no)
}
