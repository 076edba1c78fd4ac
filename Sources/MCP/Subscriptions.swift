internal import JSON
internal import JSONRPC
internal import Synchronization

/// What the client wants to be told of: single resources of the handshake session, and the streams of modern requests.
final class Subscriptions: Sendable {
  /// So many streams may be open.
  static let streamLimit = 32
  /// So many resources may be watched for one stream, and for the handshake session.
  static let resourceLimit = 256

  private let wire: Wire
  private let state = Mutex(State())

  private struct State {
    var isInitialized = false
    var session: [String: Subscription] = [:]
    var streams: [RequestID: [Subscription]] = [:]
  }

  init(wire: Wire) { self.wire = wire }
}

// The handshake session (up to 2025-11-25, server/resources).
extension Subscriptions {
  /// Notes that the client wants to hear of a resource; nil when it does already, or wants to hear of too many.
  func subscribe(to uri: String) throws(RPCError) -> Subscription? {
    try state.withLock { state throws(RPCError) in
      if state.session[uri] != nil { return nil }
      guard state.session.count < Self.resourceLimit else {
        throw RPCError(.internalError, "More than \(Self.resourceLimit) resources can't be subscribed to.")
      }
      let subscription = Subscription(uri, outbox: wire.outbox) { uri, outbox in
        outbox.append { $0.resourceUpdated(uri, stream: nil) }
      }
      state.session[uri] = subscription
      return subscription
    }
  }

  /// The client hears of the resource from now on, as soon as it may be told anything.
  func begin(_ subscription: Subscription) {
    if state.withLock(\.isInitialized) { subscription.open() }
  }

  /// Forgets a resource.
  func unsubscribe(from uri: String) {
    state.withLock { $0.session.removeValue(forKey: uri) }?.end()
  }

  /// The client has got to know us: it may be told things.
  func clientIsReady() {
    let waiting = state.withLock { state in
      state.isInitialized = true
      return Array(state.session.values)
    }
    for subscription in waiting { subscription.open() }
  }
}

// Streams (2026-07-28, basic/patterns/subscriptions).
extension Subscriptions {
  /// Whether a stream has that id.
  func contains(_ id: RequestID) -> Bool { state.withLock { $0.streams[id] != nil } }

  /// Notes a stream with the resources that its client asks for.
  func add(_ id: RequestID, _ uris: [String]) throws(RPCError) -> [Subscription] {
    let subscriptions = uris.map { uri in
      Subscription(uri, outbox: wire.outbox) { uri, outbox in
        outbox.append { $0.resourceUpdated(uri, stream: id) }
      }
    }
    try state.withLock { state throws(RPCError) in
      guard state.streams.count < Self.streamLimit else {
        throw RPCError(.internalError, "More than \(Self.streamLimit) streams can't be open.")
      }
      state.streams[id] = subscriptions
    }
    return subscriptions
  }

  /// Sends the stream's first message and what has changed since it was asked for; nothing when it has been cancelled.
  func acknowledge(_ id: RequestID, _ watched: [Subscription]) {
    let isOpen = state.withLock { state in
      guard state.streams[id] != nil else { return false }
      wire.outbox.append { writer in
        writer.raw("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{")
        writer.subscriptionMeta(id)
        writer.key("notifications")
        writer.beginObject()
        if !watched.isEmpty {
          writer.key("resourceSubscriptions")
          writer.beginArray()
          for subscription in watched { writer.string(subscription.uri) }
          writer.endArray()
        }
        writer.append("}}}")
      }
      return true
    }
    for subscription in watched { isOpen ? subscription.open() : subscription.end() }
  }

  /// Ends the stream of that id without a word, as its client wishes; false when there is none.
  @discardableResult
  func cancel(_ id: RequestID) -> Bool {
    guard let stream = state.withLock({ $0.streams.removeValue(forKey: id) }) else { return false }
    for subscription in stream { subscription.end() }
    return true
  }

  /// Ends everything: with an answer for each stream when it is we who end, without when the client is gone.
  func endAll(telling: Bool) {
    let (streams, session) = state.withLock { state in
      defer { (state.streams, state.session) = ([:], [:]) }
      return (state.streams, state.session)
    }
    for subscription in session.values { subscription.end() }
    for (id, subscriptions) in streams {
      for subscription in subscriptions { subscription.end() }
      if telling { sayGoodbye(to: id) }
    }
  }

  /// The result first: the reverse order makes the official Python client report a lost stream.
  private func sayGoodbye(to id: RequestID) {
    wire.outbox.append { writer in
      writer.raw("{\"jsonrpc\":\"2.0\",\"id\":")
      id.write(to: &writer)
      writer.append(",\"result\":{\"resultType\":\"complete\",")
      writer.subscriptionMeta(id, identity: wire.identity)
      writer.append("}}")
    }
    wire.outbox.append { writer in
      writer.raw("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":")
      id.write(to: &writer)
      writer.append("}}")
    }
  }
}

extension JSONWriter {
  /// Writes that a resource has changed.
  fileprivate mutating func resourceUpdated(_ uri: String, stream: RequestID?) {
    raw("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{")
    if let stream { subscriptionMeta(stream) }
    key("uri")
    string(uri)
    append("}}")
  }

  /// Writes the member `_meta` that tells to which stream a message belongs.
  fileprivate mutating func subscriptionMeta(_ id: RequestID, identity: [UInt8] = []) {
    key("_meta")
    beginObject()
    append(identity)
    key("io.modelcontextprotocol/subscriptionId")
    id.write(to: &self)
    endObject()
  }
}
