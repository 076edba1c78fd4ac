internal import HTTP
internal import Operations
internal import Platform
internal import RemoteAPI
internal import Service
internal import Settings

/// A platform's hosted API: whether it is reached, and what the key may do there.
struct PlatformCheck: Check {
  let platform: Operations.Platform
  let place: Configuration.Place
  let api: HostedAPI
  let hasKey: Bool
  let client: any HTTPClient

  /// In milliseconds: more makes signatures of proxies fail, and times in lists look wrong.
  private static let clockTolerance: Int64 = 30_000

  func findings() -> [Finding] {
    guard case .remote(let reason) = place else {
      return [
        Finding(
          api.title, hasKey ? .note : .ok, "served by the local workspace",
          advice: hasKey ? "\(api.keyVariable) is set, but something says local: leave that out to use the key." : nil)
      ]
    }
    guard hasKey else {
      return [
        Finding(
          api.title, .problem, "It is set to its hosted API (\(reason)), but there is no key.",
          advice: "Set \(api.keyVariable) (keys are made in \(api.title)'s dashboard), or leave that setting out.")
      ]
    }
    return proxy + reach
  }

  private var proxy: [Finding] {
    for variable in ["https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
      guard let value = Environment.variable(variable), !value.isEmpty else { continue }
      let address = value.split(separator: "@").last.map(String.init) ?? ""
      return [Finding(api.title, .note, "Requests go through the proxy \(address), which \(variable) names.")]
    }
    return []
  }

  private var reach: [Finding] {
    let probe = PlatformProbe(api, client: client, clock: SystemClock())
    let echo: PlatformProbe.Echo
    do throws(HTTPError) {
      echo = try probe.health()
    } catch {
      return [unreachable(error)]
    }
    guard (200...299).contains(echo.status), echo.isGenuine else {
      return [
        Finding(
          api.title, .problem, "\(api.baseURL) answers, but not as \(api.title) does (status \(echo.status)).",
          advice: "Check the base URL; a proxy or a sign-in page may be in between. The platform may also be down.")
      ]
    }
    var findings = [Finding(api.title, .ok, "\(api.baseURL) answers in \(echo.milliseconds) ms")]
    if let offset = echo.clockOffset, abs(offset) > Self.clockTolerance {
      findings.append(
        Finding(
          "clock", .warning,
          "This computer's clock is \(abs(offset) / 1000) s \(offset < 0 ? "ahead of" : "behind") \(api.title)'s.",
          advice: "Let the system set it from the network; schedules and rate limits go by it."))
    }
    return findings + access(probe)
  }

  private func unreachable(_ error: HTTPError) -> Finding {
    let advice =
      switch error.kind {
      case .untrusted:
        "If a company network stands in between, name its certificates in SSL_CERT_FILE; else don't go on: somebody "
          + "may be listening."
      case .helperMissing, .helperEnded: "See bound-mcp-http above."
      case .timedOut: "Check the network, and HTTPS_PROXY where one is needed."
      default: "Check the network and \(api.baseURL), and HTTPS_PROXY where one is needed."
      }
    return Finding(api.title, .problem, "\(api.baseURL) can't be asked: \(error.message).", advice: advice)
  }
}

// MARK: - The key

extension PlatformCheck {
  private var keySubject: String { "\(api.title) key" }

  private func access(_ probe: PlatformProbe) -> [Finding] {
    if api.isPublishable {
      return [
        Finding(
          keySubject, .warning, "It is publishable (gtm_pk_…): it can only ingest signals.",
          advice: "For everything else make a secret key (gtm_sk_…) in the dashboard.")
      ]
    }
    do throws(ServiceError) {
      let grant = try probe.grant()
      return [owner(of: grant)] + scopes(of: grant) + limits(of: grant)
    } catch {
      return [refused(error)]
    }
  }

  private func owner(of grant: PlatformProbe.Grant) -> Finding {
    let owner = grant.owner.map { " and belongs to \($0)" } ?? ""
    let plan = grant.plan.map { ", plan \($0)" } ?? ""
    return Finding(keySubject, .ok, "It is accepted\(owner)\(plan)")
  }

  private func refused(_ error: ServiceError) -> Finding {
    switch error.code {
    case .insufficientScope:
      Finding(
        keySubject, .warning, error.message,
        advice: "It may work for what it is allowed; what that is can't be asked without this scope.")
    case .rateLimited:
      Finding(keySubject, .warning, error.message, advice: "Wait until then, or ask less often.")
    case .missingKey, .invalidKey, .expiredKey, .revokedKey:
      Finding(
        keySubject, .problem, error.message,
        advice: "Make a new key in the dashboard and put it into \(api.keyVariable), without blanks or quotes.")
    default:
      Finding(
        keySubject, .problem, error.message, advice: "Try again later; if it stays, ask \(api.title)'s support.")
    }
  }

  /// Scopes that tools need and the key lacks.
  private func scopes(of grant: PlatformProbe.Grant) -> [Finding] {
    let subject = "\(api.title) scopes"
    guard let granted = grant.scopes else {
      return [Finding(subject, .ok, "nothing is restricted, or the API does not say; a refused call names its scope")]
    }
    var missing: [Scope] = []
    var tools = 0
    for operation in Catalogue.all where operation.platform == platform && operation.route != nil {
      guard let scope = operation.scope, !granted.contains(scope.rawValue) else { continue }
      tools += 1
      if !missing.contains(scope) { missing.append(scope) }
    }
    guard !missing.isEmpty else {
      return [Finding(subject, .ok, "all that the tools need are granted (\(granted.count))")]
    }
    return [
      Finding(
        subject, .warning,
        "\(missing.map(\.rawValue).joined(separator: ", ")) \(missing.count == 1 ? "is" : "are") not granted: "
          + "\(tools) tools will be refused.",
        advice:
          "Grant them to the key in the dashboard, or start with --scopes so that clients are not shown those tools.")
    ]
  }

  private func limits(of grant: PlatformProbe.Grant) -> [Finding] {
    let subject = "\(api.title) limits"
    var words = grant.limits.isEmpty ? [] : ["calls: \(grant.limits.joined(separator: ", "))"]
    if let left = grant.callsLeft { words.append("\(left) left in the present window") }
    guard !words.isEmpty else { return [] }
    guard grant.callsLeft != 0 else {
      return [
        Finding(
          subject, .warning, words.joined(separator: "; "), advice: "Calls wait or are refused until the window ends.")
      ]
    }
    return [Finding(subject, .ok, words.joined(separator: "; "))]
  }
}
