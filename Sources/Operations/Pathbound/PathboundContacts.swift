public import JSONSchema

/// Contacts of Pathbound and their notes (Pathbound API 5).
public enum PathboundContacts {
  /// All operations of this group.
  static let all = [listContacts, getContact, createContact, updateContact, createContactNote]

  /// What contacts can be filtered by: in a list, and by an agent's `monitoring.filter`.
  public static let filters: [Schema.Property] = [
    .optional("search", .string("In name, email, company, job title")),
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
      Finds contacts by text, stage, place, company or creation date, newest first. Start here when you have a name or \
      e-mail but no contact id. For many results use fields=summary (about 200 bytes a contact) or count_only first.
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
      Gives one contact with properties, unified profile, its last 20 events and its last 10 actions. \
      fields=summary gives the contact alone.
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
      Creates a contact. The e-mail must be new: a known one is refused with CONFLICT, then update that contact \
      instead. Keep contact._id for notes, events and actions.
      """,
    scope: .contactsWrite, route: .post("/v1/contacts"), access: .write, hints: .additive,
    input: [
      .required("email", .string(format: .email)),
      .optional("properties", .openObject(properties, "More keys are welcome")),
      visitors, .filter("company_id"),
    ],
    output: .record("contact"))

  /// Merges properties into a contact (API 5.4).
  public static let updateContact = Operation(
    name: "pathbound_update_contact", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Update Pathbound contact",
    description: """
      Changes a contact's properties: keys that are given overwrite, others stay, null removes one. Also attaches \
      tracker visitors with their history.
      """,
    scope: .contactsWrite, route: .put("/v1/contacts/:contact_id"), access: .write, hints: .idempotent,
    input: [
      .id("contact_id"),
      .optional(
        "properties",
        .openObject(
          [
            .optional("email", .string(format: .email)),
            .optional("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
          ], "Keys as in pathbound_create_contact")),
      visitors,
    ],
    output: .record("contact"))

  /// Writes a note (API 5.4).
  public static let createContactNote = Operation(
    name: "pathbound_create_contact_note", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Add contact note",
    description: "Adds an internal note to a contact, at once and without approval. The contact does not see it.",
    scope: .contactsWrite, route: .post("/v1/contacts/:contact_id/notes"), access: .write, hints: .additive,
    repeats: .window(seconds: 60),
    input: [.id("contact_id"), .required("content", .string(format: .nonBlank))],
    output: .record("note"))

  private static let properties: [Schema.Property] = [
    .optional("firstname", .string()), .optional("lastname", .string()), .optional("company", .string()),
    .optional("jobtitle", .string()), .optional("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
    .optional("linkedin_url", .string()), .optional("country", .string()), .optional("industry", .string()),
  ]

  private static let visitors = Schema.Property.optional(
    "visitor_id", .array(of: .string(), "Tracker visitors to attach", orSingle: true))
}
