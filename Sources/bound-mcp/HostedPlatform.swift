internal import JSON
internal import Logging
internal import Operations
internal import Service
internal import Settings

/// Stands where a hosted API would be asked: this version can't reach one, and says so instead of answering from the
/// local workspace.
struct HostedPlatform: Backend {
  /// Why the call can't be answered, and what to do.
  let refusal: ServiceError
  /// Serves what does not concern the hosted platform; nil when everything does.
  var others: (any Backend)?

  /// Who serves which platform: the workspace, or a refusal.
  ///
  /// What joins both is refused when either is hosted.
  static func backends(
    _ configuration: Configuration, local: any Backend, log: Log
  ) -> (pathbound: any Backend, owlbound: any Backend) {
    let pathbound = refusal("Pathbound", "--pathbound", configuration.pathbound, log)
    let owlbound = refusal("Owlbound", "--owlbound", configuration.owlbound, log)
    return (
      pathbound: pathbound.map { HostedPlatform(refusal: $0) }
        ?? owlbound.map { HostedPlatform(refusal: $0, others: local) } ?? local,
      owlbound: owlbound.map { HostedPlatform(refusal: $0) } ?? local
    )
  }

  private static func refusal(
    _ name: String, _ flag: String, _ place: Configuration.Place, _ log: Log
  ) -> ServiceError? {
    guard case .remote(let reason) = place else { return nil }
    let message =
      "\(name) is set to its hosted API (\(reason)), which this version of bound-mcp can't reach. "
      + "Start it with \(flag) local to work with the local workspace."
    log.warning(message)
    return ServiceError(.unavailable, message)
  }

  private func backend(for call: Call) throws(ServiceError) -> any Backend {
    guard let others, call.operation.platform != .bound else { throw refusal }
    return others
  }

  func isQuick(_ call: Call) -> Bool { (try? backend(for: call).isQuick(call)) ?? true }

  func endOfBatch() { others?.endOfBatch() }

  func readInBatch(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    try backend(for: call).readInBatch(call, into: &payload)
  }

  func read(_ call: Call, into payload: inout JSONWriter) throws(ServiceError) -> Receipt {
    try backend(for: call).read(call, into: &payload)
  }

  func write(_ call: Call, completion: @escaping @Sendable (Result<WriteOutcome, ServiceError>) -> Void) {
    do {
      try backend(for: call).write(call, completion: completion)
    } catch {
      completion(.failure(error))
    }
  }

  func afterWrites(_ body: @escaping @Sendable () -> Void) {
    if let others { others.afterWrites(body) } else { body() }
  }

  var hasOpenWrites: Bool { others?.hasOpenWrites ?? false }
}
