internal import HTTP
internal import JSON
internal import Operations
internal import Service

/// Failures of the hosted APIs in our own codes (Pathbound API 2.2, Owlbound API 3).
struct RemoteFailure {
  let api: HostedAPI

  /// The error that a response tells of.
  func error(of response: HTTPResponse, for operation: Operation?, retryAfter: Int? = nil) -> ServiceError {
    let said = Said(response, api)
    let code = code(response.status, said)
    let message = message(response.status, code, said, operation)
    return ServiceError(
      code, message + (said.requestID.map { " (request \($0))" } ?? ""), details: said.details,
      retryAfter: retryAfter, remoteStatus: response.status == code.status ? nil : response.status)
  }

  /// The error that stands for a request without a response.
  func error(of failure: HTTPError, for operation: Operation) -> ServiceError {
    let isWrite = if case .write = operation.access { true } else { false }
    switch failure.kind {
    case .cancelled: return ServiceError(.cancelled, "The call was withdrawn.")
    case .invalid: return ServiceError(.validation, "The request can't be sent: \(failure.message).")
    case .helperMissing, .untrusted, .unreachable:
      return ServiceError(
        .unavailable, "\(api.title) can't be asked: \(failure.message). Nothing was changed there.")
    case .tooLarge:
      return ServiceError(.internal, "\(api.title) sent too much: \(failure.message). Narrow the request.")
    case .timedOut, .broken, .helperEnded:
      let outcome =
        isWrite && failure.reachedServer == .maybe
        ? " Whether it took effect is not known: look before you repeat it." : " Nothing was changed there."
      return ServiceError(.unavailable, "\(api.title): \(failure.message).\(outcome)")
    }
  }

  private func code(_ status: Int, _ said: Said) -> ServiceError.Code {
    if let code = said.code.flatMap(ServiceError.Code.init(rawValue:)) { return code }
    switch status {
    case 400, 422: return .validation
    case 401: return api.key == nil ? .missingKey : .invalidKey
    case 403: return .insufficientScope
    case 404, 410: return .notFound
    case 409: return .conflict
    case 429: return .rateLimited
    case 502...504: return .unavailable
    default: return .internal
    }
  }

  private func message(
    _ status: Int, _ code: ServiceError.Code, _ said: Said, _ operation: Operation?
  ) -> String {
    let words = said.message.map { ": \($0)" } ?? ""
    let other = said.code.map { $0 == code.rawValue ? "" : " \(Excerpt.of($0, 60))" } ?? ""
    let start = "\(api.title) answered \(status)\(other)\(words)"
    switch code {
    case .missingKey, .invalidKey, .expiredKey, .revokedKey:
      return "\(start). Check \(api.keyVariable); keys are made in \(api.title)'s dashboard."
    case .insufficientScope:
      let scope = operation?.scope.map { " This needs the scope \($0.rawValue): grant it to the key in the dashboard." }
      return "\(start).\(scope ?? " The key is not allowed to do this.")"
    case .notFound where said.message == nil || status == 410:
      return "\(start). The hosted API may no longer have this operation, or the id is unknown there."
    case .rateLimited: return "\(start). Wait before the next call."
    case .unavailable: return "\(start). \(api.title) is not available at the moment."
    default: return start + "."
    }
  }

  /// What the body of a failure says, made harmless.
  private struct Said {
    var code: String?
    var message: String?
    var requestID: String?
    var details: [ServiceError.Detail] = []

    init(_ response: HTTPResponse, _ api: HostedAPI) {
      guard let body = (try? JSONValue(parsing: response.body))?.objectValue else {
        let text = Excerpt.of(api.withoutKey(response.body), 160)
        message = text.isEmpty ? nil : text
        return
      }
      let error = body["error"]?.objectValue
      code = error?["code"]?.stringValue
      message = (error?["message"] ?? body["error"] ?? body["message"])?.stringValue
        .map { Excerpt.of(api.withoutKey($0.utf8), 500) }
      while message?.last == "." { message?.removeLast() }
      requestID = error?["requestId"]?.stringValue.map { Excerpt.of($0, 80) }
      for detail in ((error?["details"] ?? body["details"])?.arrayValue ?? []).prefix(20) {
        let field = detail["field"]?.stringValue ?? detail["path"]?.stringValue ?? ""
        let text = detail["message"]?.stringValue ?? detail.stringValue ?? detail.text
        details.append(
          .init(
            path: field.isEmpty ? "" : "/" + Excerpt.of(field, 80).replacing(".", with: "/"),
            message: Excerpt.of(api.withoutKey(text.utf8), 300)))
      }
    }
  }
}

extension String {
  fileprivate func replacing(_ old: Character, with new: Character) -> String { String(map { $0 == old ? new : $0 }) }
}
