public import JSON

/// A call that wants an answer.
public struct Request: Sendable {
  /// Comes back with the answer.
  public let id: RequestID
  /// What is to be done.
  public let method: String
  /// With what; nil when absent.
  ///
  /// Not checked to be an object.
  public let params: JSONValue?
}

/// A message that is never answered.
public struct Notification: Sendable {
  /// What has happened.
  public let method: String
  /// The details; nil when absent.
  ///
  /// Not checked to be an object.
  public let params: JSONValue?
}

/// The other side's answer to a request of ours.
public struct Response: Sendable {
  /// The id of our request.
  public let id: RequestID
  /// What came of it.
  public let outcome: Outcome

  /// What a response says.
  public enum Outcome: Sendable {
    /// It worked.
    case result(JSONValue)
    /// It failed: the error object as it came.
    case error(JSONValue)
  }
}

/// One JSON value, taken for what it is by its members alone.
public enum Message: Sendable {
  /// Wants an answer.
  case request(Request)
  /// Wants none.
  case notification(Notification)
  /// Is an answer.
  case response(Response)
  /// Neither a request nor anything that may be passed over: to be refused, under the id if it has a valid one.
  case invalid(RequestID?, RPCError)
  /// A notification or response that is not well-formed. Such messages are never answered.
  case ignored

  /// Looks at the members of a value.
  public init(_ value: JSONValue) {
    guard case .object(let members) = value else {
      self = .invalid(nil, RPCError(.invalidRequest, "A message must be a JSON object."))
      return
    }
    let parts = Parts(members)
    if let id = parts.id, parts.method != nil || !parts.hasOutcome {
      self = Self.request(id, parts)
    } else if let method = parts.method {
      self = Self.notification(method, parts)
    } else if parts.hasOutcome {
      self = Self.response(parts)
    } else {
      self = .invalid(nil, RPCError(.invalidRequest, "A message needs a \"method\"."))
    }
  }

  private static func request(_ id: JSONValue, _ parts: Parts) -> Message {
    guard let id = RequestID(id) else {
      return .invalid(nil, RPCError(.invalidRequest, "\"id\" must be a string or an integer."))
    }
    guard parts.isVersion2 else {
      return .invalid(id, RPCError(.invalidRequest, "\"jsonrpc\" must be \"2.0\"."))
    }
    guard case .string(let method)? = parts.method else {
      return .invalid(id, RPCError(.invalidRequest, "\"method\" must be a string."))
    }
    return .request(Request(id: id, method: method, params: parts.params))
  }

  private static func notification(_ method: JSONValue, _ parts: Parts) -> Message {
    guard parts.isVersion2, case .string(let method) = method else { return .ignored }
    return .notification(Notification(method: method, params: parts.params))
  }

  private static func response(_ parts: Parts) -> Message {
    guard parts.isVersion2, let id = parts.id.flatMap({ RequestID($0) }) else { return .ignored }
    return switch (parts.result, parts.error) {
    case (let result?, nil): .response(Response(id: id, outcome: .result(result)))
    case (nil, let error?): .response(Response(id: id, outcome: .error(error)))
    default: .ignored
    }
  }
}

/// The members that make a message, found in one pass.
private struct Parts {
  var isVersion2 = false
  var id, method, params, result, error: JSONValue?

  init(_ members: JSONObject) {
    for (key, value) in members {
      switch key {
      case "jsonrpc": if case .string("2.0") = value { isVersion2 = true }
      case "id": id = value
      case "method": method = value
      // `null` stands for absent parameters.
      case "params": if !value.isNull { params = value }
      case "result": result = value
      case "error": error = value
      default: break
      }
    }
  }

  var hasOutcome: Bool { result != nil || error != nil }
}
