internal import CCurl
internal import HTTP
internal import JSON
internal import Platform
internal import Synchronization

/// All requests in flight, over the connections that libcurl keeps.
///
/// One thread reads requests, the other does all else; it sleeps in libcurl until a socket or the first thread wakes
/// it.
final class Transfers: @unchecked Sendable {
  // Unchecked: `running` and the handles are used by the thread of `run()` alone, but for `curl_multi_wakeup`, which
  // libcurl allows from any thread.
  private let multi: UnsafeMutableRawPointer?
  private let output: Descriptor
  private let orders = Mutex<[Order]>([])
  private var running: [Int64: Transfer] = [:]

  private enum Order: Sendable {
    case start(RequestHead, body: [UInt8])
    case cancel(Int64)
  }

  init(output: Descriptor) {
    curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    self.output = output
    multi = curl_multi_init()
    // Enough for everything that runs at once here, and no flood for any host.
    ccurl_set_multi_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16)
    ccurl_set_multi_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 128)
  }

  /// Tells which language this program speaks, and through which libcurl.
  func greet() {
    let features = ccurl_features()
    send(
      Frame(
        head: HelperFacts.greeting(
          libcurl: String(cString: ccurl_version()), hasHTTP2: features & Int32(CURL_VERSION_HTTP2) != 0)))
  }

  /// Reads requests until nobody is there to send any.
  func takeRequests(from input: Descriptor) {
    while let frame = Frame.read(from: input) {
      if let head = RequestHead(frame.head) {
        orders.withLock { $0.append(.start(head, body: frame.body)) }
      } else if let id = frame.head["cancel"]?.integerValue {
        orders.withLock { $0.append(.cancel(id)) }
      }
      curl_multi_wakeup(multi)
    }
  }

  /// Does the requests; returns when libcurl fails as a whole.
  func run() {
    while true {
      let taken = orders.withLock { orders in
        defer { orders = [] }
        return orders
      }
      for order in taken { follow(order) }
      var active: Int32 = 0
      guard curl_multi_perform(multi, &active) == CURLM_OK else { return }
      finishEnded()
      // libcurl wakes up sooner where a time limit of a request demands it.
      guard curl_multi_poll(multi, nil, 0, 60_000, nil) == CURLM_OK else { return }
    }
  }

  private func follow(_ order: Order) {
    switch order {
    case .start(let head, let body):
      let transfer = Transfer(head, body: body)
      guard let handle = transfer.handle, curl_multi_add_handle(multi, handle) == CURLM_OK else {
        return send(transfer.outcome(CURLE_FAILED_INIT))
      }
      running[head.id] = transfer
    case .cancel(let id):
      if let transfer = running.removeValue(forKey: id) { curl_multi_remove_handle(multi, transfer.handle) }
    }
  }

  private func finishEnded() {
    var result = CURLE_OK
    while let handle = ccurl_next_ended(multi, &result) {
      guard let transfer = Transfer.of(ccurl_context(handle)) else { continue }
      curl_multi_remove_handle(multi, handle)
      running[transfer.id] = nil
      send(transfer.outcome(result))
    }
  }

  private func send(_ frame: Frame) {
    do {
      try frame.write(to: output)
    } catch {
      Environment.exit(1)
    }
  }
}
