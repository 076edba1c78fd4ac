internal import JSON
internal import JSONSchema
public import Service

/// How the service's answers look to a client, and its errors to a model.
public enum ResultMapping {
  /// An error's text must leave room for what clients put around it; counted in bytes, so never more in characters.
  public static let longestError = 2_000

  /// Members of a result's `_meta`.
  static func meta(of receipt: Receipt) -> [(key: String, value: JSONValue)] {
    var meta: [(key: String, value: JSONValue)] = []
    if let id = receipt.requestID { meta.append(("ai.owlbound/requestId", .string(id))) }
    if let credits = receipt.creditsUsed { meta.append(("ai.owlbound/creditsUsed", .integer(Int64(credits)))) }
    if receipt.replayed { meta.append(("ai.owlbound/replayed", true)) }
    return meta
  }

  /// The payload of an answer; one that was given before says so in its first member, where a model sees it.
  static func payload(of answer: Answer) -> [UInt8] {
    guard answer.receipt.replayed, answer.payload.first == UInt8(ascii: "{") else { return answer.payload }
    let rest = answer.payload.dropFirst()
    let isEmpty = rest.first == UInt8(ascii: "}")
    return Array((isEmpty ? #"{"replayed":true"# : #"{"replayed":true,"#).utf8) + rest
  }

  /// One JSON object that says what went wrong and what would be right, at most ``longestError`` bytes long.
  public static func text(of error: ServiceError) -> [UInt8] {
    var writer = JSONWriter(capacity: 512, sanitizing: true)
    writer.beginObject()
    writer.key("error")
    writer.beginObject()
    writer.key("code")
    writer.string(error.code.rawValue)
    writer.key("message")
    writer.string(error.message, limit: 800)
    writer.key("status")
    writer.integer(Int64(error.status))
    if let seconds = error.retryAfter {
      writer.key("retry_after")
      writer.integer(Int64(seconds))
    }
    if !error.details.isEmpty { write(error.details, to: &writer) }
    writer.endObject()
    writer.endObject()
    return writer.finish()
  }

  /// The details that fit, and how many did not.
  private static func write(_ details: [ServiceError.Detail], to writer: inout JSONWriter) {
    writer.key("details")
    writer.beginArray()
    for (index, detail) in details.enumerated() {
      let start = writer.mark()
      writer.beginObject()
      writer.key("path")
      writer.string(detail.path, limit: 200)
      writer.key("message")
      writer.string(detail.message, limit: 400)
      writer.endObject()
      if writer.count > longestError - 64 {
        writer.rewind(to: start)
        writer.beginObject()
        writer.key("path")
        writer.string("")
        writer.key("message")
        writer.string("\(details.count - index) more")
        writer.endObject()
        break
      }
    }
    writer.endArray()
  }
}

extension ServiceError {
  /// The arguments of a call break its schema.
  init(_ failure: ValidationFailure) {
    let details = failure.violations.map { Detail(path: $0.path, message: $0.message) }
    let first = details.first.map { $0.path.isEmpty ? $0.message : "\($0.path): \($0.message)" }
    let others = details.count > 1 ? " (\(details.count - 1) more below)" : ""
    self.init(.validation, (first ?? "The arguments are not valid.") + others, details: details)
  }
}

extension JSONWriter {
  /// Writes a string of at most `limit` bytes before escaping, cut at a whole character.
  fileprivate mutating func string(_ text: String, limit: Int) {
    guard text.utf8.count > limit else { return string(text) }
    var cut = Substring(text)
    while cut.utf8.count > limit - 3 { cut = cut.dropLast(max(1, (cut.utf8.count - limit + 3) / 4)) }
    string(cut + "…")
  }
}
