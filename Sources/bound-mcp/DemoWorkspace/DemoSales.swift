internal import JSON
internal import Platform

/// What the sales team of the demo workspace does week by week: signals, scores, notes, sequences.
struct DemoSales {
  private let desk: DemoDesk
  /// Who sends: Sam, who is the default, and Priya.
  let senders: [String]
  private let profile: String
  private let sequence: String
  private let fundingWorkflow: JSONObject

  /// Defines what the team works with.
  init(_ desk: DemoDesk, _ companies: [DemoCompany]) throws(DemoFailure) {
    self.desk = desk
    try desk.call(
      "pathbound_update_identity",
      [
        "identity_id": "id_default", "firstName": "Sam", "lastName": "Rivera", "jobTitle": "Account Executive",
        "email": "sam@tidemark.example",
      ])
    let priya = try desk.call(
      "pathbound_create_identity",
      ["firstName": "Priya", "lastName": "Nair", "role": "Sales Engineer", "email": "priya@tidemark.example"])
    senders = ["id_default", priya["identity"]?["_id"]?.stringValue ?? ""]
    try desk.all(companies.map { ("pathbound_create_company", Self.arguments($0)) })
    try desk.all(
      companies.map { company in
        (
          "owlbound_upsert_company",
          [
            "linkedInUrl": .string("https://www.linkedin.com/company/\(company.slug)"), "name": .string(company.name),
            "domain": .string(company.domain), "industry": .string(company.industry),
          ]
        )
      })
    let saved = try desk.all([
      ("owlbound_save_icp_profile", Self.leaders), ("owlbound_save_sequence", Self.introduction),
      ("owlbound_save_connector", Self.slack), ("pathbound_save_segment", Self.opportunities),
      ("pathbound_save_segment", Self.backOnPricing), ("pathbound_save_outreach_rules", Self.rules),
    ])
    profile = saved[0]["profile"]?["id"]?.stringValue ?? ""
    sequence = saved[1]["sequence"]?["id"]?.stringValue ?? ""
    fundingWorkflow = [
      "name": "Funding: score and tell sales", "triggers": [["type": "funding_round", "priority": "high"]],
      "steps": [
        ["type": "score", "icpProfileId": .string(profile)],
        ["type": "notify", "message": "{{company|A company}} has raised money: look at {{firstName|the contact}}."],
      ],
    ]
  }

  private static let leaders: JSONObject = [
    "name": "Revenue leaders in Europe", "titles": ["Head of Sales", "VP Sales", "Chief Revenue Officer"],
    "seniorities": ["c_level", "vp", "head", "director"], "industries": ["Software", "Financial services"],
    "company_size_min": 50, "company_size_max": 1000,
    "locations": ["Germany", "France", "Netherlands", "United Kingdom"],
    "signal_types": ["funding_round", "job_posting", "website_visit"], "engagement": true,
  ]

  private static let introduction: JSONObject = [
    "name": "Warm introduction", "requireApproval": false,
    "exclude": [["field": "status", "op": "equals", "value": "converted"]],
    "steps": [
      ["type": "email", "subject": "Forecasts that hold", "message": .string(DemoTexts.introduction)],
      ["type": "linkedin", "delayDays": 4],
      ["type": "email", "delayDays": 5, "followUp": true, "message": .string(DemoTexts.reminder)],
    ],
  ]

  private static let slack: JSONObject = [
    "integrationSlug": "slack", "config": ["channel": "#sales", "token": "$SLACK_BOT_TOKEN"],
  ]

  private static let opportunities: JSONObject = [
    "name": "Open opportunities", "filter": ["lifecycle_stage": "opportunity"],
  ]

  private static let backOnPricing: JSONObject = [
    "name": "Back on pricing",
    "filter": [
      "events": [["event_type": "page_view", "url_contains": "/pricing", "within_days": 7, "min_count": 2]]
    ],
  ]

  private static let rules: JSONObject = ["suppress": ["ministry.example", "jobs@tidemark.example"]]

  private static func arguments(_ company: DemoCompany) -> JSONObject {
    [
      "domain": .string(company.domain),
      "properties": [
        "name": .string(company.name), "industry": .string(company.industry), "city": .string(company.city),
        "country": .string(company.country), "employee_count": .integer(Int64(company.employees)),
      ],
    ]
  }

  private static let signals = [
    ("funding_round", 10), ("job_change", 14), ("company_growth", 12), ("website_visit", 26), ("content_download", 14),
    ("job_posting", 14), ("technology_adoption", 8), ("custom_webhook", 2),
  ]

  /// The team's week, at its end.
  func work(on week: Int, _ everyone: DemoPeople, _ random: inout DemoRandom) throws(DemoFailure) {
    let known = everyone.indices(by: week) { !$0.owl.isEmpty }
    if week == DemoPeople.weeks - 3 { try desk.call("owlbound_save_workflow", fundingWorkflow) }
    var calls: [DemoDesk.ToolCall] = []
    for _ in 0..<random.number(6...9) {
      let person = everyone.people[random.pick(known)]
      let type = random.pick(weighted: Self.signals)
      calls.append(
        (
          "owlbound_ingest_signal",
          [
            "type": .string(type), "contactId": .string(person.owl),
            "priority": .string(random.pick(weighted: [("high", 3), ("medium", 5), ("low", 2)])),
            "source": .string(type == "website_visit" ? "website_tracker" : "news"),
            "data": .object(DemoTexts.signal(type, person, &random)),
          ]
        ))
    }
    for _ in 0..<14 {
      let arguments: JSONObject = [
        "id": .string(everyone.people[random.pick(known)].owl), "icpProfileId": .string(profile),
      ]
      calls.append(("owlbound_score_contact", arguments))
    }
    for note in random.shuffled(DemoTexts.notes).prefix(4) {
      let person = everyone.people[random.pick(known)]
      calls.append(
        ("pathbound_create_contact_note", ["contact_id": .string(person.contact), "content": .string(note)]))
    }
    calls += try enrollments(week, everyone, &random)
    try desk.all(calls)
    try desk.letHappen()
  }

  /// Two leads a week are introduced, in the last month.
  private func enrollments(
    _ week: Int, _ everyone: DemoPeople, _ random: inout DemoRandom
  ) throws(DemoFailure) -> [DemoDesk.ToolCall] {
    guard week >= DemoPeople.weeks - 4 else { return [] }
    let new = everyone.indices(by: week) { $0.week == week && $0.stage == "prospect" && !$0.owl.isEmpty }
    return random.shuffled(new).prefix(2).map { person in
      (
        "owlbound_enroll_in_sequence",
        ["id": .string(sequence), "contactId": .string(everyone.people[person].owl), "source": "demo"]
      )
    }
  }
}
