internal import HTTP
internal import JSON
internal import Operations
internal import Platform
internal import RemoteAPI
internal import Settings

/// `doctor`: looks at everything that must be right, and says what to do about what is not.
struct DoctorCommand {
  let configuration: Configuration
  let invocation: Invocation

  /// Prints the findings; status 1 when one of them keeps something from working.
  func run() -> Int32 {
    let findings = Self.perform(checks)
    let problems = findings.count { $0.level == .problem }
    let warnings = findings.count { $0.level == .warning }
    if invocation.has(.json) {
      let report: JSONValue = [
        "version": .string(Version.current), "ok": .bool(problems == 0), "problems": .integer(Int64(problems)),
        "warnings": .integer(Int64(warnings)), "findings": .array(findings.map(\.json)),
      ]
      Console.output.line(report.text)
    } else {
      for finding in findings { Self.show(finding) }
      Console.output.line("\n\(Self.count(problems, "problem")), \(Self.count(warnings, "warning"))")
    }
    return problems == 0 ? Program.Status.success : Program.Status.failure
  }

  /// Everything that is looked at, in the order in which it is told.
  private var checks: [any Check] {
    let client = CurlClient(userAgent: "bound-mcp/\(Version.current)")
    let hosted = configuration.hosted
    let services = configuration.services
    let needsRequests =
      configuration.pathbound != .local || configuration.owlbound != .local || !configuration.enrichment.isEmpty
      || configuration.models.anthropicKey != nil || configuration.models.openAIKey != nil
      || services.slackToken != nil || services.slackWebhook != nil || services.resendKey != nil
      || services.hubSpotToken != nil
    return [
      ProgramCheck(client: client, needsRequests: needsRequests), WorkspaceCheck(path: configuration.databasePath),
      PlatformCheck(
        platform: .pathbound, place: configuration.pathbound,
        api: .pathbound(key: hosted.pathboundKey, baseURL: hosted.pathboundURL), hasKey: hosted.pathboundKey != nil,
        client: client),
      PlatformCheck(
        platform: .owlbound, place: configuration.owlbound,
        api: .owlbound(key: hosted.owlboundKey, baseURL: hosted.owlboundURL), hasKey: hosted.owlboundKey != nil,
        client: client),
      ServicesCheck(configuration: configuration), ServerCheck(arguments: invocation.values.arguments), ClientsCheck(),
    ]
  }

  /// All at once; the findings come in the order of the checks.
  private static func perform(_ checks: [any Check]) -> [Finding] {
    let results = Monitor([[Finding]?](repeating: nil, count: checks.count))
    for (position, check) in checks.enumerated() {
      Thread.start("check") {
        let findings = check.findings()
        results.withLock { $0[position] = findings }
        results.notify()
      }
    }
    return results.wait { results in results.contains { $0 == nil } ? nil : results.flatMap { $0 ?? [] } } ?? []
  }

  private static func show(_ finding: Finding) {
    let style: Console.Style =
      switch finding.level {
      case .ok: .green
      case .note: .dim
      case .warning: .cyan
      case .problem: .red
      }
    let level = finding.level.rawValue + String(repeating: " ", count: 8 - finding.level.rawValue.count)
    Console.output.line("\(Console.output.styled(level, style)) \(finding.subject): \(finding.message)")
    if let advice = finding.advice { Console.output.line("         \(Console.output.styled("→", .dim)) \(advice)") }
  }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
