import Foundation
import JSON
import Operations
import Outreach
import Platform
import Service
import Synchronization
import TestSupport
import Testing

@Suite("E-mail executor")
struct EmailExecutorTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/outbox-\(UUID().uuidString)"

  private func executor(sender: Mailbox? = nil) -> EmailMessage {
    EmailMessage(outbox: folder, sender: sender, clock: FixedClock("2026-11-21T08:30:00Z"))
  }

  private func action(
    _ params: JSONObject, id: String = "act_1", claim: Int64 = 7, email: String? = "grace@example.com"
  ) -> ClaimedAction {
    ClaimedAction(
      id: id, type: "email_message", params: params,
      identity: .init(id: "id_default", name: "Grace Hopper", email: email), contactID: "ct_1", summary: nil,
      claim: claim)
  }

  private let params: JSONObject = [
    "email": "ada@example.org", "subject": "Grüße", "message": "Hi Ada", "contact_id": "ct_1",
  ]

  private func completed(_ outcome: ActionOutcome) throws -> (result: JSONObject, mail: SentMail) {
    guard case .completed(let result, let changes) = outcome, case .recordMail(let mail) = changes.first else {
      throw Failure(outcome: outcome)
    }
    #expect(changes.count == 1)
    return (result, mail)
  }

  private struct Failure: Error { let outcome: ActionOutcome }

  private func failure(_ outcome: ActionOutcome) -> String? {
    if case .failed(let reason) = outcome { reason } else { nil }
  }

  private func names(in part: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").sorted()
  }

  private func reader(_ result: JSONObject) throws -> MessageReader {
    try MessageReader(Files.read(try #require(result["path"]?.stringValue), limit: 1 << 24))
  }

  @Test("a message lies complete in the outbox, and the result says where")
  func delivered() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (result, mail) = try completed(executor().perform(action(params)))
    #expect(try names(in: "new") == ["act_1.7.eml"])
    #expect(try names(in: "tmp").isEmpty)
    #expect(try names(in: "cur").isEmpty)
    #expect(result["path"] == .string("\(folder)/new/act_1.7.eml"))
    #expect(result["to"] == "ada@example.org")
    #expect(result["notice"] == nil)
    let reader = try reader(result)
    #expect(try reader.field("From") == "Grace Hopper <grace@example.com>")
    #expect(try reader.field("To") == "ada@example.org")
    #expect(try reader.text("Subject") == "Grüße")
    #expect(try reader.field("Date") == "Sat, 21 Nov 2026 08:30:00 +0000")
    #expect(try reader.field("Message-ID") == result["message_id"]?.stringValue)
    #expect(try reader.decodedBody() == "Hi Ada\r\n")
    #expect(mail.messageID == result["message_id"]?.stringValue)
    #expect(mail.subject == "Grüße")
    #expect(mail.contactID == "ct_1")
    #expect(mail.threadID == nil)
    #expect(mail.messageID.hasSuffix("@example.com>"))
  }

  @Test("files and folders are for the user alone")
  func permissions() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (result, _) = try completed(executor().perform(action(params)))
    #expect(try Files.permissions(of: folder) == 0o700)
    #expect(try Files.permissions(of: folder + "/new") == 0o700)
    #expect(try Files.permissions(of: #require(result["path"]?.stringValue)) == 0o600)
  }

  @Test("the same claim delivered again is the same message")
  func repeatedClaim() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try completed(executor().perform(action(params)))
    let second = try completed(executor().perform(action(params)))
    #expect(try names(in: "new") == ["act_1.7.eml"])
    #expect(try names(in: "tmp").isEmpty)
    #expect(first.mail.messageID == second.mail.messageID)
    #expect(first.result == second.result)
  }

  @Test("ten threads that deliver one claim leave one message")
  func concurrentClaim() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let ids = Mutex<Set<String>>([])
    DispatchQueue.concurrentPerform(iterations: 10) { _ in
      if case .completed(let result, _) = executor().perform(action(params)) {
        _ = ids.withLock { $0.insert(result["message_id"]?.stringValue ?? "") }
      }
    }
    #expect(try names(in: "new").count == 1)
    #expect(try names(in: "tmp").isEmpty)
    #expect(ids.withLock(\.count) == 1)
  }

  @Test("other actions and other claims are other messages with other ids")
  func otherClaims() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var ids: Set<String> = []
    for (id, claim) in [("act_1", 7), ("act_1", 8), ("act_2", 7)] as [(String, Int64)] {
      ids.insert(try completed(executor().perform(action(params, id: id, claim: claim))).mail.messageID)
    }
    #expect(ids.count == 3)
    #expect(try names(in: "new").count == 3)
  }

  @Test("an action id can't leave the outbox")
  func hostileActionID() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let id = "../../etc/\u{0}x" + String(repeating: "é", count: 500)
    let (result, _) = try completed(executor().perform(action(params, id: id)))
    #expect(result["path"]?.stringValue?.hasPrefix("\(folder)/new/------etc--x") == true)
    #expect(try names(in: "new").count == 1)
  }

  @Test("copies, HTML and thread come from the parameters")
  func allParameters() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var params = params
    params["cc"] = ["c1@example.org", "Copy Two <c2@example.org>"]
    params["bcc"] = "b@example.org"
    params["html"] = "<b>Hi</b>"
    params["thread_id"] = "thr_1"
    params["in_reply_to_message_id"] = "<parent@example.org>"
    params["references"] = ["<root@example.org>", "<parent@example.org>"]
    let (result, mail) = try completed(executor().perform(action(params)))
    let reader = try reader(result)
    #expect(try reader.field("Cc") == "c1@example.org, Copy Two <c2@example.org>")
    #expect(try reader.field("Bcc") == "b@example.org")
    #expect(try reader.field("In-Reply-To") == "<parent@example.org>")
    #expect(try reader.field("References") == "<root@example.org> <parent@example.org>")
    #expect(try reader.parts().map { try $0.decodedBody() } == ["Hi Ada\r\n", "<b>Hi</b>\r\n"])
    #expect(result["cc"] == ["c1@example.org", "c2@example.org"])
    #expect(result["thread_id"] == "thr_1")
    #expect(mail.threadID == "thr_1")
    #expect(mail.references == ["<root@example.org>", "<parent@example.org>"])
  }

  @Test("an answer without a chain refers to the message it answers")
  func parentOnly() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var params = params
    params["in_reply_to_message_id"] = "parent@example.org"
    let (result, mail) = try completed(executor().perform(action(params)))
    #expect(try reader(result).field("References") == "<parent@example.org>")
    #expect(mail.references == ["<parent@example.org>"])
  }

  @Test("an identity without an address sends as the configured sender, under its own name")
  func configuredSender() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let sender = try Mailbox(parsing: "Sales <sales@example.net>", field: "sender")
    let (result, _) = try completed(executor(sender: sender).perform(action(params, email: nil)))
    #expect(try reader(result).field("From") == "Grace Hopper <sales@example.net>")
    #expect(result["notice"]?.stringValue?.contains("BOUND_MCP_SENDER") == true)
  }

  @Test("without any configured sender it is the user at this computer")
  func localSender() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (result, _) = try completed(executor().perform(action(params, email: nil)))
    let from = try #require(result["from"]?.stringValue)
    #expect(throws: Never.self) { try Mailbox(address: from, field: "from") }
    #expect(result["notice"] != nil)
  }

  @Test("an address outside ASCII is kept, and the result says what its sender must speak")
  func international() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var params = params
    params["email"] = "jörg@müller.example"
    let (result, _) = try completed(executor().perform(action(params)))
    #expect(try reader(result).field("To") == "jörg@müller.example")
    #expect(result["needs_smtputf8"] == true)
  }

  @Test("a text of 100 kB goes through")
  func largeText() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var params = params
    let text = String(repeating: "Zeile für Zeile. ", count: 6000)
    params["message"] = .string(text)
    let (result, _) = try completed(executor().perform(action(params)))
    #expect(try reader(result).decodedBody() == text + "\r\n")
  }

  @Test(
    "hostile and missing parameters fail, name the field and write nothing",
    arguments: [
      ("email", "a@example.org\r\nBcc: b@example.org"), ("email", "a@example.org, b@example.org"), ("email", nil),
      ("email", "nobody"), ("subject", "x\r\nBcc: b@example.org"), ("subject", "  "), ("subject", nil),
      ("message", nil), ("message", "\u{0}"), ("html", "\u{0}"), ("cc", "a@example.org, b@example.org"),
      ("bcc", "x\ny@example.org"), ("in_reply_to_message_id", "<a@b>\r\nX-Evil: 1"), ("references", "nonsense"),
    ] as [(String, String?)])
  func refused(field: String, value: String?) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var params = params
    params[field] = value.map { .string($0) } ?? .null
    let reason = try #require(failure(executor().perform(action(params))))
    #expect(reason.contains(" \(field) "))
    #expect(reason.hasPrefix("email_message can't be done"))
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("parameters of the wrong kind fail", arguments: ["email", "subject", "message", "html", "thread_id", "cc"])
  func wrongKind(field: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for value in [5, true, ["a": 1], [5]] as [JSONValue] {
      var params = params
      params[field] = value
      #expect(failure(executor().perform(action(params)))?.contains(field) == true)
    }
  }

  @Test("an identity with a broken address fails and says so")
  func brokenIdentity() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(failure(executor().perform(action(params, email: "x\r\n@y")))?.contains("identity") == true)
  }

  @Test("an outbox that can't be written fails with what to do")
  func unwritable() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Files.createExclusively(folder).close()
    let reason = try #require(failure(executor().perform(action(params))))
    #expect(reason.contains("BOUND_MCP_OUTBOX"))
    #expect(reason.contains("Nothing was sent"))
  }
}
