import JSON
import Service
import StoreSupport
import Testing

/// Who is who on the two platforms, for scores, enrichment, timelines and sequences alike.
@Suite("The same person on both platforms")
struct SamePersonTests {
  private let workspace = TestWorkspace()

  private func score(_ owl: String) throws -> JSONObject {
    let profile = try workspace.call("owlbound_save_icp_profile", ["name": "P", "industries": ["Robotics"]])
    let id = try #require(profile["profile"]?["id"])
    return try workspace.call("owlbound_score_contact", ["id": .string(owl), "icpProfileId": id])
  }

  @Test("is found by the LinkedIn profile where no e-mail says so, however it is spelled")
  func linkedIn() throws {
    let contact = try workspace.contact(
      "ada@home.example", ["linkedin_url": "http://linkedin.com/in/Ada/", "industry": "Robotics", "jobtitle": "CTO"])
    let owl = try workspace.owlContact(["firstName": "Ada", "linkedInUrl": "https://www.linkedin.com/in/ada?trk=x"])
    #expect(try score(owl)["score"] == 100)

    _ = try workspace.call("owlbound_enrich_contact", ["id": .string(owl)])
    while try WaitingEnrichments(queue: workspace.store, providers: [], uses: nil).doNext(shouldStop: { false }) {}
    #expect(try workspace.call("owlbound_get_contact", ["id": .string(owl)])["contact"]?["title"] == "CTO")

    _ = try workspace.call(
      "owlbound_ingest_signal", ["type": "job_change", "priority": "high", "data": [:], "contactId": .string(owl)])
    let timeline = try workspace.call("pathbound_get_contact_timeline", ["contact_id": .string(contact)])["timeline"]
    #expect(timeline?.arrayValue?.contains { $0.text.contains("job_change") } == true)
  }

  @Test("is found though the e-mails differ, but is never somebody whose e-mail is another's")
  func differentMails() throws {
    _ = try workspace.contact(
      "ada@home.example", ["linkedin_url": "https://linkedin.com/in/ada", "industry": "Robotics"])
    let owl = try workspace.owlContact(["email": "ada@work.example", "linkedInUrl": "linkedin.com/in/ada"])
    #expect(try score(owl)["score"] == 100)
    // Now the address belongs to somebody else.
    _ = try workspace.owlContact(["email": "ada@home.example", "firstName": "Other"])
    #expect(try score(owl)["score"] == 0)
  }

  @Test("the e-mail decides before the profile")
  func mailFirst() throws {
    _ = try workspace.contact("bob@b.example", ["linkedin_url": "https://linkedin.com/in/ada", "industry": "Robotics"])
    _ = try workspace.contact("ada@b.example", ["industry": "Banking"])
    let owl = try workspace.owlContact(["email": "ada@b.example", "linkedInUrl": "linkedin.com/in/ada"])
    #expect(try score(owl)["score"] == 0)
  }
}
