internal import HTTP
internal import JSON
internal import Service

/// Why a service did not do what an action asks for: sentences for the person who sees the failed action.
struct ProviderFailure: Error {
  let reason: String
  /// The service works, and refused what it was asked for: no fault of the connector.
  var isOfContent = false
}

extension Connector {
  /// How a request authenticates itself.
  enum Authentication {
    /// `Authorization: Bearer` with the key.
    case bearer
    /// The address is the key.
    case none
  }

  /// Sends a JSON object and gives the answer of a status from 200 to 299.
  ///
  /// A request that the service may have taken is repeated only when that is safe; one that it has refused for now
  /// (429) is repeated after the wait that it names, unless that is long.
  func send(
    _ path: String, _ body: JSONObject, method: String = "POST", headers: [(name: String, value: String)] = [],
    authentication: Authentication = .bearer, isSafeToRepeat: Bool = false
  ) throws(ProviderFailure) -> HTTPResponse {
    var request = HTTPRequest(
      method, baseURL + path, headers: HTTPHeaders(headers), body: JSONValue.object(body).serialized(),
      responseLimit: 4 << 20, cancellation: cancellation)
    request.headers["Content-Type"] = "application/json; charset=utf-8"
    request.headers["Accept"] = "application/json"
    if case .bearer = authentication { request.headers["Authorization"] = "Bearer \(key)" }
    let response: HTTPResponse
    do {
      response = try HTTPRetries(isSafeToRepeat: isSafeToRepeat, cancellation: cancellation)
        .send(request, with: client)
    } catch {
      throw failure(error)
    }
    guard response.isSuccess else { throw refusal(response) }
    return response
  }

  /// The answer as JSON.
  func json(_ response: HTTPResponse) throws(ProviderFailure) -> JSONValue {
    do {
      return try JSONValue(parsing: response.body)
    } catch {
      throw ProviderFailure(
        reason: "\(name) answered \(response.status) with something that is not JSON, so whether it was done is "
          + "unknown: look there before you queue it again.")
    }
  }

  /// Refused by the service in its own words.
  func refusal(saying text: String, advice: String = "", isOfContent: Bool = true) -> ProviderFailure {
    ProviderFailure(
      reason: "\(name) refused: \"\(harmless(text))\". Nothing was done."
        + (advice.isEmpty ? "" : " " + advice), isOfContent: isOfContent)
  }

  private func failure(_ error: HTTPError) -> ProviderFailure {
    let what = "\(name) gave no answer: \(error.message)."
    switch error.reachedServer {
    case .no: return ProviderFailure(reason: "\(what) Nothing was done. Queue the action again once that is mended.")
    case .maybe:
      return ProviderFailure(
        reason: "\(what) Whether it was done is unknown: look in \(name) before you queue it again.")
    }
  }

  private func refusal(_ response: HTTPResponse) -> ProviderFailure {
    let said = harmless(Self.message(in: response))
    let what = "\(name) answered \(response.status)" + (said.isEmpty ? "." : ": \"\(said)\".")
    let isKeyProblem = [401, 403].contains(response.status) || (isAddressed && [404, 410].contains(response.status))
    let advice =
      switch response.status {
      case _ where isKeyProblem && isAddressed:
        "Nothing was done. Check \(keyName): the service takes nothing at that address. Then queue a new action."
      case _ where isKeyProblem:
        "Nothing was done. Check \(keyName) and what it is allowed to do, then queue a new action."
      case 429: "Nothing was done. Queue the action again \(Self.wait(response))."
      case 300..<400: "Nothing was done. The address of \(name) in the configuration leads elsewhere."
      case 400..<500: "Nothing was done. Queue a new action with what is right."
      default: "Whether it was done is unknown: look in \(name) before you queue it again."
      }
    let isOfContent = (400..<500).contains(response.status) && !isKeyProblem && response.status != 429
    return ProviderFailure(reason: "\(what) \(advice)", isOfContent: isOfContent)
  }

  /// When it may be tried again, in words.
  private static func wait(_ response: HTTPResponse) -> String {
    guard let seconds = response.headers["Retry-After"].flatMap({ Int($0) }), seconds > 0 else { return "later" }
    return seconds == 1 ? "in a second" : "in \(seconds) seconds"
  }

  /// What the service says about it: the members that services use for that, else the text itself.
  private static func message(in response: HTTPResponse) -> String {
    guard let json = try? JSONValue(parsing: response.body) else {
      return String(decoding: response.body, as: UTF8.self)
    }
    for member in ["message", "error", "detail"] {
      if let text = json[member]?.stringValue ?? json[member]?["message"]?.stringValue { return text }
    }
    return json.text
  }

  /// A short excerpt on one line, without the key.
  private func harmless(_ text: String) -> String { ProviderText.excerpt(ProviderText.masking(key, in: text)) }

  /// Runs what asks the service, and turns its failures into the action's; how it went is the connector's health.
  func outcome(_ body: () throws(ProviderFailure) -> ActionOutcome) -> ActionOutcome {
    do {
      let outcome = try body()
      uses?.recordUse(of: slug, failure: nil)
      return outcome
    } catch {
      uses?.recordUse(of: slug, failure: error.isOfContent ? nil : error.reason)
      return .failed(error.reason)
    }
  }
}

/// Text of other systems as it may stand in a failure.
enum ProviderText {
  /// At most so many characters on one line, without control characters and double quotation marks.
  static func excerpt(_ text: String, limit: Int = 300) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      let character: Unicode.Scalar = isControl ? " " : scalar == "\"" ? "'" : scalar
      if character == " ", result.isEmpty || result.last == " " { continue }
      result.append(character)
      if result.count >= limit { return String(result) + "…" }
    }
    if result.last == " " { result.removeLast() }
    return String(result)
  }

  /// The beginning of a text, with each occurrence of a secret taken out.
  static func masking(_ secret: String, in text: String) -> String {
    let secret = Array(secret.utf8)
    // More is never shown; a secret that is cut here lies behind what is.
    let bytes = Array(text.utf8.prefix(8192))
    guard let first = secret.first, secret.count >= 4 else { return String(decoding: bytes, as: UTF8.self) }
    var result: [UInt8] = []
    var next = 0
    while next < bytes.count {
      if bytes[next] == first, bytes[next...].starts(with: secret) {
        result += "[secret]".utf8
        next += secret.count
      } else {
        result.append(bytes[next])
        next += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
