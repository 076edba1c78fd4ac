/// Sends requests, each on its caller's thread, many at once.
public protocol HTTPClient: Sendable {
  /// Sends the request and waits for its response, whatever its status says.
  ///
  /// Nothing is sent a second time, and no redirect is followed.
  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse
}
