internal import Platform
internal import Synchronization

/// Ids of calls, `req_` and twenty characters: a running number under a key drawn at start.
///
/// They name a call in logs and to support; nothing is granted by knowing one.
final class RequestIDs: Sendable {
  private let key: SipHash
  private let counter = Atomic<UInt64>(0)

  init() {
    var random = SystemRandomNumberGenerator()
    key = SipHash(key: (random.next(), random.next()))
  }

  func next() -> String {
    let number = counter.add(1, ordering: .relaxed).newValue
    return "req_" + Base32.text(key(number, 0), digits: 13) + Base32.text(number, digits: 7)
  }
}
