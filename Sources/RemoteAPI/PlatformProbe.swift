public import HTTP
internal import JSON
internal import Operations
public import Platform
public import Service

/// Asks a hosted API how it is, and what the key may do; for who looks for a fault.
///
/// Nothing is sent twice, and no credit is spent.
public struct PlatformProbe: Sendable {
  private let api: HostedAPI
  private let client: any HTTPClient
  private let clock: any Clock

  /// In milliseconds: a person waits.
  private static let limit = 15_000

  /// A probe; nothing is sent yet.
  public init(_ api: HostedAPI, client: any HTTPClient, clock: any Clock) {
    self.api = api
    self.client = client
    self.clock = clock
  }

  /// An answer of the API, whatever it says.
  public struct Echo: Sendable {
    /// The HTTP status.
    public let status: Int
    /// How long it took, in milliseconds.
    public let milliseconds: Int
    /// How far the server's clock is ahead of ours, in milliseconds; nil when it does not tell the time.
    public let clockOffset: Int64?
    /// Whether the body is what the API would send, and not some other server's.
    public let isGenuine: Bool
  }

  /// What the API says of the key.
  public struct Grant: Sendable, Equatable {
    /// The workspace or the user that the key belongs to; nil when it is not told.
    public var owner: String?
    /// The plan; nil when it is not told.
    public var plan: String?
    /// Granted scopes; nil when they are not told, or nothing is restricted.
    public var scopes: [String]?
    /// Calls that fit into a window, as `60 a minute`.
    public var limits: [String] = []
    /// Calls that are left in the present window; nil when it is not told.
    public var callsLeft: Int?
  }

  /// Asks the endpoint that needs no key.
  public func health() throws(HTTPError) -> Echo {
    let name = api.platform == .owlbound ? "owlbound_get_health" : "pathbound_get_health"
    let start = clock.monotonic()
    let response = try send(name)
    let milliseconds = Int((clock.monotonic() &- start) / 1_000_000)
    let body = (try? JSONValue(parsing: response.body))?.objectValue
    return Echo(
      status: response.status, milliseconds: milliseconds,
      clockOffset: response.date.map { $0.milliseconds &- clock.now().milliseconds },
      isGenuine: body?["status"]?.stringValue != nil)
  }

  /// Asks what the key may do.
  ///
  /// - Throws: the API's refusal in our words, or why there is no answer.
  public func grant() throws(ServiceError) -> Grant {
    let name = api.platform == .owlbound ? "owlbound_get_me" : "pathbound_get_auth_status"
    let response: HTTPResponse
    do throws(HTTPError) {
      response = try send(name)
    } catch {
      guard let operation = Catalogue.operation(named: name) else { throw ServiceError(.internal, error.message) }
      throw RemoteFailure(api: api).error(of: error, for: operation)
    }
    guard response.isSuccess else {
      throw RemoteFailure(api: api).error(of: response, for: Catalogue.operation(named: name))
    }
    let payload = (try? JSONValue(parsing: try Envelope(api: api).open(response).payload)) ?? [:]
    var grant = api.platform == .owlbound ? Self.owlbound(payload) : Self.pathbound(payload)
    grant.callsLeft = (response.headers["X-RateLimit-Remaining"] ?? response.headers["RateLimit-Remaining"])
      .flatMap { Int($0) }
    return grant
  }

  private func send(_ name: String) throws(HTTPError) -> HTTPResponse {
    guard let operation = Catalogue.operation(named: name), let route = operation.route,
      let form = try? RequestForm(operation, route, [:])
    else { throw HTTPError(.invalid, "the catalogue has no \(name)", reachedServer: .no) }
    var request = api.request(route, form)
    request.totalLimit = Self.limit
    return try client.send(request)
  }

  private static func owlbound(_ payload: JSONValue) -> Grant {
    var grant = Grant()
    grant.owner = payload["workspace"]?["name"]?.stringValue.map { Excerpt.of($0, 80) }
    grant.plan = payload["workspace"]?["plan"]?.stringValue.map { Excerpt.of($0, 40) }
    grant.scopes = payload["apiKey"]?["scopes"].flatMap(texts)
    for (member, words) in [("perMinute", "a minute"), ("perHour", "an hour"), ("perDay", "a day")] {
      if let count = payload["rateLimits"]?[member]?.integerValue { grant.limits.append("\(count) \(words)") }
    }
    // What the plan is documented to have (Owlbound API 4).
    if grant.limits.isEmpty, let plan = grant.plan.flatMap({ RateLimits.Plan(rawValue: $0.lowercased()) }) {
      let words: [UInt64: String] = [60: "a minute", 3600: "an hour", 86_400: "a day"]
      grant.limits = plan.windows.map { "\($0.calls) \(words[$0.seconds] ?? "in \($0.seconds) s")" }
    }
    return grant
  }

  private static func pathbound(_ payload: JSONValue) -> Grant {
    var grant = Grant()
    grant.owner = (payload["user"]?["email"] ?? payload["user"]?["user_id"])?.stringValue.map { Excerpt.of($0, 80) }
    // A key without scopes is of the old kind, which may do everything (Pathbound API 1).
    grant.scopes = payload["scopes"].flatMap(texts).flatMap { $0.isEmpty ? nil : $0 }
    // The same for every key (Pathbound API 2.3).
    grant.limits = ["100 in 15 minutes"]
    return grant
  }

  private static func texts(_ value: JSONValue) -> [String]? {
    value.arrayValue?.compactMap { $0.stringValue.map { Excerpt.of($0, 60) } }
  }
}
