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
    let method = members["method"]
    if let id = members["id"], method != nil || !members.hasOutcome {
      self = Self.request(id, method, members)
    } else if let method {
      self = Self.notification(method, members)
    } else if members.hasOutcome {
      self = Self.response(members)
    } else {
      self = .invalid(nil, RPCError(.invalidRequest, "A message needs a \"method\"."))
    }
  }

  private static func request(_ id: JSONValue, _ method: JSONValue?, _ members: JSONObject) -> Message {
    guard let id = RequestID(id) else {
      return .invalid(nil, RPCError(.invalidRequest, "\"id\" must be a string or an integer."))
    }
    guard members.isVersion2 else {
      return .invalid(id, RPCError(.invalidRequest, "\"jsonrpc\" must be \"2.0\"."))
    }
    guard case .string(let method)? = method else {
      return .invalid(id, RPCError(.invalidRequest, "\"method\" must be a string."))
    }
    return .request(Request(id: id, method: method, params: members.presentParams))
  }

  private static func notification(_ method: JSONValue, _ members: JSONObject) -> Message {
    guard members.isVersion2, case .string(let method) = method else { return .ignored }
    return .notification(Notification(method: method, params: members.presentParams))
  }

  private static func response(_ members: JSONObject) -> Message {
    guard members.isVersion2, let id = members["id"].flatMap({ RequestID($0) }) else { return .ignored }
    return switch (members["result"], members["error"]) {
    case (let result?, nil): .response(Response(id: id, outcome: .result(result)))
    case (nil, let error?): .response(Response(id: id, outcome: .error(error)))
    default: .ignored
    }
  }
}

extension JSONObject {
  fileprivate var isVersion2: Bool { if case .string("2.0")? = self["jsonrpc"] { true } else { false } }

  fileprivate var hasOutcome: Bool { contains("result") || contains("error") }

  /// `null` stands for absent parameters.
  fileprivate var presentParams: JSONValue? {
    let params = self["params"]
    return params?.isNull == true ? nil : params
  }
}
