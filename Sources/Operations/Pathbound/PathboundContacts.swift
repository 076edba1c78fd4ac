public import JSONSchema

/// Contacts of Pathbound and their notes (Pathbound API 5).
public enum PathboundContacts {
  /// All operations of this group.
  static let all = [listContacts, getContact, createContact, updateContact, createContactNote]

  /// What contacts can be filtered by: in a list, and by an agent's `monitoring.filter`.
  public static let filters: [Schema.Property] = [
    .optional("search", .string("Name, email, company, job title")),
    .optional("status", .oneOf(["enriched", "not_enriched"])),
    .optional("lifecycle_stage", .oneOf(Vocabulary.lifecycleStages)),
    .filter("lead_status"), .filter("country"), .filter("industry"), .filter("city"), .filter("state"),
    .optional("job_title", .string("Any case")),
    .optional("has_linkedin", .boolean()),
    .filter("company_id"),
    .time("created_after"), .time("created_before"),
  ]

  /// Finds contacts (API 5.3).
  public static let listContacts = Operation(
    name: "pathbound_list_contacts", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "List Pathbound contacts",
    description: """
      Finds contacts, newest first; search when you have a name or e-mail but no id. fields=summary (200 bytes a \
      contact) and count_only are cheap.
      """,
    scope: .contactsRead, route: .get("/v1/contacts"), access: .quickRead, hints: .readOnly,
    input: filters + [
      .optional("sort_by", .oneOf(["email", "firstname", "lastname", "company", "createdate"])),
      .sortDirection, .page, .limit(20), .countOnly, .optional("fields", .oneOf(["summary"])),
    ],
    output: .countablePage("contacts"))

  /// One contact with what belongs to it (API 5.4).
  public static let getContact = Operation(
    name: "pathbound_get_contact", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Get Pathbound contact",
    description: """
      Gives one contact with unified profile, last 20 events and last 10 actions; fields=summary gives the contact \
      alone.
      """,
    scope: .contactsRead, route: .get("/v1/contacts/:contact_id"), access: .quickRead, hints: .readOnly,
    input: [
      .id("contact_id", "ct_…"),
      .optional("fields", .oneOf(["full", "summary"], "Default full", default: "full")),
    ],
    output: .payload(
      .required("contact", .openObject()), .optional("unified_profile", .openObject()),
      .optional("events", .records), .optional("actions", .records)))

  /// Adds a contact (API 5.2).
  public static let createContact = Operation(
    name: "pathbound_create_contact", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Create Pathbound contact",
    description: """
      Creates a contact; a known e-mail is refused with CONFLICT. Keep contact._id for notes, events and actions.
      """,
    scope: .contactsWrite, route: .post("/v1/contacts"), access: .write, hints: .additive,
    input: [
      .required("email", .string(format: .email)),
      .optional("properties", .openObject(properties, "Any keys, also linkedin_url, country, industry")),
      visitors, .filter("company_id"),
    ],
    output: .record("contact"))

  /// Merges properties into a contact (API 5.4).
  public static let updateContact = Operation(
    name: "pathbound_update_contact", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Update Pathbound contact",
    description: """
      Changes a contact: properties that are given overwrite, others stay, null removes one.
      """,
    scope: .contactsWrite, route: .put("/v1/contacts/:contact_id"), access: .write, hints: .idempotent,
    input: [
      .id("contact_id"),
      .optional(
        "properties",
        .openObject(
          [
            .unlisted("email", .string(format: .email)),
            .unlisted("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
          ], "Keys as in pathbound_create_contact")),
      visitors,
    ],
    output: .record("contact"))

  /// Writes a note (API 5.4).
  public static let createContactNote = Operation(
    name: "pathbound_create_contact_note", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Add contact note",
    description: "Adds an internal note to a contact, at once and without approval.",
    scope: .contactsWrite, route: .post("/v1/contacts/:contact_id/notes"), access: .write, hints: .additive,
    repeats: .window(seconds: 60),
    input: [.id("contact_id"), .required("content", .string(format: .nonBlank))],
    output: .record("note"))

  private static let properties: [Schema.Property] = [
    .optional("firstname", .string()), .optional("lastname", .string()), .optional("company", .string()),
    .optional("jobtitle", .string()), .optional("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
    .unlisted("linkedin_url", .string()), .unlisted("country", .string()), .unlisted("industry", .string()),
  ]

  private static let visitors = Schema.Property.optional(
    "visitor_id", .array(of: .string(), "Tracker visitors to attach with their history", orSingle: true))
}
