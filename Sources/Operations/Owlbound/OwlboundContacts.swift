import JSONSchema

/// Contacts of Owlbound and their scores (Owlbound API 8 and 10).
public enum OwlboundContacts {
  /// All operations of this group.
  static let all = [listContacts, searchContacts, getContact, createContact, updateContact, archiveContact]

  /// Lists contacts page by page (API 8.2).
  public static let listContacts = Operation(
    name: "owlbound_list_contacts", platform: .owlbound, toolset: .owlboundContacts, title: "List Owlbound contacts",
    description: """
      Lists Owlbound contacts by status, source or part of the company's name; contacts without the value sorted by \
      come last. To find a person, search instead. Costs 1 credit.
      """,
    scope: .contactsRead, credits: 1, route: .get("/v1/contacts"), access: .quickRead, hints: .readOnly,
    input: [
      .limit(50), .cursor, .optional("status", .oneOf(Vocabulary.contactStatuses)), .filter("source"),
      .filter("company"),
      .optional("sort_by", .oneOf(Vocabulary.contactOrders, "Default createdAt", default: "createdAt")),
      .optional("sort_direction", .oneOf(["asc", "desc"], "Default desc", default: "desc")),
      .optional("include_archived", .boolean("", default: false)),
    ],
    output: .cursorPage("contacts"))

  /// Finds contacts by words (API 8.4).
  public static let searchContacts = Operation(
    name: "owlbound_search_contacts", platform: .owlbound, toolset: .owlboundContacts, isCore: true,
    title: "Search Owlbound contacts",
    description: """
      Finds Owlbound contacts by words in name, title, company, e-mail or tags, best first; every word must match, as a \
      prefix. Costs 1 credit.
      """,
    scope: .contactsRead, credits: 1, route: .post("/v1/contacts/search"), access: .read, hints: .readOnly,
    input: [
      .required("query", .string(maxLength: 500, format: .nonBlank)),
      .optional("status", .oneOf(Vocabulary.contactStatuses)), .limit(25),
    ],
    output: .payload(.required("contacts", .records)))

  /// One contact (API 8.5).
  public static let getContact = Operation(
    name: "owlbound_get_contact", platform: .owlbound, toolset: .owlboundContacts, isCore: true,
    title: "Get Owlbound contact",
    description: "Gives one Owlbound contact with enrichment data, scores and connection status. Costs 1 credit.",
    scope: .contactsRead, credits: 1, route: .get("/v1/contacts/:id"), access: .quickRead, hints: .readOnly,
    input: [.id("id", "From owlbound_search_contacts")], output: .record("contact"))

  /// Adds a contact (API 8.3).
  public static let createContact = Operation(
    name: "owlbound_create_contact", platform: .owlbound, toolset: .owlboundContacts, isCore: true,
    title: "Create Owlbound contact",
    description: """
      Creates an Owlbound contact; needs one of firstName, lastName, email, linkedInUrl. A known email or LinkedIn \
      profile is refused with its contactId. Costs 1 credit.
      """,
    scope: .contactsWrite, credits: 1, route: .post("/v1/contacts"), access: .write, hints: .additive,
    input: [
      .optional("firstName", .string()), .optional("lastName", .string()),
      .optional("email", .string(format: .email)), .optional("phone", .string()),
      .optional("linkedInUrl", .string()), .optional("company", .string()), .optional("title", .string()),
      .optional("location", .string()),
      .unlisted("source", .string("Default api", default: "api")),
      .optional("tags", .array(of: .string(), maxItems: 100)), .unlisted("notes", .string()),
    ],
    output: .payload(.required("contactId", .string())))

  /// Changes some fields (API 8.5).
  ///
  /// Clients send null for what they leave out, so it is an empty text that clears a field.
  public static let updateContact = Operation(
    name: "owlbound_update_contact", platform: .owlbound, toolset: .owlboundContacts, title: "Update Owlbound contact",
    description: """
      Changes the given fields of an Owlbound contact and leaves the others; an empty text clears a field, tags \
      replace the list. Costs 1 credit.
      """,
    scope: .contactsWrite, credits: 1, route: .patch("/v1/contacts/:id"), access: .write, hints: .idempotent,
    input: [.id("id", "Contact"), .optional("status", .oneOf(Vocabulary.contactStatuses))]
      + ["firstName", "lastName", "email", "phone", "linkedInUrl", "company", "title", "location", "source"].map {
        .optional($0, .string())
      } + [.optional("tags", .array(of: .string(), maxItems: 100)), .optional("notes", .string())],
    output: .record("contact"))

  /// Puts a contact away (API 8.5).
  public static let archiveContact = Operation(
    name: "owlbound_archive_contact", platform: .owlbound, toolset: .owlboundContacts,
    title: "Archive Owlbound contact",
    description: """
      Archives an Owlbound contact: it leaves lists and search, keeps its data and takes no more changes. \
      Costs 1 credit.
      """,
    scope: .contactsWrite, credits: 1, route: .delete("/v1/contacts/:id"), access: .write, hints: .destructive,
    input: [.id("id", "Contact"), .optional("reason", .string())],
    output: .payload(.required("contactId", .string()), .optional("archived", .boolean())))
}

/// What Owlbound thinks of a contact (Owlbound API 10).
public enum OwlboundIntelligence {
  /// All operations of this group.
  static let all = [scoreContact]

  /// Scores a contact.
  public static let scoreContact = Operation(
    name: "owlbound_score_contact", platform: .owlbound, toolset: .owlboundIntelligence, isCore: true,
    title: "Score contact",
    description: """
      Scores an Owlbound contact from 0 to 100 against an ICP profile (owlbound_list_icp_profiles), with verdict, \
      points by category, reasons and what would change the verdict. Costs 3 credits.
      """,
    scope: .intelligenceRead, credits: 3, route: .post("/v1/contacts/:id/score"), access: .write,
    hints: .additiveOutside,
    localArguments: ["weights", "modelReasoning"],
    input: [
      .id("id", "Contact"), .id("icpProfileId"),
      .optional("modelReasoning", .boolean("Also ask the configured model", default: false)),
      .optional("weights", .object(Workspace.weights.map(\.unlisted), "What if, by category; not stored")),
    ],
    output: .payload(
      .required("score", .number()), .optional("verdict", .string()), .optional("breakdown", .openObject()),
      .optional("reasoning", .string())))
}
