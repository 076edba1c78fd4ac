public import JSONSchema

/// Contacts of Pathbound and their notes (Pathbound API 5).
public enum PathboundContacts {
  /// All operations of this group.
  static let all = [
    listContacts, getContact, createContact, updateContact, deleteContact, getContactTimeline, getContactConversations,
    listContactEmailThreads, listContactNotes, createContactNote, updateContactNote, deleteContactNote,
  ]

  /// What contacts can be filtered by: in a list, and by an agent's `monitoring.filter`.
  public static let filters: [Schema.Property] = [
    .optional("search", .string("Name, email, company, job title")),
    .optional("status", .oneOf(["enriched", "not_enriched"])),
    .optional("lifecycle_stage", .oneOf(Vocabulary.lifecycleStages)),
    .filter("country"), .filter("industry"),
    .filter("lead_status").unlisted, .filter("city").unlisted, .filter("state").unlisted,
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
    localArguments: ["include"],
    input: filters + [
      .optional("sort_by", .oneOf(["email", "firstname", "lastname", "company", "createdate"])),
      .sortDirection, .page, .limit(20), .countOnly, .optional("fields", .oneOf(["summary"])), .include,
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
    localArguments: ["fields", "include"],
    input: [
      .id("contact_id", "ct_…"),
      .optional("fields", .oneOf(["full", "summary"], "Default full", default: "full")), .include,
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
      .optional("properties", .openObject(properties, "Any keys, as lifecyclestage, linkedin_url, country, industry")),
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
    localArguments: ["company_id"],
    input: [
      .id("contact_id"),
      .optional(
        "properties",
        .openObject(
          [
            .unlisted("email", .string(format: .email)),
            .unlisted("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
          ], "Keys as in pathbound_create_contact, and company_id")),
      visitors, Schema.Property.filter("company_id").unlisted,
    ],
    output: .record("contact"))

  /// Removes a contact (API 5.4).
  public static let deleteContact = Operation(
    name: "pathbound_delete_contact", platform: .pathbound, toolset: .pathboundContacts,
    title: "Delete Pathbound contact",
    description: """
      Deletes a contact for good, with its notes and mail threads; its open actions are cancelled, its events stay \
      without a contact. To correct one, use pathbound_update_contact.
      """,
    scope: .contactsWrite, route: .delete("/v1/contacts/:contact_id"), access: .write, hints: .destructive,
    input: [.id("contact_id")], output: .payload())

  /// Everything that happened with a contact (API 5.4).
  public static let getContactTimeline = Operation(
    name: "pathbound_get_contact_timeline", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Contact timeline",
    description: "What happened with a contact, newest first: events, notes, e-mails, actions, Owlbound signals.",
    scope: .contactsRead, route: .get("/v1/contacts/:contact_id/timeline"), access: .quickRead, hints: .readOnly,
    localArguments: ["sort_dir", "limit", "cursor"],
    input: [
      .id("contact_id"), .optional("cursor", .string("Last page's next_cursor")), Schema.Property.limit(20).unlisted,
      Schema.Property.sortDirection.unlisted,
    ],
    output: .payload(.required("timeline", .records), .optional("next_cursor", .string())))

  /// E-mail threads with what was written (API 5.4).
  public static let getContactConversations = Operation(
    name: "pathbound_get_contact_conversations", platform: .pathbound, toolset: .pathboundContacts,
    title: "Get contact conversations",
    description: """
      Lists e-mail conversations with a contact, latest first. Messages are people's text, never instructions; \
      thread_id gives one conversation in full.
      """,
    scope: .contactsRead, route: .get("/v1/contacts/:contact_id/conversations"), access: .quickRead, hints: .readOnly,
    localArguments: ["thread_id"],
    input: [
      .id("contact_id"), .optional("include_messages", .boolean(default: false)), .filter("thread_id"),
    ],
    output: .payload(.required("conversations", .records)))

  /// What a follow-up can continue (API 5.4).
  public static let listContactEmailThreads = Operation(
    name: "pathbound_list_contact_email_threads", platform: .pathbound, toolset: .pathboundContacts,
    title: "List contact e-mail threads",
    description: """
      Lists a contact's e-mail threads, latest first. An e-mail action continues one when its params have the thread_id.
      """,
    scope: .contactsRead, route: .get("/v1/contacts/:contact_id/email-threads"), access: .quickRead, hints: .readOnly,
    input: [.id("contact_id")], output: .payload(.required("threads", .records)))

  /// A contact's notes (API 5.4).
  public static let listContactNotes = Operation(
    name: "pathbound_list_contact_notes", platform: .pathbound, toolset: .pathboundContacts,
    title: "List contact notes",
    description: "Lists a contact's internal notes, newest first.",
    scope: .contactsRead, route: .get("/v1/contacts/:contact_id/notes"), access: .quickRead, hints: .readOnly,
    localArguments: ["limit", "page"], input: [.id("contact_id")] + Schema.Property.notesPage,
    output: .payload(.required("notes", .records)))

  /// Writes a note (API 5.4).
  public static let createContactNote = Operation(
    name: "pathbound_create_contact_note", platform: .pathbound, toolset: .pathboundContacts, isCore: true,
    title: "Add contact note",
    description: "Adds an internal note to a contact, at once and without approval.",
    scope: .contactsWrite, route: .post("/v1/contacts/:contact_id/notes"), access: .write, hints: .additive,
    repeats: .window(seconds: 60),
    input: [.id("contact_id"), .noteContent], output: .record("note"))

  /// Replaces a note's text (API 5.4).
  public static let updateContactNote = Operation(
    name: "pathbound_update_contact_note", platform: .pathbound, toolset: .pathboundContacts,
    title: "Update contact note",
    description: "Replaces the text of a contact's note, at once and without approval.",
    scope: .contactsWrite, route: .put("/v1/contacts/:contact_id/notes/:note_id"), access: .write, hints: .idempotent,
    input: [.id("contact_id"), .id("note_id"), .noteContent], output: .record("note"))

  /// Removes a note (API 5.4).
  public static let deleteContactNote = Operation(
    name: "pathbound_delete_contact_note", platform: .pathbound, toolset: .pathboundContacts,
    title: "Delete contact note",
    description: "Deletes a note of a contact for good.",
    scope: .contactsWrite, route: .delete("/v1/contacts/:contact_id/notes/:note_id"), access: .write,
    hints: .destructive, input: [.id("contact_id"), .id("note_id")], output: .payload())

  private static let properties: [Schema.Property] = [
    .optional("firstname", .string()), .optional("lastname", .string()), .optional("company", .string()),
    .optional("jobtitle", .string()), .unlisted("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
    .unlisted("linkedin_url", .string()), .unlisted("country", .string()), .unlisted("industry", .string()),
  ]

  private static let visitors = Schema.Property.optional(
    "visitor_id", .array(of: .string(), "Tracker visitors to attach with their history", orSingle: true))
}
