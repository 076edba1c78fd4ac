import JSON
import Platform
import Service
import StoreSupport
import Testing

@Suite("Tracked events")
struct EventTests {
  let workspace = TestWorkspace()

  private func list(_ arguments: JSONObject = [:]) throws -> JSONObject {
    try workspace.call("pathbound_list_events", arguments)
  }

  @Test("an event is shown with page, data, what its browser tells, and whose it is")
  func whole() throws {
    let contact = try workspace.contact("ada@b.example", ["firstname": "Ada"])
    let ids = try workspace.track([
      "event": "page_view", "contact_id": .string(contact), "url": "https://User@Shop.example:8443/pricing?a=1",
      "timestamp": "2026-11-20T10:00:00Z", "data": ["title": "Prices", "path": "/pricing"],
      "userAgent":
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
      "referrer": "https://www.google.com/search",
    ])
    let event = try #require(try list()["events"]?[0])
    #expect(event["_id"]?.stringValue == ids[0])
    #expect(event["event_id"]?.stringValue == ids[0])
    #expect(ids[0].hasPrefix("evt_"))
    #expect(event["event"] == "page_view")
    #expect(event["timestamp"] == "2026-11-20T10:00:00.000Z")
    #expect(event["url"] == "https://User@Shop.example:8443/pricing?a=1")
    #expect(event["domain"] == "shop.example")
    #expect(event["data"] == ["title": "Prices", "path": "/pricing"])
    #expect(event["internal_contact_id"]?.stringValue == contact)
    #expect(
      event["contact"]
        == ["_id": .string(contact), "email": "ada@b.example", "firstname": "Ada", "lastname": .null])
    #expect(event["browser"] == "Chrome")
    #expect(event["browser_version"] == "131.0.0.0")
    #expect(event["os"] == "Windows")
    #expect(event["device_type"] == "Desktop")
    #expect(event["referring_domain"] == "www.google.com")
    #expect(event["is_bot"] == nil)
  }

  @Test("the short form has five members and no joins")
  func summary() throws {
    try workspace.track(["event": "signup", "data": ["plan": "pro"]])
    let event = try #require(try list(["fields": "summary"])["events"]?[0]?.objectValue)
    #expect(Array(event.keys) == ["id", "event", "timestamp", "url", "contact_id"])
    #expect(event["timestamp"] == "2026-11-21T08:30:00.000Z")
  }

  @Test("times are ISO 8601 or milliseconds, and neither in the future nor absurd")
  func times() throws {
    try workspace.track(
      ["event": "a", "timestamp": "2026-11-20T10:00:00+02:00"], ["event": "b", "timestamp": "2026-11-20"],
      ["event": "c", "timestamp": "2026-11-21T08:35:00Z"])
    let shown = try list(["sort_dir": "asc"]).texts("timestamp", of: "events")
    #expect(shown == ["2026-11-20T00:00:00.000Z", "2026-11-20T08:00:00.000Z", "2026-11-21T08:35:00.000Z"])
    for time in ["2026-11-22", "1999-12-31T23:59:59Z", "0001-01-01", "9999-12-31", "1795249800", "soon", ""] {
      let error = try workspace.refusal(
        "pathbound_track_events", ["events": [["event": "x", "timestamp": .string(time)]]])
      #expect(error.code == .validation)
      #expect(error.details.first?.path == "/events/0/timestamp")
    }
  }

  @Test("a batch with one bad event stores nothing and names it")
  func atomic() throws {
    let bad: [JSONValue] = [
      ["event": "x", "contact_id": "ct_nobody"],
      ["event": "x", "visitorId": .string(String(repeating: "v", count: 600))],
      ["event": "x", "data": ["t": .string(String(repeating: "x", count: 20_000))]],
      ["event": "x", "url": "https://a.example/\u{0}"],
      ["event": "x", "url": .string("https://" + String(repeating: "x", count: 1_000_000))],
    ]
    for event in bad {
      let error = try workspace.refusal("pathbound_track_events", ["events": [["event": "good"], event]])
      #expect(error.code == .validation || error.code == .notFound)
    }
    #expect(try list(["count_only": true]) == ["count": 0])
    #expect(try list(["count_only": true, "event_type": "good"]) == ["count": 0])
  }

  @Test("a visitor's events go to the contact it is attached to, earlier ones too")
  func visitors() throws {
    try workspace.track(
      [
        "event": "first_visit", "visitorId": "v1", "url": "https://a.example/landing",
        "timestamp": "2026-11-01T00:00:00Z",
        "data": ["initialReferrer": "https://news.example/x", "utmParams": ["utm_source": "news"]],
      ], ["event": "page_view", "visitorId": "v1", "timestamp": "2026-11-02T00:00:00Z"],
      ["event": "page_view", "visitorId": "v2", "timestamp": "2026-10-01T00:00:00Z"])
    let created = try workspace.call("pathbound_create_contact", ["email": "a@b.example", "visitor_id": "v1"])
    let contact = try #require(created["contact"]?["_id"])
    #expect(created["contact"]?["creation_referrer"] == "https://news.example/x")
    #expect(created["contact"]?["creation_referring_domain"] == "news.example")
    #expect(created["contact"]?["creation_landing_page"] == "https://a.example/landing")
    #expect(created["contact"]?["creation_utms"] == ["utm_source": "news"])
    #expect(created["contact"]?["first_seen_at"] == "2026-11-01T00:00:00.000Z")
    try workspace.track(["event": "page_view", "visitorId": "v1"])
    #expect(try list(["contact_id": contact]).totalItems == 3)
    #expect(try list(["identified_only": true]).totalItems == 3)
    // A second visitor brings its events, but the first touch stays.
    let updated = try workspace.call(
      "pathbound_update_contact", ["contact_id": contact, "visitor_id": ["v2", "v3"]])
    #expect(updated["contact"]?["first_seen_at"] == "2026-11-01T00:00:00.000Z")
    try workspace.track(["event": "page_view", "visitorId": "v3"])
    #expect(try list(["contact_id": contact]).totalItems == 5)
  }

  @Test("who is attached before the first visit is seen first at the first event")
  func laterFirstTouch() throws {
    let created = try workspace.call("pathbound_create_contact", ["email": "a@b.example", "visitor_id": ["v1"]])
    let contact = try #require(created["contact"]?["_id"])
    #expect(created["contact"]?["first_seen_at"] == .null)
    try workspace.track(["event": "page_view", "visitorId": "v1", "url": "https://a.example/x"])
    let read = try workspace.call("pathbound_get_contact", ["contact_id": contact])
    #expect(read["contact"]?["creation_landing_page"] == "https://a.example/x")
    #expect(read["contact"]?["creation_referring_domain"] == "direct")
    #expect(read["unified_profile"]?["total_events"] == 1)
  }

  @Test("a visitor that another contact claims sends later events there; earlier ones stay")
  func claimedVisitor() throws {
    let first = try workspace.contact("first@b.example")
    let second = try workspace.contact("second@b.example")
    try workspace.track(["event": "a", "visitorId": "v", "contact_id": .string(first)])
    try workspace.track(["event": "b", "visitorId": "v"])
    try workspace.track(["event": "c", "visitorId": "v", "contact_id": .string(second)])
    try workspace.track(["event": "d", "visitorId": "v"])
    #expect(try list(["contact_id": .string(first), "sort_by": "event"]).texts("event", of: "events") == ["b", "a"])
    #expect(try list(["contact_id": .string(second), "sort_by": "event"]).texts("event", of: "events") == ["d", "c"])
  }

  @Test("an external id that is known later takes in the events that named it, with all that their visitor did")
  func laterExternalIDs() throws {
    try workspace.track(
      ["event": "x", "external_contact_id": "crm-9"],
      ["event": "x", "external_contact_id": "crm-9", "visitorId": "v9"],
      ["event": "x", "visitorId": "v9"], ["event": "x", "external_contact_id": "crm-10"])
    #expect(try workspace.call("pathbound_list_events", ["identified_only": true]).totalItems == 0)
    let contact = try workspace.contact("late@b.example", ["external_id": "crm-9"])
    #expect(try workspace.call("pathbound_list_events", ["contact_id": .string(contact)]).totalItems == 3)
    try workspace.track(["event": "x", "visitorId": "v9"])
    #expect(try workspace.call("pathbound_list_events", ["contact_id": .string(contact)]).totalItems == 4)
    let other = try workspace.contact("other@b.example")
    _ = try workspace.call(
      "pathbound_update_contact", ["contact_id": .string(other), "properties": ["external_id": "crm-10"]])
    #expect(try workspace.call("pathbound_list_events", ["contact_id": .string(other)]).totalItems == 1)
    #expect(try workspace.call("pathbound_list_events", ["identified_only": true]).totalItems == 5)
  }

  @Test("an external id links an event by our id or by the contact's own external_id; an unknown one does not")
  func externalIDs() throws {
    let contact = try workspace.contact("a@b.example", ["external_id": "crm-7"])
    try workspace.track(
      ["event": "x", "external_contact_id": "crm-7", "visitorId": "v"],
      ["event": "x", "external_contact_id": .string(contact)], ["event": "x", "external_contact_id": "nobody"],
      ["event": "x", "visitorId": "v"])
    #expect(try list(["contact_id": .string(contact)]).totalItems == 3)
    #expect(try list().totalItems == 4)
  }

  @Test("crawlers are marked and kept")
  func crawler() throws {
    try workspace.track([
      "event": "page_view",
      "userAgent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ])
    #expect(try list()["events"]?[0]?["is_bot"] == true)
  }

  @Test(
    "an e-mail in a form or a video player makes a visitor a contact with its whole history",
    arguments: [
      ("form_submit", ["formId": "demo", "email": "Ada@b.example", "first_name": "Ada", "Company": "Analytical"]),
      ("form_submit", ["formId": "demo", "formData": ["Work E-Mail": "Ada@b.example", "firstName": "Ada"]]),
      ("form_submit", ["fields": [["name": "email", "value": "Ada@b.example"], ["name": "fname", "value": "Ada"]]]),
      ("video_conversion", ["videoId": "w1", "email": "Ada@b.example", "firstname": "Ada"]),
    ] as [(String, JSONObject)])
  func formContact(event: String, data: JSONObject) throws {
    try workspace.track(
      ["event": "page_view", "visitorId": "v1", "url": "https://a.example/x", "timestamp": "2026-11-01T00:00:00Z"],
      ["event": .string(event), "visitorId": "v1", "data": .object(data)])
    let found = try workspace.call("pathbound_list_contacts", ["search": "ada"])["contacts"]?[0]
    let contact = try #require(found)
    #expect(contact["properties"]?["email"] == "Ada@b.example")
    #expect(contact["properties"]?["firstname"] == "Ada")
    #expect(contact["creation_source"] == (event == "form_submit" ? "form" : "video"))
    #expect(contact["creation_landing_page"] == "https://a.example/x")
    let id = try #require(contact["_id"])
    #expect(try list(["contact_id": id]).totalItems == 2)
    // Later events of the browser are hers, too, and a second form makes no second contact.
    try workspace.track(
      ["event": "page_view", "visitorId": "v1"],
      ["event": .string(event), "visitorId": "v2", "data": ["email": "ada@B.example", "firstname": "Eve"]])
    #expect(try list(["contact_id": id]).totalItems == 4)
    let read = try workspace.call("pathbound_get_contact", ["contact_id": id])
    #expect(read["contact"]?["properties"]?["firstname"] == "Ada")
    #expect(try workspace.call("pathbound_list_contacts", ["count_only": true]) == ["count": 1])
  }

  @Test("what is no form, or holds no mailbox, makes nobody a contact")
  func noFormContact() throws {
    try workspace.track(
      ["event": "page_view", "visitorId": "v", "data": ["email": "a@b.example"]],
      ["event": "form_submit", "visitorId": "v", "data": ["email": "not an address"]],
      ["event": "form_submit", "visitorId": "v", "data": ["formId": "x"]], ["event": "form_submit", "visitorId": "v"])
    #expect(try workspace.call("pathbound_list_contacts", ["count_only": true]) == ["count": 0])
  }

  @Test("one event is shown with all that the tracker sent, whichever spelling it used")
  func single() throws {
    let ids = try workspace.track([
      "event": "page_view", "visitor_id": "v1", "session_id": "s1", "url": "https://a.example/x",
      "screen_resolution": "1920x1080", "ga_user_id": "GA1", "user_agent": "Mozilla/5.0 (iPhone) Mobile Safari",
    ])
    let event = try workspace.call("pathbound_get_event", ["event_id": .string(ids[0])])["event"]
    #expect(event?["_id"]?.stringValue == ids[0])
    #expect(event?["visitorId"] == "v1")
    #expect(event?["sessionId"] == "s1")
    #expect(event?["screenResolution"] == "1920x1080")
    #expect(event?["ga_user_id"] == "GA1")
    #expect(event?["device_type"] == "Mobile")
    #expect(event?["createdAt"] == "2026-11-21T08:30:00.000Z")
    #expect(event?["internal_contact_id"] == .null)
    #expect(try workspace.refusal("pathbound_get_event", ["event_id": "evt_nobody"]).code == .notFound)
  }

  @Test("event types are told with their number and last time, the commonest first")
  func types() throws {
    #expect(try workspace.call("pathbound_list_event_types") == ["event_types": []])
    try workspace.track(
      ["event": "b", "timestamp": "2026-11-01T00:00:00Z"], ["event": "b", "timestamp": "2026-11-03T00:00:00Z"],
      ["event": "a", "timestamp": "2026-11-02T00:00:00Z"], ["event": "c"], ["event": "b"])
    let types = try workspace.call("pathbound_list_event_types")
    #expect(types.texts("event", of: "event_types") == ["b", "a", "c"])
    #expect(types["event_types"]?[0] == ["event": "b", "count": 3, "last_seen": "2026-11-21T08:30:00.000Z"])
    #expect(types["event_types"]?[1]?["last_seen"] == "2026-11-02T00:00:00.000Z")
  }

  @Test("statistics can be those of one contact or one site")
  func someStats() throws {
    let id = try workspace.contact("ada@b.example")
    try workspace.track(
      ["event": "a", "contact_id": .string(id), "url": "https://one.example/"],
      ["event": "a", "url": "https://one.example/"],
      ["event": "b", "contact_id": .string(id), "url": "https://two.example/"])
    func total(_ arguments: JSONObject) throws -> JSONValue? {
      try workspace.call("pathbound_get_event_stats", arguments)["stats"]?["total_events"]
    }
    #expect(try total(["contact_id": .string(id)]) == 2)
    #expect(try total(["domain": "one.example"]) == 2)
    #expect(try total(["domain": "one.example", "contact_id": .string(id)]) == 1)
    #expect(try total(["domain": "three.example"]) == 0)
    #expect(try workspace.refusal("pathbound_get_event_stats", ["contact_id": "ct_nobody"]).code == .notFound)
  }

  @Test("statistics of nothing are zero")
  func noStats() throws {
    let stats = try workspace.call("pathbound_get_event_stats")["stats"]
    #expect(stats?["total_events"] == 0)
    #expect(stats?["by_type"] == [])
    #expect(stats?["by_day"] == [])
    #expect(stats?["first_event_at"] == .null)
  }
}
