internal import Operations
internal import Platform
internal import Settings

/// What actions use: programs that must be there, and services that must be set up.
struct ServicesCheck: Check {
  let configuration: Configuration

  func findings() -> [Finding] { mail + programs + services }

  private var mail: [Finding] {
    if let path = configuration.sendmailPath {
      guard Files.findProgram(path) == nil else { return [Finding("mail", .ok, "goes through \(path)")] }
      return [
        Finding(
          "mail", .problem, "\(path) is not there, or may not be run: no e-mail can be sent.",
          advice: "Set --sendmail or BOUND_MCP_SENDMAIL to a sendmail-compatible program, or leave it out.")
      ]
    }
    let outbox = configuration.outboxPath
    guard !Files.exists(outbox) || Files.mayWrite(outbox) else {
      return [
        Finding(
          "mail", .problem, "The outbox \(outbox) may not be written: no e-mail can be put there.",
          advice: "Choose another folder with --outbox or BOUND_MCP_OUTBOX, or change its mode.")
      ]
    }
    return [
      Finding(
        "mail", .note, "is put into the outbox \(outbox), from where a mail program must take it",
        advice: "To have it sent, set BOUND_MCP_SENDMAIL or queue resend_send_email actions.")
    ]
  }

  private var programs: [Finding] {
    var findings: [Finding] = []
    for server in configuration.programs.servers {
      let subject = "MCP server \(server.name)"
      guard let command = server.command else {
        findings.append(
          Finding(subject, .note, "has no command: mcp_tool_call reaches only servers that are started by one"))
        continue
      }
      findings.append(finding(subject, command))
    }
    for executor in configuration.programs.executors {
      findings.append(finding("action type \(executor.definition.name)", executor.command))
    }
    return findings
  }

  private func finding(_ subject: String, _ command: ProgramCommand) -> Finding {
    if let path = command.path { return Finding(subject, .ok, "starts \(path)") }
    return Finding(
      subject, .warning, "its program \(command.command) is not there, or may not be run",
      advice: "Install it, or give its whole path in config.json.")
  }

  private var services: [Finding] {
    let services = configuration.services
    let known: [(name: String, isSetUp: Bool, variable: String)] = [
      ("Slack", services.slackToken != nil || services.slackWebhook != nil, "SLACK_BOT_TOKEN or SLACK_WEBHOOK_URL"),
      ("Resend", services.resendKey != nil, "RESEND_API_KEY"),
      ("HubSpot", services.hubSpotToken != nil, "HUBSPOT_ACCESS_TOKEN"),
      ("Anthropic", configuration.models.anthropicKey != nil, "ANTHROPIC_API_KEY"),
      ("OpenAI", configuration.models.openAIKey != nil, "OPENAI_API_KEY"),
    ]
    return known.map { service in
      service.isSetUp
        ? Finding(service.name, .ok, "a key is set; it is first used by an action or a run")
        : Finding(service.name, .note, "not set up: \(service.variable)")
    }
  }
}
