import Foundation
public import JSON
import Platform

/// What came to a ``LoopbackServer``.
public struct LoopbackRequest: Sendable {
  /// As `POST`.
  public let method: String
  /// Path and query, as they came.
  public let target: String
  /// The header fields in their order.
  public let headers: [(name: String, value: String)]
  /// The body.
  public let body: [UInt8]
  /// Which connection it came on, counted from 1.
  public let connection: Int

  /// The first field of that name, whatever its case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The body as JSON; null when it is none.
  public var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
}

/// What a ``LoopbackServer`` does with a request.
public enum LoopbackReply: Sendable {
  /// Answers; the length is added.
  case response(status: Int, headers: [String: String] = [:], body: [UInt8] = [])
  /// Closes the connection without a word.
  case cut
  /// Sends these bytes and closes the connection.
  case raw(String)
  /// Says nothing until the server stops.
  case silence

  /// Answers with JSON.
  public static func json(_ value: JSONValue, status: Int = 200, headers: [String: String] = [:]) -> LoopbackReply {
    let fields = headers.merging(["Content-Type": "application/json"]) { given, _ in given }
    return .response(status: status, headers: fields, body: value.serialized())
  }
}

/// An HTTP server on 127.0.0.1 that records what it gets and answers as a test says.
///
/// It speaks HTTP/1.1 with kept connections, a thread for each.
public final class LoopbackServer: Sendable {
  private struct State {
    var requests: [LoopbackRequest] = []
    var connections: [Int32] = []
    var isStopped = false
  }

  /// Where it listens.
  public let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (LoopbackRequest) -> LoopbackReply
  private let state = Monitor(State())

  /// Listens, and answers each request as the body says.
  public init(_ answer: @escaping @Sendable (LoopbackRequest) -> LoopbackReply) {
    signal(SIGPIPE, SIG_IGN)
    self.answer = answer
    (listener, port) = Self.listen()
    let (listener, state) = (listener, state)
    Platform.Thread.start("loopback") { Self.accept(listener, state, answer) }
  }

  /// Gives these answers, one after the other; then 500.
  public convenience init(script: [LoopbackReply]) {
    let rest = Monitor(script)
    self.init { _ in
      rest.withLock { rest in
        rest.isEmpty ? .response(status: 500, body: Array("the script is over".utf8)) : rest.removeFirst()
      }
    }
  }

  deinit { stop() }

  /// As `http://127.0.0.1:1234`.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// What came so far.
  public var requests: [LoopbackRequest] { state.withLock(\.requests) }

  /// How many connections were opened so far.
  public var connectionCount: Int { state.withLock(\.connections.count) }

  /// Waits until that many requests have come; false when they don't in time.
  public func waitForRequests(_ count: Int, within milliseconds: UInt64 = 10_000) -> Bool {
    state.wait(until: .after(milliseconds: milliseconds)) { $0.requests.count >= count ? true : nil } ?? false
  }

  /// Closes everything.
  public func stop() {
    let connections = state.withLock { state -> [Int32]? in
      guard !state.isStopped else { return nil }
      state.isStopped = true
      return state.connections
    }
    guard let connections else { return }
    for connection in connections + [listener] { shutdown(connection, Int32(SHUT_RDWR)) }
    state.notify()
  }

  /// A port of 127.0.0.1 at which nobody listens.
  public static func deafPort() -> UInt16 {
    let (socket, port) = listen()
    close(socket)
    return port
  }

  private static func listen() -> (socket: Int32, port: UInt16) {
    #if canImport(Glibc)
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    #else
      let listener = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        precondition(bind(listener, pointer, length) == 0 && Foundation.listen(listener, 128) == 0)
        getsockname(listener, pointer, &length)
      }
    }
    return (listener, UInt16(bigEndian: address.sin_port))
  }

  private static func accept(
    _ listener: Int32, _ state: Monitor<State>, _ answer: @escaping @Sendable (LoopbackRequest) -> LoopbackReply
  ) {
    while true {
      let socket = Foundation.accept(listener, nil, nil)
      guard socket >= 0 else { break }
      // Programs that a test starts must not keep it open.
      _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
      let number = state.withLock { state -> Int? in
        guard !state.isStopped else { return nil }
        state.connections.append(socket)
        return state.connections.count
      }
      guard let number else { break }
      Platform.Thread.start("loopback") {
        LoopbackConnection(socket: socket, number: number).serve { request in
          state.withLock { $0.requests.append(request) }
          state.notify()
          let reply = answer(request)
          if case .silence = reply { _ = state.wait { $0.isStopped ? true : nil } }
          return reply
        }
        // Not closed but shut: the number stays ours until the server is gone, so that `stop()` meets no stranger.
        shutdown(socket, Int32(SHUT_RDWR))
      }
    }
    close(listener)
  }
}

/// One connection of the server.
private struct LoopbackConnection {
  let socket: Int32
  let number: Int

  func serve(_ answer: (LoopbackRequest) -> LoopbackReply) {
    var held: [UInt8] = []
    while let request = read(&held) {
      switch answer(request) {
      case .response(let status, let headers, let body):
        var text = "HTTP/1.1 \(status) Scripted\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if status != 204, status != 304 { text += "Content-Length: \(body.count)\r\n" }
        write(Array((text + "\r\n").utf8) + (request.method == "HEAD" ? [] : body))
      case .raw(let text):
        write(Array(text.utf8))
        return
      case .cut, .silence: return
      }
    }
  }

  private func write(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { try? Descriptor(rawValue: socket).writeAll($0) }
  }

  private func fill(_ held: inout [UInt8]) -> Bool {
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(socket, &part, part.count, 0)
    guard count > 0 else { return false }
    held += part[..<count]
    return true
  }

  private func read(_ held: inout [UInt8]) -> LoopbackRequest? {
    let mark = Array("\r\n\r\n".utf8)
    var end: Int?
    while true {
      end = held.indices.first { held[$0...].starts(with: mark) }
      if end != nil { break }
      if !fill(&held) { return nil }
    }
    guard let end else { return nil }
    let lines = String(decoding: held[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    held.removeFirst(end + 4)
    let start = lines[0].components(separatedBy: " ")
    guard start.count == 3 else { return nil }
    let headers = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (
        name: String(parts[0]), value: (parts.count > 1 ? String(parts[1]) : "").trimmingCharacters(in: .whitespaces)
      )
    }
    let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
    while held.count < length { if !fill(&held) { return nil } }
    defer { held.removeFirst(length) }
    return LoopbackRequest(
      method: start[0], target: start[1], headers: headers, body: Array(held[..<length]), connection: number)
  }
}
