import JSONSchema

/// The fourteen built-in types (Pathbound API 11.1). Shapes that the API leaves open are those of the other service.
extension ActionType {
  /// All built-in types, in the API's order.
  public static let all = [
    emailMessage, linkedInConnection, createNote, createTask, updateContact, updateCompany, updateLifecycleStage,
    escalateToHuman, syncToCRM, sendSlackMessage, resendSendEmail, resendCreateContact, resendCreateBroadcast,
    mcpToolCall,
  ]

  /// The type of that name, built in or installed; nil when there is none.
  public static func named(_ name: String) -> ActionType? {
    names.position(of: name).map { all[$0] } ?? installed.first { $0.name == name }
  }

  /// What agents can be capable of, each once.
  public static let capabilities = all.map(\.capability).reduce(into: [String]()) {
    if !$0.contains($1) { $0.append($1) }
  }

  private static let names = NameTable(all.map(\.name))

  /// Appends name and parameters, `create_task: title, description?, due_date?, contact_id?`; the rarest are left out.
  func writeSignature(to text: inout String) {
    text += name
    guard case .object(let properties, _) = parameters.kind else { return }
    for (position, property) in properties.prefix(9).enumerated() {
      text += position == 0 ? ": " : ", "
      text += property.name
      if !property.isRequired { text += "?" }
    }
  }
}

/// Outreach.
extension ActionType {
  /// Mail through an identity (API 11.10).
  public static let emailMessage = ActionType(
    name: "email_message", purpose: "Send an e-mail through an identity", capability: "email", reach: .outside,
    parameters: .object([
      .required("message", .string("Plain text", format: .nonBlank)), contact,
      .optional("email", .string("Default: the contact's", format: .email)),
      .optional("subject", .string("Default: the thread's, or the first line", maxLength: 900)),
      .optional("html", .string()),
      .optional("cc", mailboxes), .optional("bcc", mailboxes),
      .optional("follow_up", .boolean("Reply in the contact's latest thread")),
      .optional("thread_id", .string("Reply in this thread")),
      .optional("in_reply_to_message_id", .string(maxLength: 900)),
      .optional("references", .array(of: .string(maxLength: 900), maxItems: 100, orSingle: true)),
    ]))

  /// A connection request with a note.
  public static let linkedInConnection = ActionType(
    name: "linkedin_connection", purpose: "Ask for a LinkedIn connection", capability: "linkedin", reach: .outside,
    parameters: .object([
      // LinkedIn takes no longer note with a request.
      .required("linkedin_url", .string(format: .webAddress)), .optional("message", .string(maxLength: 300)), contact,
    ]))

  /// A message to a channel.
  public static let sendSlackMessage = ActionType(
    name: "send_slack_message", purpose: "Send a Slack message", capability: "slack", reach: .outside,
    parameters: .object([
      .required("channel", .string(format: .nonBlank)), .required("message", .string(format: .nonBlank)),
    ]))

  /// Transactional mail; the shape is the provider's.
  public static let resendSendEmail = ActionType(
    name: "resend_send_email", purpose: "Send a transactional e-mail with Resend", capability: "resend",
    reach: .outside,
    parameters: .openObject([
      .required("to", mailboxes), .required("from", sender), .required("subject", .string(maxLength: 900)),
      .optional("html", .string()), .optional("text", .string()),
    ]))

  /// A contact of an audience; the shape is the provider's.
  public static let resendCreateContact = ActionType(
    name: "resend_create_contact", purpose: "Add a contact to a Resend audience", capability: "resend",
    reach: .outside,
    parameters: .openObject([
      .required("audience_id", .string(format: .nonBlank)), .required("email", .string(format: .email)),
      .optional("first_name", .string()), .optional("last_name", .string()),
    ]))

  /// Mail to an audience; the shape is the provider's.
  public static let resendCreateBroadcast = ActionType(
    name: "resend_create_broadcast", purpose: "Create a Resend broadcast", capability: "resend", reach: .outside,
    parameters: .openObject([
      .required("audience_id", .string(format: .nonBlank)), .required("from", sender),
      .required("subject", .string(maxLength: 900)), .optional("html", .string()), .optional("text", .string()),
    ]))

  /// A tool of a configured MCP server.
  public static let mcpToolCall = ActionType(
    name: "mcp_tool_call", purpose: "Call a tool of a configured MCP server", capability: "mcp", reach: .outside,
    parameters: .openObject([
      .required("server", .string(format: .nonBlank)), .required("tool", .string(format: .nonBlank)),
      .optional("arguments", .openObject()),
    ]))
}

/// Work in the workspace and the CRM.
extension ActionType {
  /// A note on a contact or a company; one of the ids is needed.
  public static let createNote = ActionType(
    name: "create_note", purpose: "Add an internal note", capability: "notes", reach: .workspace,
    parameters: .object([.required("content", .string(format: .nonBlank)), contact, company]))

  /// A task for a person.
  public static let createTask = ActionType(
    name: "create_task", purpose: "Create an internal task", capability: "tasks", reach: .workspace,
    parameters: .object([
      .required("title", .string(maxLength: 500, format: .nonBlank)), .optional("description", .string()),
      .time("due_date"), contact,
    ]))

  /// Properties merged into a contact; null removes one.
  public static let updateContact = ActionType(
    name: "update_contact", purpose: "Change a contact's properties", capability: "contacts", reach: .workspace,
    parameters: .object([.id("contact_id"), .required("properties", .openObject())]))

  /// Properties merged into a company; null removes one.
  public static let updateCompany = ActionType(
    name: "update_company", purpose: "Change a company's properties", capability: "contacts", reach: .workspace,
    parameters: .object([.id("company_id"), .required("properties", .openObject())]))

  /// An audited change of the stage.
  public static let updateLifecycleStage = ActionType(
    name: "update_lifecycle_stage", purpose: "Move a contact to another stage", capability: "contacts",
    reach: .workspace,
    parameters: .object([.id("contact_id"), .required("lifecycle_stage", .oneOf(Vocabulary.lifecycleStages))]))

  /// A stop for a person to look.
  public static let escalateToHuman = ActionType(
    name: "escalate_to_human", purpose: "Hand over to a person, with the reason", capability: "tasks",
    reach: .workspace, parameters: .object([.required("reason", .string(format: .nonBlank)), contact]))

  /// The state of a contact or a company; one of the ids is needed.
  public static let syncToCRM = ActionType(
    name: "sync_to_crm", purpose: "Push a contact or company to the CRM", capability: "crm_sync", reach: .outside,
    parameters: .openObject([contact, company]))
}

private let contact = Schema.Property.optional("contact_id", .string())
private let company = Schema.Property.optional("company_id", .string())
private let mailboxes = Schema.array(of: .string(format: .email), minItems: 1, maxItems: 50, orSingle: true)
/// Resend takes `Name <address>` too, so that only the connector can check it.
private let sender = Schema.string(maxLength: 400, format: .nonBlank)
