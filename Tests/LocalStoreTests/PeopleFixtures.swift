import JSON
import Service
import StoreSupport
import Testing

extension TestWorkspace {
  /// Adds an Owlbound contact and gives its id.
  func owlContact(_ fields: JSONObject) throws -> String {
    try #require(try call("owlbound_create_contact", fields)["contactId"]?.stringValue)
  }

  /// Tracks events and gives their ids.
  @discardableResult
  func track(_ events: JSONValue...) throws -> [String] {
    let answer = try call("pathbound_track_events", ["events": .array(events)])
    return try #require(answer["event_ids"]?.arrayValue).compactMap(\.stringValue)
  }
}

extension JSONObject {
  /// The number of all matches of a list.
  var totalItems: Int64? { self["pagination"]?["total_items"]?.integerValue }
}
