import JSON
import Service
import StoreSupport
import Testing

@Suite("Event list")
struct EventListTests {
  let workspace = TestWorkspace()

  /// Six events, an hour apart; they come in in another order than they happened.
  private func fill() throws -> String {
    let contact = try workspace.contact("ada@b.example")
    let events: [(String, String, String?, Bool)] = [
      ("d", "page_view", "https://shop.example/pricing", true), ("a", "page_view", "https://shop.example/", false),
      ("c", "button_click", "https://blog.example/100%_real", true), ("b", "page_view", "https://blog.example/a", true),
      ("f", "signup", nil, false), ("e", "page_view", "https://shop.example/pricing/faq", false),
    ]
    for (mark, name, url, isKnown) in events {
      let hour = Int(mark.utf8.first ?? 97) - 97
      var event: JSONObject = ["event": .string(name), "data": ["mark": .string(mark)]]
      event["timestamp"] = .string("2026-11-20T0\(hour):00:00Z")
      if let url { event["url"] = .string(url) }
      if isKnown { event["contact_id"] = .string(contact) }
      try workspace.track(.object(event))
    }
    return contact
  }

  private func marks(_ arguments: JSONObject) throws -> String {
    let list = try workspace.call("pathbound_list_events", arguments)
    let marks = list["events"]?.arrayValue?.compactMap { $0["data"]?["mark"]?.stringValue }.joined() ?? "?"
    #expect(list.totalItems == Int64(marks.count))
    var counted = arguments
    counted["count_only"] = true
    #expect(try workspace.call("pathbound_list_events", counted) == ["count": .integer(Int64(marks.count))])
    return marks
  }

  @Test("every filter selects what fulfils it, newest first")
  func filters() throws {
    let contact = JSONValue.string(try fill())
    #expect(try marks([:]) == "fedcba")
    #expect(try marks(["event_type": "page_view"]) == "edba")
    #expect(try marks(["event_type": "PAGE_VIEW"]) == "")
    #expect(try marks(["contact_id": contact]) == "dcb")
    #expect(try marks(["identified_only": true]) == "dcb")
    #expect(try marks(["domain": "Shop.example"]) == "eda")
    #expect(try marks(["domain": "unknown.example"]) == "")
    #expect(try marks(["url_contains": "pricing"]) == "ed")
    #expect(try marks(["url_contains": "PRICING/f"]) == "e")
    #expect(try marks(["url_contains": "0%_"]) == "c")
    #expect(try marks(["url_contains": "%"]) == "c")
    #expect(try marks(["url_contains": "_"]) == "c")
    #expect(try marks(["url_contains": "\""]) == "")
    #expect(try marks(["date_after": "2026-11-20T02:00:00Z", "date_before": "2026-11-20T04:00:00Z"]) == "edc")
    #expect(try marks(["date_before": "2026-11-20"]) == "fedcba")
    #expect(try marks(["date_before": "2026-11-20T00:00:00Z"]) == "a")
    #expect(try marks(["search": "click"]) == "c")
    #expect(try marks(["search": "blog.example"]) == "cb")
    #expect(try marks(["search": "sign"]) == "f")
    #expect(try marks(["search": "nothing at all"]) == "")
  }

  @Test("filters combine")
  func combined() throws {
    let contact = JSONValue.string(try fill())
    #expect(try marks(["contact_id": contact, "event_type": "page_view"]) == "db")
    #expect(try marks(["contact_id": contact, "url_contains": "blog", "date_after": "2026-11-20T02:00:00Z"]) == "c")
    #expect(try marks(["event_type": "page_view", "identified_only": true, "domain": "shop.example"]) == "d")
    #expect(try marks(["search": "page", "url_contains": "shop", "sort_dir": "asc"]) == "ade")
    #expect(try marks(["identified_only": true, "date_after": "2026-11-20T02:00:00Z"]) == "dc")
  }

  @Test("every order, both ways")
  func orders() throws {
    let contact = JSONValue.string(try fill())
    #expect(try marks(["sort_dir": "asc"]) == "abcdef")
    #expect(try marks(["sort_by": "event", "sort_dir": "asc"]) == "cabdef")
    #expect(try marks(["sort_by": "event"]) == "fedbac")
    #expect(try marks(["sort_by": "createdAt", "sort_dir": "asc"]) == "dacbfe")
    #expect(try marks(["sort_by": "createdAt"]) == "efbcad")
    #expect(try marks(["sort_by": "createdAt", "event_type": "page_view"]) == "ebad")
    #expect(try marks(["sort_by": "createdAt", "contact_id": contact]) == "bcd")
    #expect(try marks(["sort_by": "event", "contact_id": contact]) == "dbc")
    #expect(try marks(["sort_by": "event", "domain": "shop.example", "sort_dir": "asc"]) == "ade")
    #expect(try marks(["sort_by": "createdAt", "search": "page"]) == "ebad")
  }

  @Test("pages follow one another without gap or repetition")
  func pages() throws {
    let contact = JSONValue.string(try fill())
    var seen = ""
    for page in 1...4 {
      let list = try workspace.call("pathbound_list_events", ["limit": 2, "page": .integer(Int64(page))])
      seen += list["events"]?.arrayValue?.compactMap { $0["data"]?["mark"]?.stringValue }.joined() ?? "?"
      #expect(list["pagination"] == ["page": .integer(Int64(page)), "limit": 2, "total_pages": 3, "total_items": 6])
    }
    #expect(seen == "fedcba")
    let beyond = try workspace.call(
      "pathbound_list_events", ["contact_id": contact, "page": 10_000_000, "limit": 100])
    #expect(beyond["events"] == [])
    #expect(beyond.totalItems == 3)
  }

  @Test("nothing to list is an empty list")
  func empty() throws {
    #expect(
      try workspace.call("pathbound_list_events")
        == ["events": [], "pagination": ["page": 1, "limit": 20, "total_pages": 0, "total_items": 0]])
    let contact = try workspace.contact("a@b.example")
    #expect(try workspace.call("pathbound_list_events", ["contact_id": .string(contact)])["events"] == [])
  }

  @Test(
    "hostile searches are only text",
    arguments: ["\"", "a\"b\"c", "abc\" OR \"", "%%%", "\\\\\\", "NOT NEAR", "\u{0}", "a\u{0}bc", "🦉🦉🦉", "   "])
  func hostile(text: String) throws {
    _ = try fill()
    for key in ["search", "url_contains"] {
      do {
        let list = try workspace.call("pathbound_list_events", [key: .string(text)])
        #expect(list["events"]?.arrayValue != nil)
      } catch let error as ServiceError {
        #expect(error.code == .validation)
      }
    }
  }

  @Test("texts that are too long to be looked for are refused")
  func long() throws {
    let long = JSONValue.string(String(repeating: "x", count: 100_000))
    #expect(try workspace.refusal("pathbound_list_events", ["search": long]).code == .validation)
    #expect(try workspace.refusal("pathbound_list_events", ["url_contains": long]).code == .validation)
    #expect(try workspace.call("pathbound_list_events", ["event_type": long]).totalItems == 0)
    #expect(try workspace.call("pathbound_list_events", ["domain": long]).totalItems == 0)
  }
}

@Suite("Event list with many matches")
struct LargeEventListTests {
  @Test("few and many matches are found alike, whichever way is taken")
  func ways() throws {
    let workspace = TestWorkspace()
    for batch in 0..<4 {
      let events = (0..<50).map { number -> JSONValue in
        let index = batch * 50 + number
        let url = index % 40 == 0 ? "https://rare.example/x" : "https://common.example/\(index % 7)"
        return [
          "event": index % 2 == 0 ? "page_view" : "click", "url": .string(url), "data": ["n": .integer(Int64(index))],
        ]
      }
      _ = try workspace.call("pathbound_track_events", ["events": .array(events)])
    }
    func numbers(_ arguments: JSONObject) throws -> ([Int64], Int64?) {
      let list = try workspace.call("pathbound_list_events", arguments)
      return (list["events"]?.arrayValue?.compactMap { $0["data"]?["n"]?.integerValue } ?? [], list.totalItems)
    }
    for text in ["rare", "ra"] {
      let rare = try numbers(["search": .string(text)])
      #expect(rare.0 == [160, 120, 80, 40, 0])
      #expect(rare.1 == 5)
    }
    for text in ["common", "mm"] {
      let common = try numbers(["search": .string(text), "limit": 3, "sort_by": "event", "sort_dir": "asc"])
      #expect(common.0 == [1, 3, 5])
      #expect(common.1 == 195)
      #expect(try numbers(["search": .string(text), "limit": 3]).0 == [199, 198, 197])
      #expect(try numbers(["search": .string(text), "limit": 2, "sort_by": "createdAt"]).0 == [199, 198])
      #expect(try numbers(["url_contains": .string(text), "limit": 3]).0 == [199, 198, 197])
      #expect(try numbers(["url_contains": .string(text), "event_type": "page_view", "limit": 1]).0 == [198])
    }
    #expect(try numbers(["domain": "common.example", "limit": 2, "page": 98]).0 == [1])
    #expect(try numbers(["domain": "common.example", "limit": 1]).1 == 195)
    #expect(try numbers(["domain": "rare.example", "event_type": "page_view", "sort_by": "event"]).1 == 5)
  }
}
