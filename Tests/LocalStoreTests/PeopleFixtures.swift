import JSON
import Service
import StoreSupport
import Testing

extension TestWorkspace {
  /// Adds a Pathbound company and gives its id.
  func company(_ domain: String, _ properties: JSONObject = [:]) throws -> String {
    let created = try call("pathbound_create_company", ["domain": .string(domain), "properties": .object(properties)])
    return try #require(created["company"]?["_id"]?.stringValue)
  }

  /// Adds an Owlbound contact and gives its id.
  func owlContact(_ fields: JSONObject) throws -> String {
    try #require(try call("owlbound_create_contact", fields)["contactId"]?.stringValue)
  }

  /// Has an e-mail to a contact sent and recorded, and gives its thread.
  @discardableResult
  func send(
    to contact: String, _ subject: String = "Hello", _ message: String = "Hello there", thread: String? = nil
  ) throws -> String {
    let params: JSONObject = [
      "contact_id": .string(contact), "subject": .string(subject), "message": .string(message),
    ]
    let id = try queueMail(params, ["scheduled_time": "2000-01-01T00:00:00Z"])
    let mail = SentMail(
      threadID: thread, messageID: "<\(id)@mail.example>", references: [], subject: subject, contactID: contact)
    try work(.completed(result: ["from": "me@mail.example"], changes: [.recordMail(mail)]))
    return try #require(try action(id)["result"]?["thread_id"]?.stringValue)
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
