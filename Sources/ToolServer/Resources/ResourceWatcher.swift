internal import JSON
internal import MCP
internal import Platform
internal import Service
internal import Synchronization

/// Sees whether what clients watch has changed: after each change of the data every watched resource is read once more
/// and compared.
///
/// The feed is watched only while a resource is.
final class ResourceWatcher: Sendable {
  private let reader: RecordReader
  private let changes: any ChangeFeed
  private let state = Mutex(State())

  private struct State {
    var watched: [Int: Watched] = [:]
    var next = 0
    var feed: (any ChangeWatch)?
  }

  private struct Watched {
    let call: Call
    let onChange: @Sendable () -> Void
    /// Of the last payload.
    var digest: Int
  }

  init(reader: RecordReader, changes: any ChangeFeed) {
    self.reader = reader
    self.changes = changes
  }

  /// Watches what a call reads; the first read passes all policies, so that nothing is watched that may not be read.
  func watch(
    _ call: Call, onChange: @escaping @Sendable () -> Void,
    completion: @escaping @Sendable (Result<any ResourceWatch, ResourceRefusal>) -> Void
  ) {
    reader.read(call) { [self] result in
      switch result {
      case .failure(let error): completion(.failure(ResourceRefusal(error)))
      case .success(let payload):
        let number = add(Watched(call: call, onChange: onChange, digest: Self.digest(.success(payload))))
        completion(.success(Watch(watcher: self, number: number)))
        // What has changed between the read and the watch.
        look(at: number)
      }
    }
  }

  private func add(_ watched: Watched) -> Int {
    state.withLock { state in
      state.next += 1
      state.watched[state.next] = watched
      if state.feed == nil { state.feed = changes.watch { [weak self] in self?.lookAtAll() } }
      return state.next
    }
  }

  private func remove(_ number: Int) {
    let feed = state.withLock { state in
      state.watched[number] = nil
      guard state.watched.isEmpty else { return (any ChangeWatch)?.none }
      defer { state.feed = nil }
      return state.feed
    }
    feed?.end()
  }

  private func lookAtAll() {
    for number in state.withLock({ state in state.watched.keys.sorted() }) { look(at: number) }
  }

  private func look(at number: Int) {
    guard let call = state.withLock({ $0.watched[number]?.call }) else { return }
    let digest = Self.digest(Result { () throws(ServiceError) in try reader.look(call) })
    let onChange = state.withLock { state -> (@Sendable () -> Void)? in
      guard let watched = state.watched[number], watched.digest != digest else { return nil }
      state.watched[number]?.digest = digest
      return watched.onChange
    }
    onChange?()
  }

  /// Tells payloads apart; that something is gone is a change too.
  private static func digest(_ result: Result<[UInt8], ServiceError>) -> Int {
    var hasher = Hasher()
    switch result {
    case .success(let payload): payload.withUnsafeBytes { hasher.combine(bytes: $0) }
    case .failure(let error): hasher.combine(error.code)
    }
    return hasher.finalize()
  }

  private struct Watch: ResourceWatch {
    let watcher: ResourceWatcher
    let number: Int

    func end() { watcher.remove(number) }
  }
}
