internal import HTTP
public import Operations
internal import Platform

/// What tells the two hosted APIs apart: where they are, how a key is shown, how an answer is wrapped.
public struct HostedAPI: Sendable {
  /// Whose API it is.
  public let platform: Operations.Platform
  /// Where it is; routes are put behind it.
  public let baseURL: String
  /// Where the website's tracker posts to; nil where there is none.
  public let trackerURL: String?
  /// The key; in no error, log or answer.
  let key: String?

  /// Pathbound's API (Pathbound API 1): `Authorization: Bearer`.
  ///
  /// - Parameter baseURL: nil for the usual one.
  public static func pathbound(key: String?, baseURL: String? = nil) -> HostedAPI {
    HostedAPI(
      platform: .pathbound, baseURL: trimmed(baseURL ?? "https://api.pathbound.ai"),
      trackerURL: baseURL.map(trimmed) ?? "https://tracker.pathbound.ai", key: key)
  }

  /// Owlbound's API (Owlbound API 1): `X-API-Key`.
  ///
  /// - Parameter baseURL: nil for the usual one.
  public static func owlbound(key: String?, baseURL: String? = nil) -> HostedAPI {
    HostedAPI(
      platform: .owlbound, baseURL: trimmed(baseURL ?? "https://app.owlbound.ai/api"), trackerURL: nil, key: key)
  }

  /// The beginning of a text without the key, should a server repeat it; more is never shown.
  func withoutKey(_ bytes: some Collection<UInt8>) -> [UInt8] {
    let bytes = Array(bytes.prefix(8192))
    guard let key = key.map({ Array($0.utf8) }), key.count >= 4 else { return bytes }
    var result: [UInt8] = []
    var next = 0
    while next < bytes.count {
      if bytes[next] == key[0], bytes[next...].starts(with: key) {
        result += "[key]".utf8
        next += key.count
      } else {
        result.append(bytes[next])
        next += 1
      }
    }
    return result
  }

  /// What people call it.
  public var title: String { platform == .owlbound ? "Owlbound" : "Pathbound" }

  /// The environment variable that holds the key.
  public var keyVariable: String { platform == .owlbound ? "OWLBOUND_API_KEY" : "PATHBOUND_API_KEY" }

  /// The header field that shows the key.
  var keyField: (name: String, value: String)? {
    key.map { platform == .owlbound ? ("X-API-Key", $0) : ("Authorization", "Bearer \($0)") }
  }

  /// Whether the key may be used for signals only (Owlbound API 1: publishable keys).
  public var isPublishable: Bool { platform == .owlbound && key?.hasPrefix("gtm_pk_") == true }

  /// The whole address of a route's target.
  func url(_ route: Route, _ target: String) -> String {
    let base = route.host == .tracker ? trackerURL ?? baseURL : baseURL
    // The documents write the base with and without the version; routes begin with it.
    return base.hasSuffix("/v1") && target.hasPrefix("/v1") ? base + target.dropFirst(3) : base + target
  }

  /// The request of a call.
  func request(_ route: Route, _ form: RequestForm, _ cancellation: Cancellation? = nil) -> HTTPRequest {
    var headers: HTTPHeaders = ["Accept": "application/json"]
    if let (name, value) = keyField { headers[name] = value }
    if form.body != nil { headers["Content-Type"] = "application/json" }
    return HTTPRequest(
      route.method.rawValue, url(route, form.target), headers: headers, body: form.body, cancellation: cancellation)
  }

  private static func trimmed(_ url: String) -> String {
    var url = url
    while url.hasSuffix("/") { url.removeLast() }
    return url
  }
}
