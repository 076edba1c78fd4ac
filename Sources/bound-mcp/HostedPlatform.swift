internal import HTTP
internal import Logging
internal import Platform
internal import RemoteAPI
internal import Service
internal import Settings

/// Who serves which platform: the workspace, or the platform's hosted API.
enum HostedPlatform {
  /// The two; what joins both is composed of calls to each unless the workspace knows both.
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
    let isLocal = configuration.pathbound == .local
    guard !isLocal || configuration.owlbound != .local else { return (local, local) }
    let joined = CompositeBackend(
      pathbound: pathbound, owlbound: owlbound, answersOwnComposites: isLocal, clock: clock)
    return (joined, owlbound)
  }
}
