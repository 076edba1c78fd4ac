internal import JSON
internal import Platform

/// A company of the demo workspace.
struct DemoCompany {
  let name: String
  let domain: String
  let industry: String
  let employees: Int
  let city: String
  let country: String

  /// What tells it from others in addresses.
  var slug: String { String(domain.prefix { $0 != "." }) }
}

/// Somebody in the demo workspace.
struct DemoPerson {
  let first: String
  let last: String
  let email: String
  let title: String
  let stage: String
  let company: DemoCompany
  /// How often they come to the website, against others.
  let heat: Int
  /// The week in which they became known, from 0.
  let week: Int
  /// Ids in the workspace, once they are there.
  var contact = ""
  var owl = ""

  var linkedIn: String { "https://www.linkedin.com/in/\(email.prefix { $0 != "@" })-\(company.slug)" }

  /// How far Owlbound takes them to be; nil for who is new.
  var owlStatus: String? {
    switch stage {
    case "prospect": "contacted"
    case "mql": "ready"
    case "sql", "opportunity": "replied"
    case "customer": "converted"
    default: nil
    }
  }

  /// What Pathbound is told.
  var contactArguments: JSONObject {
    [
      "email": .string(email),
      "properties": [
        "firstname": .string(first), "lastname": .string(last), "jobtitle": .string(title),
        "company": .string(company.name), "industry": .string(company.industry), "city": .string(company.city),
        "country": .string(company.country), "lifecyclestage": .string(stage), "linkedin_url": .string(linkedIn),
      ],
    ]
  }

  /// What Owlbound is told.
  var owlArguments: JSONObject {
    [
      "firstName": .string(first), "lastName": .string(last), "email": .string(email), "title": .string(title),
      "company": .string(company.name), "location": .string("\(company.city), \(company.country)"),
      "linkedInUrl": .string(linkedIn), "source": .string(week % 3 == 0 ? "linkedin" : "website"),
      "tags": .array([.string(company.industry.lowercased())]),
    ]
  }
}

/// Everybody of the demo workspace, made from lists of names.
struct DemoPeople {
  private(set) var companies: [DemoCompany] = []
  var people: [DemoPerson] = []

  /// The weeks over which people became known.
  static let weeks = 13

  /// Makes so many of each.
  init(companies count: Int, people number: Int, _ random: inout DemoRandom) {
    let heads = random.shuffled(DemoNames.companyHeads)
    for position in 0..<count {
      let (tail, industry) = random.pick(DemoNames.companyTails)
      let head = heads[position % heads.count]
      let (city, country) = random.pick(DemoNames.places)
      companies.append(
        DemoCompany(
          name: "\(head) \(tail)", domain: "\(head)-\(tail)".lowercased() + ".example", industry: industry,
          employees: random.pick([12, 28, 45, 80, 140, 220, 380, 650, 1200, 2400]), city: city, country: country))
    }
    var used: Set<String> = []
    for position in 0..<number {
      let company = position < count ? companies[position] : random.pick(companies)
      var (first, last) = ("", "")
      repeat {
        (first, last) = (random.pick(DemoNames.firstNames), random.pick(DemoNames.lastNames))
      } while !used.insert("\(first).\(last)@\(company.domain)").inserted
      people.append(
        DemoPerson(
          first: first, last: last, email: "\(first).\(last)@\(company.domain)".lowercased(),
          title: random.pick(DemoNames.titles), stage: random.pick(weighted: DemoNames.stages), company: company,
          heat: random.pick(weighted: [(1, 55), (4, 28), (14, 13), (40, 4)]), week: position * Self.weeks / number))
    }
  }

  /// Indices of those who were known by a week and whom a condition lets pass.
  func indices(by week: Int, where isWanted: (DemoPerson) -> Bool = { _ in true }) -> [Int] {
    people.indices.filter { people[$0].week <= week && isWanted(people[$0]) }
  }
}
