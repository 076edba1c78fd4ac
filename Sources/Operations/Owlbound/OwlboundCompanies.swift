import JSONSchema

/// Companies of Owlbound (Owlbound API 12).
public enum OwlboundCompanies {
  /// All operations of this group.
  static let all = [listCompanies, getCompany, upsertCompany]

  /// Lists companies page by page.
  public static let listCompanies = Operation(
    name: "owlbound_list_companies", platform: .owlbound, toolset: .owlboundCompanies,
    title: "List Owlbound companies",
    description: "Lists Owlbound companies, newest first, all or those of an industry. Costs 1 credit.",
    scope: .contactsRead, credits: 1, route: .get("/v1/companies"), access: .quickRead, hints: .readOnly,
    input: [.limit(25, most: 50), .filter("industry"), .cursor], output: .cursorPage("companies"))

  /// One company and how many contacts it has; their number is counted.
  public static let getCompany = Operation(
    name: "owlbound_get_company", platform: .owlbound, toolset: .owlboundCompanies, title: "Get Owlbound company",
    description: """
      Gives one Owlbound company with all details and the number of contacts who name it as theirs. Costs 1 credit.
      """,
    scope: .contactsRead, credits: 1, route: .get("/v1/companies/:id"), access: .read, hints: .readOnly,
    input: [.id("id", "From owlbound_list_companies")], output: .record("company"))

  /// Adds a company, or fills in what is missing.
  public static let upsertCompany = Operation(
    name: "owlbound_upsert_company", platform: .owlbound, toolset: .owlboundCompanies,
    title: "Create or update Owlbound company",
    description: """
      Creates the company of a LinkedIn URL, or fills in the fields that it has empty; what is there already is never \
      overwritten. Costs 1 credit.
      """,
    scope: .contactsWrite, credits: 1, route: .post("/v1/companies"), access: .write, hints: .idempotent,
    localArguments: ["description", "website", "location", "size"],
    input: [.required("linkedInUrl", .string("https://www.linkedin.com/company/…", format: .nonBlank))]
      + ["name", "domain", "industry", "website", "size", "location", "description"].map { .optional($0, .string()) },
    output: .payload(.required("companyId", .string()), .optional("created", .boolean())))
}
