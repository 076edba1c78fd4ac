internal import JSON
internal import JSONRPC
internal import Platform

/// What every answer of a server needs, whoever gives it.
final class Wire: Sendable {
  let outbox: Outbox
  let calls: OpenCalls
  let questions: OpenQuestions
  let options: ServerOptions
  /// The member of `_meta` that tells modern clients who answers.
  let identity: [UInt8]

  init(outbox: Outbox, info: ServerInfo, options: ServerOptions) {
    self.outbox = outbox
    self.options = options
    calls = OpenCalls(limit: options.openCallLimit, deadline: options.callDeadline, overdueText: options.overdueText)
    questions = OpenQuestions(
      outbox: outbox, limit: options.openQuestionLimit, patience: options.questionPatience)
    var writer = JSONWriter(sanitizing: true)
    writer.key("io.modelcontextprotocol/serverInfo")
    writer.value(info.description(in: .july2026))
    identity = writer.finish()
  }
}

/// Answers one request, in the form of its revision.
struct Responder: Sendable {
  let id: RequestID
  let revision: Revision
  /// The array that the request came in.
  let batch: BatchReply?
  let wire: Wire

  /// Answers with a result that has the members that the body writes, and further facts in `_meta`.
  func result(
    type: StaticString = "complete", meta: [(key: String, value: JSONValue)] = [],
    _ members: (inout JSONWriter) -> Void = { _ in }
  ) {
    send { writer in
      writer.raw("{\"jsonrpc\":\"2.0\",\"id\":")
      id.write(to: &writer)
      writer.append(",\"result\":{")
      if revision.isModern {
        writer.append("\"resultType\":\"")
        writer.append(type)
        writer.append("\"")
      }
      members(&writer)
      writeMeta(meta, to: &writer)
      writer.append("}}")
    }
  }

  /// Answers that the request is to be made again, with the answer to a question (2026-07-28, MRTR).
  func inputRequired(_ question: Question, state: String) {
    send { writer in
      writer.raw("{\"jsonrpc\":\"2.0\",\"id\":")
      id.write(to: &writer)
      writer.append(",\"result\":{\"resultType\":\"input_required\",\"inputRequests\":")
      writer.beginObject()
      writer.key(question.key)
      writer.append("{")
      question.write(to: &writer, revision: revision)
      writer.append("}")
      writer.endObject()
      writer.key("requestState")
      writer.string(state)
      writeMeta([], to: &writer)
      writer.append("}}")
    }
  }

  /// Answers with an error.
  func reject(_ error: RPCError) {
    send { writer in
      writer.raw("{\"jsonrpc\":\"2.0\",\"id\":")
      id.write(to: &writer)
      writer.key("error")
      error.permitted(in: revision).write(to: &writer)
      writer.endObject()
    }
  }

  /// Gives no answer at all, because the client has taken back its request.
  func keepSilent() { batch?.skip() }

  private func send(_ message: (inout JSONWriter) -> Void) {
    if let batch { batch.add(message) } else { wire.outbox.append(message) }
  }

  private func writeMeta(_ meta: [(key: String, value: JSONValue)], to writer: inout JSONWriter) {
    guard revision.isModern || !meta.isEmpty else { return }
    writer.key("_meta")
    writer.beginObject()
    if revision.isModern { writer.append(wire.identity) }
    for member in meta where MetaKey.isOurs(member.key) {
      writer.key(member.key)
      writer.value(member.value)
    }
    writer.endObject()
  }
}

/// Names in `_meta` (2026-07-28, basic).
enum MetaKey {
  /// Whether the name has a prefix of at least two labels, `ai.example/name`, that the protocol has not reserved.
  static func isOurs(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].isEmpty else { return false }
    let labels = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }) else { return false }
    return !labels[1].elementsEqual("mcp".utf8) && !labels[1].elementsEqual("modelcontextprotocol".utf8)
  }
}
