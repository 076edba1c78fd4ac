import JSONSchema

/// Companies of Pathbound and their notes (Pathbound API 6).
public enum PathboundCompanies {
  /// All operations of this group.
  static let all = [
    listCompanies, getCompany, createCompany, updateCompany, deleteCompany, listCompanyNotes, createCompanyNote,
    updateCompanyNote, deleteCompanyNote,
  ]

  /// Finds companies (API 6).
  public static let listCompanies = Operation(
    name: "pathbound_list_companies", platform: .pathbound, toolset: .pathboundCompanies,
    title: "List companies",
    description: "Finds companies, newest first. fields=summary is cheap, and tells of the last activity.",
    scope: .companiesRead, route: .get("/v1/companies"), access: .quickRead, hints: .readOnly,
    input: [
      .optional("search", .string("Name, domain, industry")), .filter("industry"),
      Schema.Property.filter("country").unlisted,
      .unlisted("sort_by", .oneOf(["name", "domain", "industry", "createdate"])),
      Schema.Property.sortDirection.unlisted, .page, Schema.Property.limit(20).unlisted,
      .optional("fields", .oneOf(["summary"])), .include,
    ],
    output: .payload(.required("companies", .records), .required("pagination", .openObject())))

  /// One company with its people (API 6).
  public static let getCompany = Operation(
    name: "pathbound_get_company", platform: .pathbound, toolset: .pathboundCompanies, title: "Get company",
    description: """
      Gives one company with its 25 newest contacts; for all of them use pathbound_list_contacts with company_id.
      """,
    scope: .companiesRead, route: .get("/v1/companies/:company_id"), access: .quickRead, hints: .readOnly,
    input: [.id("company_id", "co_…")],
    output: .payload(.required("company", .openObject()), .required("contacts", .records)))

  /// Adds a company (API 6).
  public static let createCompany = Operation(
    name: "pathbound_create_company", platform: .pathbound, toolset: .pathboundCompanies,
    title: "Create company",
    description: "Creates a company with the contacts of its mail domain; a known domain is refused with CONFLICT.",
    scope: .companiesWrite, route: .post("/v1/companies"), access: .write, hints: .additive,
    input: [
      .required("domain", .string("As acme.com", format: .nonBlank)),
      .optional("properties", .openObject(properties, "Any keys, also country, employee_count")),
    ],
    output: .record("company"))

  /// Merges properties into a company (API 6).
  public static let updateCompany = Operation(
    name: "pathbound_update_company", platform: .pathbound, toolset: .pathboundCompanies,
    title: "Update company",
    description: "Changes a company: properties that are given overwrite, others stay, null removes one.",
    scope: .companiesWrite, route: .put("/v1/companies/:company_id"), access: .write, hints: .idempotent,
    input: [
      .id("company_id"),
      .required(
        "properties",
        .openObject(
          [.unlisted("lifecyclestage", .oneOf(Vocabulary.lifecycleStages))], "Keys as in pathbound_create_company")),
    ],
    output: .record("company"))

  /// Removes a company (API 6).
  public static let deleteCompany = Operation(
    name: "pathbound_delete_company", platform: .pathbound, toolset: .pathboundCompanies,
    title: "Delete company",
    description: """
      Deletes a company for good, with its notes; its contacts stay and belong to no company, its open actions are \
      cancelled.
      """,
    scope: .companiesWrite, route: .delete("/v1/companies/:company_id"), access: .write, hints: .destructive,
    input: [.id("company_id")], output: .payload())

  /// A company's notes (API 6).
  public static let listCompanyNotes = Operation(
    name: "pathbound_list_company_notes", platform: .pathbound, toolset: .pathboundCompanies,
    title: "List company notes",
    description: "Lists a company's internal notes, newest first.",
    scope: .companiesRead, route: .get("/v1/companies/:company_id/notes"), access: .quickRead, hints: .readOnly,
    localArguments: ["limit", "page"], input: [.id("company_id")] + Schema.Property.notesPage,
    output: .payload(.required("notes", .records)))

  /// Writes a note (API 6).
  public static let createCompanyNote = Operation(
    name: "pathbound_create_company_note", platform: .pathbound, toolset: .pathboundCompanies,
    title: "Add company note",
    description: "Adds an internal note to a company, at once and without approval.",
    scope: .companiesWrite, route: .post("/v1/companies/:company_id/notes"), access: .write, hints: .additive,
    repeats: .window(seconds: 60), input: [.id("company_id"), .noteContent], output: .record("note"))

  /// Replaces a note's text (API 6).
  public static let updateCompanyNote = Operation(
    name: "pathbound_update_company_note", platform: .pathbound, toolset: .pathboundCompanies,
    title: "Update company note",
    description: "Replaces the text of a company's note, at once and without approval.",
    scope: .companiesWrite, route: .put("/v1/companies/:company_id/notes/:note_id"), access: .write,
    hints: .idempotent, input: [.id("company_id"), .id("note_id"), .noteContent], output: .record("note"))

  /// Removes a note (API 6).
  public static let deleteCompanyNote = Operation(
    name: "pathbound_delete_company_note", platform: .pathbound, toolset: .pathboundCompanies,
    title: "Delete company note",
    description: "Deletes a note of a company for good.",
    scope: .companiesWrite, route: .delete("/v1/companies/:company_id/notes/:note_id"), access: .write,
    hints: .destructive, input: [.id("company_id"), .id("note_id")], output: .payload())

  private static let properties: [Schema.Property] = [
    .optional("name", .string()), .optional("industry", .string()), .unlisted("employee_count", .integer()),
    .unlisted("lifecyclestage", .oneOf(Vocabulary.lifecycleStages)),
  ]
}
