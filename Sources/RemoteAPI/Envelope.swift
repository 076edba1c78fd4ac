internal import HTTP
internal import JSON
internal import Operations
internal import Service

/// Takes an answer out of its envelope (design of both APIs: Pathbound API 2.1, Owlbound API 2).
struct Envelope {
  let api: HostedAPI

  /// The payload and what stood beside it.
  ///
  /// - Throws: `INTERNAL_ERROR` when the body is not what it claims to be.
  func open(_ response: HTTPResponse) throws(ServiceError) -> Answer {
    let body: JSONValue
    if response.body.isEmpty {
      // Deletions may answer with nothing at all.
      body = .object([:])
    } else {
      do {
        body = try JSONValue(parsing: response.body)
      } catch {
        throw unexpected(response, "is no JSON")
      }
    }
    guard case .object(var members) = body else { throw unexpected(response, "is no JSON object") }
    var receipt = Receipt()
    if api.platform == .owlbound {
      if let meta = members["meta"]?.objectValue, let data = members["data"] {
        receipt.requestID = meta["requestId"]?.stringValue
        receipt.creditsUsed = meta["credits"]?["used"]?.integerValue.map { Int($0) }
        guard case .object(let payload) = data else { throw unexpected(response, "holds no object under data") }
        members = payload
      }
    } else if let status = members["status"]?.stringValue {
      // Some of these APIs' failures have been seen with a status of 200.
      guard status != "error" else { throw RemoteFailure(api: api).error(of: response, for: nil) }
      if status == "success" { members["status"] = nil }
    }
    var writer = JSONWriter(capacity: response.body.count, sanitizing: true)
    writer.value(.object(members))
    return Answer(payload: writer.finish(), receipt: receipt)
  }

  private func unexpected(_ response: HTTPResponse, _ what: String) -> ServiceError {
    let type = response.headers["Content-Type"].map { " (\(Excerpt.of($0, 60)))" } ?? ""
    let excerpt = response.body.isEmpty ? "" : " It begins: \(Excerpt.of(api.withoutKey(response.body), 120))"
    return ServiceError(
      .internal,
      "\(api.title) answered \(response.status)\(type) with a body that \(what); a proxy or a wrong base URL may be "
        + "in between.\(excerpt)")
  }
}

/// A harmless piece of what somebody else sent.
enum Excerpt {
  static func of(_ text: String, _ length: Int) -> String { of(Array(text.utf8), length) }

  /// Printable, on one line, without markup's brackets, cut to length.
  static func of(_ bytes: [UInt8], _ length: Int) -> String {
    var excerpt = ""
    for scalar in String(decoding: bytes.prefix(length * 4), as: UTF8.self).unicodeScalars {
      guard excerpt.unicodeScalars.count < length else { return excerpt + "…" }
      switch scalar {
      case "\n", "\r", "\t": excerpt += " "
      case "<", ">": continue
      case " "..."~": excerpt.unicodeScalars.append(scalar)
      default: continue
      }
    }
    return excerpt
  }
}
