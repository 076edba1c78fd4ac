internal import JSON
internal import JSONRPC
internal import Synchronization

extension Method {
  /// Opens a stream of notifications (2026-07-28, basic/patterns/subscriptions).
  ///
  /// Lists never change here, so that only resources are acknowledged; a stream without any stays open and costs
  /// nothing.
  static let listen = Method(name: "subscriptions/listen", eras: .modern, capability: .watching) {
    session, call throws(RPCError) in
    guard case .object(let filter)? = call.params["notifications"] else {
      throw .invalidParameters("\"notifications\" must be an object that says what to listen to.")
    }
    try checkTasks(filter, call.caller)
    let id = call.responder.id
    let wanted = try resources(in: filter)
    guard !wanted.isEmpty, let host = session.offers.resources, host.canWatch else {
      _ = try session.subscriptions.add(id, [])
      return session.subscriptions.acknowledge(id, [])
    }
    let stream = try session.subscriptions.add(id, wanted)
    let start = StreamStart(id, stream, session.subscriptions)
    for (position, subscription) in stream.enumerated() {
      let request = ResourceRequest(uri: subscription.uri, caller: call.caller)
      host.watch(request, onChange: { subscription.changed() }) { result in
        if case .success(let watch) = result { subscription.take(watch) }
        start.settle(position, isWatched: (try? result.get()) != nil)
      }
    }
  }

  /// Whoever asks for tasks must know them (tasks extension).
  private static func checkTasks(_ filter: JSONObject, _ caller: Caller) throws(RPCError) {
    guard filter.contains("taskIds"),
      !ClientCapabilities(caller.capabilities, revision: caller.revision).knowsTasks
    else { return }
    throw TaskSnapshot.missingExtension
  }

  /// Each URI once; what can't be one is left out, as is what can't be watched.
  private static func resources(in filter: JSONObject) throws(RPCError) -> [String] {
    guard let value = filter["resourceSubscriptions"] else { return [] }
    var uris: [String] = []
    for item in value.arrayValue ?? [.null] {
      guard case .string(let uri) = item else {
        throw .invalidParameters("\"resourceSubscriptions\" must be an array of URIs.")
      }
      guard ResourceRequest.isPlausible(uri), !uris.contains(uri) else { continue }
      uris.append(uri)
      guard uris.count <= Subscriptions.resourceLimit else {
        throw .invalidParameters("At most \(Subscriptions.resourceLimit) resources can be listened to in one stream.")
      }
    }
    return uris
  }
}

/// Waits until each resource of a new stream is watched or refused, then acknowledges the stream.
private final class StreamStart: Sendable {
  private let id: RequestID
  private let stream: [Subscription]
  private let subscriptions: Subscriptions
  private let outcomes: Mutex<(isWatched: [Bool], open: Int)>

  init(_ id: RequestID, _ stream: [Subscription], _ subscriptions: Subscriptions) {
    self.id = id
    self.stream = stream
    self.subscriptions = subscriptions
    outcomes = Mutex((Array(repeating: false, count: stream.count), stream.count))
  }

  func settle(_ position: Int, isWatched: Bool) {
    let all = outcomes.withLock { outcomes -> [Bool]? in
      outcomes.isWatched[position] = isWatched
      outcomes.open -= 1
      return outcomes.open == 0 ? outcomes.isWatched : nil
    }
    guard let all else { return }
    subscriptions.acknowledge(id, zip(stream, all).filter(\.1).map(\.0))
  }
}
