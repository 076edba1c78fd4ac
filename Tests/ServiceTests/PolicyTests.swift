import JSON
import Operations
import Service
import TestSupport
import Testing

@Suite("Scopes")
struct ScopesTests {
  @Test("a scope that is not granted is refused and named")
  func missing() throws {
    let scopes = Scopes(granted: [.contactsRead])
    let call = Call.of(.fixture(scope: .actionsWrite))
    let error = try #require(throws: ServiceError.self) { try scopes.admit(call) }
    #expect(error.code == .insufficientScope)
    #expect(error.code.status == 403)
    #expect(error.message.contains("actions:write"))
  }

  @Test("a granted scope, no scope asked for, and the owner's key pass")
  func granted() throws {
    let some = Scopes(granted: [.actionsRead])
    try some.admit(.of(.fixture(scope: .actionsRead)))
    try some.admit(.of(.fixture(scope: nil)))
    let owner = Scopes(granted: nil)
    for scope in Scope.allCases { try owner.admit(.of(.fixture(scope: scope))) }
  }

  @Test("a key that grants nothing passes only what asks for nothing")
  func empty() {
    let none = Scopes(granted: [])
    #expect(none.allows(.fixture(scope: nil)))
    #expect(!none.allows(.fixture(scope: .contactsRead)))
  }

  @Test("where an argument decides, the scope of its value is asked for, and one of them lets the tool be listed")
  func byArgument() throws {
    let aggregate = PathboundBatch.aggregate
    let scopes = Scopes(granted: [.eventsRead])
    #expect(scopes.allows(aggregate))
    #expect(!Scopes(granted: [.segmentsRead]).allows(aggregate))
    try scopes.admit(.of(aggregate, ["entity": "events", "group_by": "event"]))
    for (entity, scope) in [("contacts", "contacts:read"), ("companies", "companies:read")] {
      let error = try #require(throws: ServiceError.self) {
        try scopes.admit(.of(aggregate, ["entity": .string(entity), "group_by": "country"]))
      }
      #expect(error.code == .insufficientScope)
      #expect(error.message.contains(scope))
    }
  }
}

@Suite("Approval")
struct ApprovalTests {
  private let decision = Operation.fixture("pathbound_approve_action", access: .write, decides: true)
  private let queue = Operation.fixture("pathbound_queue_action", access: .write)

  @Test("where only a person may decide, decisions and direct actions are refused with the way out")
  func human() throws {
    let policy = Approval(mode: .human)
    let many: JSONObject = ["actions": [["direct": false], ["direct": true]]]
    for call in [Call.of(decision), Call.of(queue, ["direct": true]), Call.of(queue, many)] {
      let error = try #require(throws: ServiceError.self) { try policy.admit(call) }
      #expect(error.code == .forbidden)
      #expect(error.message.contains("Nothing was decided"))
      #expect(error.message.contains("--approvals"))
    }
  }

  @Test("where only a person may decide, queueing for approval still works")
  func humanQueues() throws {
    try Approval(mode: .human).admit(.of(queue, ["direct": false, "require_approval": true]))
    try Approval(mode: .human).admit(.of(queue))
    try Approval(mode: .human).admit(.of(decision, ["dry_run": true]))
  }

  @Test("where only a person may decide, an agent is not let loose by somebody else")
  func humanAgents() throws {
    let loose: JSONObject = ["name": "A", "playbook": ["require_approval": false]]
    for operation in [PathboundAgents.createAgent, PathboundAgents.updateAgent] {
      let error = try #require(throws: ServiceError.self) { try Approval(mode: .human).admit(.of(operation, loose)) }
      #expect(error.code == .forbidden)
      try Approval(mode: .human).admit(.of(operation, ["name": "A", "playbook": ["require_approval": true]]))
      try Approval(mode: .human).admit(.of(operation, ["name": "A"]))
      try Approval(mode: .ask).admit(.of(operation, loose))
    }
  }

  @Test("otherwise the client's own confirmation or the key suffices", arguments: [Approval.Mode.ask, .key])
  func others(mode: Approval.Mode) throws {
    try Approval(mode: mode).admit(.of(decision))
    try Approval(mode: mode).admit(.of(queue, ["direct": true]))
  }
}

@Suite("Credits")
struct CreditsTests {
  @Test("only successful, priced calls are charged")
  func charges() {
    let ledger = FakeLedger()
    let policy = Credits(ledger: ledger, clock: ManualClock())
    let priced = Operation.fixture("owlbound_score_contact", platform: .owlbound, credits: 5)
    policy.settle(.of(priced), succeeded: true)
    policy.settle(.of(priced), succeeded: false)
    policy.settle(.of(.fixture("owlbound_get_health", platform: .owlbound, credits: 0)), succeeded: true)
    policy.settle(.of(.fixture()), succeeded: true)
    #expect(ledger.charges == ["api.owlbound_score_contact 5"])
  }
}
