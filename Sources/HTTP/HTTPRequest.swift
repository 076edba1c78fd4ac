public import Platform

/// One request, with what it may cost.
public struct HTTPRequest: Sendable {
  /// The method, in capitals.
  public var method: String
  /// The whole address, `http://…` or `https://…`, percent-encoded, without user name and fragment.
  public var url: String
  /// The header; what the connection needs (Host, Content-Length, Accept-Encoding) is added.
  public var headers: HTTPHeaders
  /// The body; nil sends none.
  public var body: [UInt8]?
  /// How long it may take until the connection stands, in milliseconds.
  public var connectLimit: Int
  /// How long all of it may take, in milliseconds.
  public var totalLimit: Int
  /// The largest body of a response in bytes, as it is after decompression.
  public var responseLimit: Int
  /// Stops the request.
  public var cancellation: Cancellation?

  /// A request with the usual limits: 10 s to connect, 30 s in all, 16 MiB of response.
  public init(
    _ method: String, _ url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil, connectLimit: Int = 10_000,
    totalLimit: Int = 30_000, responseLimit: Int = 16 << 20, cancellation: Cancellation? = nil
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.connectLimit = connectLimit
    self.totalLimit = totalLimit
    self.responseLimit = responseLimit
    self.cancellation = cancellation
  }
}

/// What a server answered, whatever its status says.
///
/// Redirects are answers too: none is followed, so that no key travels to another host.
public struct HTTPResponse: Sendable {
  /// 100 to 999.
  public let status: Int
  /// The header of the last response, without those of proxies and interim answers.
  public let headers: HTTPHeaders
  /// The body, decompressed.
  public let body: [UInt8]

  /// Creates a response.
  public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Whether the status is one of 200 to 299.
  public var isSuccess: Bool { (200...299).contains(status) }
}

extension HTTPRequest {
  /// The largest body that can be sent.
  static let bodyLimit = 256 << 20

  /// Refuses what could become a second request or header, or that no server could answer.
  func check() throws(HTTPError) {
    guard (1...20).contains(method.utf8.count), method.utf8.allSatisfy({ (65...90).contains($0) }) else {
      throw .invalid("the method must be one word in capitals")
    }
    guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
      throw .invalid("the address must begin with https:// or http://")
    }
    guard url.utf8.count <= 32_768, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .invalid("the address must be percent-encoded, and no longer than 32,768 bytes")
    }
    let authority = url.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2).prefix { !"/?#".utf8.contains($0) }
    guard !authority.isEmpty, !authority.contains(UInt8(ascii: "@")) else {
      throw .invalid("the address must name a host, and no user")
    }
    for (name, value) in headers {
      guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
        throw .invalid("a header field's name may hold letters, digits and hyphens only")
      }
      guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 9 }), value.utf8.count <= 65_536 else {
        throw .invalid("the header field \(name) holds a control character, or more than 65,536 bytes")
      }
    }
    guard body?.count ?? 0 <= Self.bodyLimit else { throw .invalid("the body is larger than 256 MiB") }
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
