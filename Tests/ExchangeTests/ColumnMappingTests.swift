import JSON
import Service
import Testing

@testable import Exchange

@Suite("Column mapping")
struct ColumnMappingTests {
  private func targets(
    _ headings: String, _ set: RecordSet = .contacts, _ changes: [(heading: String, target: String)] = []
  ) throws -> [String?] {
    try ColumnMapping(headings.split(separator: ",").map(String.init), set: set, changes: changes).columns.map(\.target)
  }

  @Test("HubSpot's headings are known")
  func hubSpot() throws {
    let found = try targets(
      "Record ID,First Name,Last Name,Email,Phone Number,Company Name,Job Title,Lifecycle Stage,Country/Region,Website URL"
    )
    #expect(
      found == [
        "external_id", "firstname", "lastname", "email", "phone", "company", "jobtitle", "lifecyclestage", "country",
        "website",
      ])
    #expect(
      try targets("Company name,Company Domain Name,Number of Employees,Industry,Annual Revenue", .companies)
        == ["name", "domain", "employee_count", "industry", "annual_revenue"])
  }

  @Test("Salesforce's headings are known")
  func salesforce() throws {
    #expect(
      try targets("First Name,Last Name,Title,Account Name,Email,Phone,Mobile,Mailing City,Mailing Country,Lead Source")
        == [
          "firstname", "lastname", "jobtitle", "company", "email", "phone", "mobilephone", "city", "country",
          "lead_source",
        ])
    #expect(
      try targets("Account Name,Website,Employees,Billing City", .companies)
        == ["name", "website", "employee_count", "city"])
  }

  @Test("Apollo's headings are known, and a second column of one meaning keeps its own name")
  func apollo() throws {
    #expect(
      try targets(
        "First Name,Title,Company,Company Name,Email,# Employees,Person Linkedin Url,Departments,Apollo Contact Id")
        == [
          "firstname", "jobtitle", "company", "company_name", "email", "employee_count", "linkedin_url", "department",
          "external_id",
        ])
  }

  @Test("LinkedIn's headings are known")
  func linkedIn() throws {
    #expect(
      try targets("First Name,Last Name,URL,Email Address,Company,Position,Connected On", .owlboundContacts)
        == ["firstName", "lastName", "linkedInUrl", "email", "company", "title", nil])
  }

  @Test("a column means what the caller says, and nothing where they say so")
  func changes() throws {
    #expect(
      try targets("Mail,Work,Internal id", .contacts, [("work", "company"), ("Internal id", "")])
        == ["email", "company", nil])
  }

  @Test("a change of a column that is not there names the nearest one")
  func unknownColumn() {
    #expect(throws: ColumnMapping.Failure(message: "There is no column \"Wrok\". Did you mean \"Work\"?")) {
      try targets("Work,Mail", .contacts, [("Wrok", "company")])
    }
  }

  @Test("a field that the records don't have is refused")
  func unknownField() {
    #expect(throws: ColumnMapping.Failure.self) { try targets("a,b", .owlboundContacts, [("a", "jobtitle")]) }
  }

  @Test("values become what the record wants")
  func values() throws {
    let mapping = try ColumnMapping(
      ["Email", "Lifecycle Stage", "Employees", "Name", "Phone"], set: .contacts, changes: [])
    let record = mapping.record(of: [
      " ada@x.example ", "Marketing Qualified Lead", "1,200", "Ada King Lovelace", "'+44 1",
    ])
    #expect(
      record == [
        "email": "ada@x.example", "lifecyclestage": "mql", "employee_count": 1200, "phone": "+44 1",
        "firstname": "Ada", "lastname": "King Lovelace",
      ])
  }

  @Test("empty fields are left out, and a company without a domain has that of its website")
  func companies() throws {
    let mapping = try ColumnMapping(["Name", "Website", "City"], set: .companies, changes: [])
    #expect(
      mapping.record(of: ["Acme", "https://www.acme.example/about", ""])
        == [
          "name": "Acme", "website": "https://www.acme.example/about", "domain": "https://www.acme.example/about",
        ])
  }
}
