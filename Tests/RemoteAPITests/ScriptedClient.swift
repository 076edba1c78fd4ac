import HTTP
import JSON
import Platform

/// Answers requests as a test says, and keeps them.
final class ScriptedClient: HTTPClient {
  private let state = Monitor<(requests: [HTTPRequest], script: [Result<HTTPResponse, HTTPError>])>(([], []))

  init(_ script: [Result<HTTPResponse, HTTPError>] = []) { state.withLock { $0.script = script } }

  var requests: [HTTPRequest] { state.withLock(\.requests) }

  func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    try state.withLock { state -> Result<HTTPResponse, HTTPError> in
      state.requests.append(request)
      return state.script.isEmpty ? .success(.json("{}")) : state.script.removeFirst()
    }.get()
  }
}

extension HTTPResponse {
  static func json(_ text: String, status: Int = 200, headers: HTTPHeaders = [:]) -> HTTPResponse {
    HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
  }
}
