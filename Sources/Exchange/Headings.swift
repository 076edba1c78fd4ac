internal import Service

/// What the headings of other programs' exports mean: HubSpot, Salesforce, Apollo, LinkedIn.
enum Headings {
  /// A heading without case, spaces and signs.
  static func key(_ heading: String) -> String {
    String(decoding: heading.lowercased().utf8.filter { isAlphanumeric($0) || $0 >= 0x80 }, as: UTF8.self)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// The property or field that a heading means; nil for one that is not known.
  static func target(of heading: String, in set: RecordSet) -> String? {
    let key = key(heading)
    return tables(of: set).first { $0.value.contains(key) }?.key
  }

  /// The fields that a record has; nil where any name will do.
  static func fields(of set: RecordSet) -> [String]? {
    switch set {
    case .contacts, .companies: nil
    case .owlboundContacts, .owlboundCompanies: tables(of: set).map(\.key)
    case .events:
      [
        "event", "timestamp", "url", "domain", "data", "visitorId", "sessionId", "contact_email", "external_contact_id",
        "contact_id", "userAgent", "referrer", "screenResolution", "ga_user_id",
      ]
    case .signals: ["type", "priority", "data", "source", "notes", "timestamp", "contact_email", "contactId"]
    }
  }

  /// Which of our own exports has these columns or members; nil for other programs' files.
  static func export(with headings: [String]) -> ExportedRecords? {
    // Notes and actions also tell whom they are about.
    ExportedRecords.allCases.reversed().first { $0.facts.allSatisfy(headings.contains) }
  }

  /// How many of the headings are known.
  static func known(_ headings: [String], in set: RecordSet) -> Int {
    headings.count { target(of: $0, in: set) != nil }
  }

  private static func tables(of set: RecordSet) -> KeyValuePairs<String, [String]> {
    switch set {
    case .contacts: contact
    case .companies: company
    case .owlboundContacts: owlboundContact
    case .owlboundCompanies: owlboundCompany
    case .events, .signals: [:]
    }
  }

  private static let contact: KeyValuePairs<String, [String]> = [
    "email": emails, "firstname": firstNames, "lastname": lastNames, "company": companies, "jobtitle": titles,
    "phone": phones, "mobilephone": ["mobile", "mobilephone", "mobilephonenumber", "cellphone"],
    "lifecyclestage": ["lifecyclestage"], "linkedin_url": linkedIns + ["url"],
    "country": ["country", "countryregion", "mailingcountry"], "city": ["city", "mailingcity", "locality"],
    "state": ["state", "stateregion", "mailingstateprovince", "mailingstate", "province"], "industry": ["industry"],
    "website": websites, "seniority": ["seniority", "managementlevel"], "department": ["department", "departments"],
    "lead_source": ["leadsource", "originalsource"], "external_id": externalIDs,
    "connected_on": ["connectedon"], "employee_count": sizes,
  ]

  private static let company: KeyValuePairs<String, [String]> = [
    "domain": ["domain", "companydomain", "companydomainname", "domainname", "emaildomain"],
    "name": ["name"] + companies, "industry": ["industry"], "employee_count": sizes, "website": websites,
    "linkedin_url": companyLinkedIns, "phone": phones + ["companyphone"],
    "country": ["country", "countryregion", "billingcountry", "companycountry"],
    "city": ["city", "billingcity", "companycity"],
    "state": ["state", "stateregion", "billingstateprovince", "billingstate", "companystate"],
    "annual_revenue": ["annualrevenue", "revenue"], "description": ["description", "aboutus", "shortdescription"],
    "lifecyclestage": ["lifecyclestage"], "external_id": ["recordid", "accountid", "apolloaccountid", "externalid"],
  ]

  private static let owlboundContact: KeyValuePairs<String, [String]> = [
    "firstName": firstNames, "lastName": lastNames, "email": emails,
    "phone": phones + ["mobile", "mobilephone", "mobilephonenumber"], "linkedInUrl": linkedIns + ["url"],
    "company": companies, "title": titles, "location": ["location", "city", "mailingcity"],
    "tags": ["tags", "tag", "lists", "labels"], "notes": ["notes", "note", "comments"], "source": ["source"],
    "status": ["status"],
  ]

  private static let owlboundCompany: KeyValuePairs<String, [String]> = [
    "linkedInUrl": companyLinkedIns + linkedIns, "name": ["name"] + companies,
    "domain": ["domain", "companydomain", "companydomainname"], "industry": ["industry"], "website": websites,
    "size": sizes + ["size"], "location": ["location", "headquarters", "city", "billingcity", "companycity"],
    "description": ["description", "aboutus", "shortdescription"],
  ]

  private static let emails = [
    "email", "emailaddress", "workemail", "businessemail", "primaryemail", "emailprimary", "mail",
  ]
  private static let firstNames = ["firstname", "givenname", "fname"]
  private static let lastNames = ["lastname", "surname", "familyname", "lname"]
  private static let companies = [
    "company", "companyname", "accountname", "organization", "organisation", "currentcompany", "associatedcompany",
  ]
  private static let titles = ["jobtitle", "title", "position", "role"]
  private static let phones = ["phone", "phonenumber", "workphone", "workdirectphone", "telephone"]
  private static let linkedIns = [
    "linkedinurl", "linkedin", "linkedinprofile", "linkedinprofileurl", "personlinkedinurl", "profileurl",
  ]
  private static let companyLinkedIns = [
    "companylinkedinurl", "linkedincompanypage", "linkedincompanyurl", "linkedinurl",
  ]
  private static let websites = ["website", "websiteurl", "companywebsite", "web"]
  private static let sizes = ["employees", "numberofemployees", "employeecount", "companysize", "noofemployees"]
  private static let externalIDs = ["recordid", "contactid", "apollocontactid", "externalid", "leadid"]
}
