public import JSON
internal import JSONRPC
public import Platform

/// Calls tools of another MCP server, over its standard streams, in the era that the server speaks.
///
/// It asks `server/discover` first, as 2026-07-28 has it; whoever does not know that gets the handshake.
public final class ToolClient: Sendable {
  /// The limits of a conversation, in milliseconds.
  public struct Limits: Sendable {
    /// For the answer to the first question, before the handshake is tried.
    public var probe: UInt64 = 10_000
    /// For the answer to the handshake.
    public var handshake: UInt64 = 30_000
    /// For a tool, counted anew with each progress that it reports.
    public var call: UInt64 = 120_000
    /// For a tool, whatever it reports.
    public var longestCall: UInt64 = 600_000

    /// The usual ones.
    public init() {}
  }

  /// The revision that both speak.
  public let revision: Revision
  private let wire: ClientWire
  private let client: JSONValue
  private let limits: Limits

  /// Opens a conversation.
  ///
  /// - Parameters:
  ///   - input: the server's standard input.
  ///   - output: its standard output.
  ///   - name: how we introduce ourselves.
  ///   - asksFirst: whether to begin with `server/discover`; some servers end when they get what they don't know.
  public init(
    input: Descriptor, output: Descriptor, name: String, version: String, limits: Limits = Limits(),
    asksFirst: Bool = true, cancellation: Cancellation? = nil
  ) throws(ToolClientError) {
    wire = ClientWire(input: input, output: output)
    self.limits = limits
    client = ["name": .string(name), "version": .string(version)]
    let opening = Opening(wire: wire, client: client, limits: limits, cancellation: cancellation)
    do {
      revision = asksFirst ? try opening.probe() : try opening.shakeHands()
    } catch {
      wire.closeInput()
      throw error
    }
  }

  /// Calls a tool: its result object as the server sent it, also one with `isError`.
  public func call(
    _ tool: String, _ arguments: JSONObject, cancellation: Cancellation? = nil
  ) throws(ToolClientError) -> JSONObject {
    let deadline = Deadline.after(milliseconds: limits.call)
    let registration = cancellation?.onCancel { [wire] in wire.wake() }
    defer { if let registration { cancellation?.remove(registration) } }
    if cancellation?.isCancelled == true { throw ToolClientError(.cancelled, "was not asked: it was cancelled") }
    let id = wire.send(
      "tools/call",
      { id in
        var meta = revision.isModern ? Envelope.members(client) : [:]
        meta["progressToken"] = .integer(id)
        return ["name": .string(tool), "arguments": .object(arguments), "_meta": .object(meta)]
      }, until: deadline)
    // A part of the line may have arrived.
    guard let id else { throw ToolClientError(.ended, "takes no requests any more", mayHaveRun: true) }
    let last = Deadline.after(milliseconds: max(limits.longestCall, limits.call))
    let ending = wire.answer(to: id, within: limits.call, until: last) { cancellation?.isCancelled == true }
    switch ending {
    case .result(let result)?: return try Self.finished(result)
    case .error(let error)?: throw Self.refusal(error)
    case .closed(let reason)?: throw ToolClientError(.ended, "\(reason) before the answer", mayHaveRun: true)
    case nil:
      let isCancelled = cancellation?.isCancelled == true
      wire.notify(
        "notifications/cancelled",
        ["requestId": .integer(id), "reason": .string(isCancelled ? "cancelled" : "time limit")])
      throw isCancelled
        ? ToolClientError(.cancelled, "was cancelled while it worked", mayHaveRun: true)
        : ToolClientError(
          .timedOut,
          last.hasPassed
            ? "reported progress, but gave no answer within \(limits.longestCall / 1000) seconds"
            : "gave no answer within \(limits.call / 1000) seconds", mayHaveRun: true)
    }
  }

  /// Tells the server that nothing more will come; it should end by itself then.
  public func close() { wire.closeInput() }

  private static func finished(_ result: JSONValue) throws(ToolClientError) -> JSONObject {
    guard let members = result.objectValue else {
      throw ToolClientError(.incompatible, "answered with a result that is no object", mayHaveRun: true)
    }
    switch members["resultType"]?.stringValue ?? "complete" {
    case "complete": return members
    case "input_required":
      throw ToolClientError(.wantsMore, "wants to ask a person, and this call runs unattended")
    case let other:
      throw ToolClientError(
        .wantsMore, "answered with a result of type \(other.prefix(40)), which was not asked for", mayHaveRun: true)
    }
  }

  private static func refusal(_ error: JSONValue) -> ToolClientError {
    let code = error["code"]?.integerValue ?? 0
    let words = error["message"]?.stringValue ?? "no reason given"
    let nothingRan: [RPCError.Code] = [.parseError, .invalidRequest, .methodNotFound, .invalidParameters]
    return ToolClientError(
      .refused, "answered with error \(code): \(words)", mayHaveRun: !nothingRan.contains(RPCError.Code(code)))
  }
}

/// The members of a request's `_meta` from 2026-07-28 on.
private enum Envelope {
  static func members(_ client: JSONValue) -> JSONObject {
    let prefix = "io.modelcontextprotocol/"
    return [
      prefix + "protocolVersion": .string(Revision.july2026.name), prefix + "clientInfo": client,
      prefix + "clientCapabilities": [:],
    ]
  }
}

/// How both find the revision that they speak.
private struct Opening {
  let wire: ClientWire
  let client: JSONValue
  let limits: ToolClient.Limits
  let cancellation: Cancellation?

  func probe() throws(ToolClientError) -> Revision {
    let ending = try ask(
      "server/discover", ["_meta": .object(Envelope.members(client))], within: limits.probe)
    switch ending {
    case .closed(let reason)?: throw ToolClientError(.ended, "\(reason) at the first question")
    case .result(let result)?:
      guard let versions = versions(result["supportedVersions"]) else { break }
      if versions.contains(Revision.july2026.name) { return .july2026 }
      try requireLegacy(versions)
    case .error(let error)? where error["code"]?.integerValue == -32022:
      try requireLegacy(versions(error["data"]?["supported"]) ?? [])
    // Any other error, or none at all: it does not know the question.
    case .error?, nil: break
    }
    return try shakeHands()
  }

  private func versions(_ value: JSONValue?) -> [String]? { value?.arrayValue?.compactMap(\.stringValue) }

  private func requireLegacy(_ versions: [String]) throws(ToolClientError) {
    guard !versions.contains(where: { Revision(name: $0).map { !$0.isModern } ?? false }) else { return }
    let named = versions.prefix(5).map { $0.prefix(20) }.joined(separator: ", ")
    throw ToolClientError(.incompatible, "speaks only revisions that are unknown here: \(named)")
  }

  func shakeHands() throws(ToolClientError) -> Revision {
    let ending = try ask(
      "initialize",
      [
        "protocolVersion": .string(Revision.newestLegacy.name), "capabilities": [:], "clientInfo": client,
      ], within: limits.handshake)
    switch ending {
    case .result(let result)?:
      let name = result["protocolVersion"]?.stringValue ?? ""
      guard let revision = Revision(name: name), !revision.isModern else {
        throw ToolClientError(
          .incompatible, "chose the revision \"\(name.prefix(20))\" in the handshake, which is unknown here")
      }
      wire.notify("notifications/initialized")
      return revision
    case .error(let error)?:
      throw ToolClientError(
        .incompatible, "refused the handshake: \(error["message"]?.stringValue?.prefix(200) ?? "no reason given")")
    case .closed(let reason)?: throw ToolClientError(.ended, "\(reason) during the handshake")
    case nil:
      throw ToolClientError(.timedOut, "did not answer the handshake within \(limits.handshake / 1000) seconds")
    }
  }

  private func ask(
    _ method: String, _ params: JSONObject, within milliseconds: UInt64
  ) throws(ToolClientError) -> ClientWire.Ending? {
    let deadline = Deadline.after(milliseconds: milliseconds)
    let registration = cancellation?.onCancel { wire.wake() }
    defer { if let registration { cancellation?.remove(registration) } }
    guard let id = wire.send(method, { _ in params }, until: deadline) else {
      return wire.answer(to: 0, until: deadline)
    }
    let ending = wire.answer(to: id, until: deadline) { cancellation?.isCancelled == true }
    if ending == nil, cancellation?.isCancelled == true {
      throw ToolClientError(.cancelled, "was not asked: it was cancelled")
    }
    return ending
  }
}
