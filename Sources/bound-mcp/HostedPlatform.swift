internal import HTTP
internal import JSON
internal import Logging
internal import Operations
internal import Platform
internal import RemoteAPI
internal import Service
internal import Settings

/// Serves one platform from the workspace, and refuses what would join it with a hosted one.
struct HostedPlatform: Backend {
  /// Serves what concerns one platform.
  let local: any Backend
  /// Why the call can't be answered, and what to do.
  private let refusal: ServiceError

  /// Who serves which platform: the workspace, or the platform's hosted API.
  static func backends(
    _ configuration: Configuration, local: any Backend, http: any HTTPClient, clock: any Clock, log: Log
  ) -> (pathbound: any Backend, owlbound: any Backend) {
    func serve(_ place: Configuration.Place, _ api: HostedAPI) -> any Backend {
      guard case .remote(let reason) = place else { return local }
      log.info("\(api.title) is served by its hosted API: \(reason)")
      return RemoteAPI(api, client: http, clock: clock, log: log)
    }
    let hosted = configuration.hosted
    let owlbound = serve(configuration.owlbound, .owlbound(key: hosted.owlboundKey, baseURL: hosted.owlboundURL))
    let pathbound = serve(configuration.pathbound, .pathbound(key: hosted.pathboundKey, baseURL: hosted.pathboundURL))
    let isMixed = configuration.pathbound == .local && configuration.owlbound != .local
    return (isMixed ? HostedPlatform(local: local) : pathbound, owlbound)
  }

  private init(local: any Backend) {
    self.local = local
    refusal = ServiceError(
      .unavailable,
      "This joins both platforms, and works only where both are local. Ask each by its own tools, or start with "
        + "--owlbound local.")
  }

  private func backend(for call: Call) throws(ServiceError) -> any Backend {
    guard call.operation.platform != .bound else { throw refusal }
    return local
  }

  func isQuick(_ call: Call) -> Bool { (try? backend(for: call).isQuick(call)) ?? true }

  func endOfBatch() { local.endOfBatch() }

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

  func afterWrites(_ body: @escaping @Sendable () -> Void) { local.afterWrites(body) }

  var hasOpenWrites: Bool { local.hasOpenWrites }
}
