public import JSON

/// What a request's head says: everything but its body.
public struct RequestHead: Sendable {
  /// Tells the request from the others.
  public let id: Int64
  /// The request, without its body.
  public let request: HTTPRequest
  /// Whether there is a body, which may be empty.
  public let hasBody: Bool

  /// The head of a request.
  public init(id: Int64, request: HTTPRequest) {
    self.id = id
    self.request = request
    hasBody = request.body != nil
  }

  /// Reads a head; nil when it is none.
  public init?(_ head: JSONValue) {
    guard let id = head["id"]?.integerValue, let method = head["method"]?.stringValue,
      let url = head["url"]?.stringValue,
      let headers = head["headers"]?.arrayValue, let connect = head["connect"]?.integerValue,
      let total = head["total"]?.integerValue, let limit = head["limit"]?.integerValue
    else { return nil }
    self.id = id
    hasBody = head["has_body"]?.boolValue ?? false
    request = HTTPRequest(
      method, url, headers: HTTPHeaders(wire: headers), connectLimit: Int(connect), totalLimit: Int(total),
      responseLimit: Int(limit))
  }

  /// The head as it travels.
  public var json: JSONValue {
    [
      "id": .integer(id), "method": .string(request.method), "url": .string(request.url),
      "headers": request.headers.wire, "connect": .integer(Int64(request.connectLimit)),
      "total": .integer(Int64(request.totalLimit)), "limit": .integer(Int64(request.responseLimit)),
      "has_body": .bool(hasBody),
    ]
  }
}

extension HTTPHeaders {
  /// The fields as they travel: a list of names and values in turn.
  public var wire: JSONValue { .array(flatMap { [.string($0.name), .string($0.value)] }) }

  /// Reads ``wire``.
  public init(wire: [JSONValue]) {
    self.init()
    for start in stride(from: 0, to: wire.count - 1, by: 2) {
      add(wire[start].stringValue ?? "", wire[start + 1].stringValue ?? "")
    }
  }
}

extension HTTPError {
  /// The error as it travels.
  public var wire: JSONValue {
    ["kind": .string(kind.rawValue), "message": .string(message), "sent": .bool(reachedServer == .maybe)]
  }

  /// Reads ``wire``; what can't be read counts as sent.
  public init(wire: JSONValue) {
    self.init(
      wire["kind"]?.stringValue.flatMap { Kind(rawValue: $0) } ?? .broken,
      wire["message"]?.stringValue ?? "the request failed",
      reachedServer: wire["sent"]?.boolValue == false ? .no : .maybe)
  }
}
