internal import JSON
internal import JSONRPC

/// What can be read and watched.
public protocol ResourceHost: Sendable {
  /// A page of the resources that are listed; nil when the cursor is wrong.
  func resourceList(after cursor: String?) -> ListPage?

  /// A page of the templates; nil when the cursor is wrong.
  func templateList(after cursor: String?) -> ListPage?

  /// Reads a resource, or sees to it that it is read.
  ///
  /// Runs on the thread that reads requests and must return soon: either with the reply answered, or with the reply
  /// kept, to be answered from any thread.
  func read(_ request: ResourceRequest, reply: Reply<[ResourceContents]>)

  /// Whether ``watch(_:onChange:completion:)`` works for any resource at all.
  var canWatch: Bool { get }

  /// Begins to watch a resource; returns soon.
  ///
  /// - Parameters:
  ///   - onChange: runs, on any thread, each time after the resource has changed, and may wait for a slow client; never
  ///     after the watch has ended.
  ///   - completion: runs once, on any thread: what ends the watch, or why there is none.
  func watch(
    _ request: ResourceRequest, onChange: @escaping @Sendable () -> Void,
    completion: @escaping @Sendable (Result<any ResourceWatch, ResourceRefusal>) -> Void)
}

/// A resource that is being watched.
public protocol ResourceWatch: Sendable {
  /// Ends the watch.
  func end()
}

/// Why a resource can't be had.
public enum ResourceRefusal: Error, Sendable {
  /// There is none with that URI.
  case notFound
  /// The URI is wrong, or the caller may not; the sentence says which.
  case refused(String)
  /// Our own fault, or that of whoever keeps the data.
  case failed(String)

  /// The protocol's error.
  func error(_ uri: String, revision: Revision) -> RPCError {
    switch self {
    case .notFound: .resourceNotFound(uri.abbreviated(to: 500), revision: revision)
    case .refused(let message): RPCError(.invalidParameters, message, data: ["uri": .string(uri.abbreviated(to: 500))])
    case .failed(let message): RPCError(.internalError, message)
    }
  }
}

/// A resource that a client asks for.
public struct ResourceRequest: Sendable {
  /// Its address: printable ASCII, not checked further.
  public let uri: String
  private let caller: Caller

  /// What the client calls itself; unchecked, so for records only; read anew each time.
  public var client: ClientInfo { ClientInfo(caller.info) }

  init(uri: String, caller: Caller) {
    self.uri = uri
    self.caller = caller
  }

  /// Reads the `uri` of a request's parameters.
  init(_ call: MethodCall) throws(RPCError) {
    // Reading asks nothing, so no state is one of ours.
    if call.params.contains("requestState") { throw .invalidRequestState }
    guard case .string(let uri)? = call.params["uri"] else { throw .invalidParameters("\"uri\" must be a string.") }
    guard Self.isPlausible(uri) else { throw .invalidParameters("\"uri\" is not a URI.") }
    self.init(uri: uri, caller: call.caller)
  }

  /// A scheme and printable ASCII (RFC 3986), so that two that are equal have the same bytes.
  static func isPlausible(_ uri: String) -> Bool {
    let bytes = uri.utf8
    guard (1...2000).contains(bytes.count), bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let scheme = bytes[..<colon]
    guard let first = scheme.first, Self.isLetter(first) else { return false }
    return scheme.allSatisfy { Self.isLetter($0) || (0x30...0x39).contains($0) || "+-.".utf8.contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

extension Reply where Answer == [ResourceContents] {
  /// Answers that the resource can't be had.
  public func refuse(_ refusal: ResourceRefusal, for request: ResourceRequest) {
    call.reject(refusal.error(request.uri, revision: call.revision))
  }
}
