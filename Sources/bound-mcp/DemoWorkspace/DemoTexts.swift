internal import JSON

/// What people and agents of the demo workspace write.
enum DemoTexts {
  /// Who sends mail where an identity has no address.
  static let sender = "Sam Rivera <sam@tidemark.example>"

  /// The mails of the sequence.
  static let introduction = """
    Hi {{firstName|there}},

    teams like that of {{company|yours}} lose days on the forecast each month. May I show you in twenty minutes how \
    others got them back?

    Best regards
    Sam
    """
  static let reminder = """
    Hi {{firstName|there}},

    a short reminder; if it is not a topic, tell me and I will not write again.

    Best regards
    Sam
    """

  static let notes = [
    "Spoke on the phone: budget is there from January, decision with the CFO.",
    "Wants to see how attribution copes with offline events. Send the webinar recording.",
    "Met at the Lisbon meetup. Their team is growing to twelve this year.",
    "Asked for a reference in their industry; Halden Robotics would talk to them.",
    "Security questionnaire received, answered by Priya on the same day.",
    "Not before spring: they are moving to a new CRM first.",
    "Champion is moving to another team, introduce ourselves to the successor.",
    "Trial went well, two open questions on the data export.",
  ]

  static let approvals = ["Good, send it.", "Fine.", "Nice and short.", "Yes."]
  static let rejections = [
    "We talked yesterday, this would be odd.", "Procurement is at it, don't push.", "Too early, they are on holiday.",
  ]

  /// A playbook for the agent whose model is the connected client.
  static let renewals = """
    You look after customers. Look at each customer's last activity. Propose a task for their account manager when they \
    were on the pricing page or asked for the API in the last 30 days, or when nothing was heard from them for 30 days. \
    Say in the task's title what to do, and in its description which facts decided. Propose nothing for the others.
    """

  static let funding = """
    You are an SDR. When a contact's company has announced a funding round in the last 14 days, propose one short e-mail \
    that congratulates without flattery and asks one question about their plans for the sales team. If we wrote in the \
    last 10 days, propose nothing.
    """

  /// Mails that wait for a decision, with what the reviewer is told.
  static let mails: [(subject: String, message: String, reason: String)] = [
    (
      "The forecast guide, and one question",
      """
      Hi {first},

      thank you for downloading the forecast guide. Page 9 is the one that most teams at {company} size print out.

      Are you planning the next quarter with pipeline coverage, or still by hand?

      Best regards
      Sam
      """, "Downloaded the forecast guide, no answer to the last mail yet"
    ),
    (
      "Thursday for the demo?",
      """
      Hi {first},

      you asked for a demo of forecasting. Would Thursday at 14:00 suit you? I would show it on data like that of \
      {company}, in thirty minutes.

      Best regards
      Priya
      """, "Asked for a demo on the website"
    ),
    (
      "Your question on attribution",
      """
      Hi {first},

      yes: attribution takes offline events, by CSV or by the API. Two lines of the documentation say it best, I have \
      put them below. Tell me when {company} wants to try it, and I will set up the import with you.

      Best regards
      Sam
      """, "Asked at the webinar whether offline events count"
    ),
    (
      "After the security review",
      """
      Hi {first},

      our answers to your security questionnaire are with your team since Monday. Is anything still open for {company}?

      Best regards
      Priya
      """, "Security review has been open for a week"
    ),
  ]

  /// Data of a signal of each type.
  static func signal(_ type: String, _ person: DemoPerson, _ random: inout DemoRandom) -> JSONObject {
    let company: JSONValue = .string(person.company.name)
    switch type {
    case "funding_round":
      return [
        "company": company, "round": .string(random.pick(["Seed", "Series A", "Series B", "Series C"])),
        "amount_usd": .integer(Int64(random.number(3...60)) * 1_000_000),
      ]
    case "job_change":
      return ["company": company, "new_title": .string(person.title), "previous_company": "Formerly elsewhere"]
    case "company_growth":
      return [
        "company": company, "employees": .integer(Int64(person.company.employees)),
        "growth_percent": .integer(Int64(random.number(8...45))),
      ]
    case "website_visit":
      return [
        "pageUrl": "/pricing", "referrer": "https://www.google.com/",
        "company": ["name": company, "domain": .string(person.company.domain)],
      ]
    case "content_download": return ["content": "The forecast guide", "company": company]
    case "job_posting":
      return [
        "company": company,
        "title": .string(random.pick(["Head of Sales", "Revenue Operations Manager", "Data Engineer"])),
        "location": .string(person.company.city),
      ]
    case "technology_adoption":
      return ["company": company, "technology": .string(random.pick(["HubSpot", "Snowflake", "dbt", "Salesforce"]))]
    default: return ["company": company, "event": "webinar_attended"]
    }
  }
}
