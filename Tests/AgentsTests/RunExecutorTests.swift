import Agents
import JSON
import Logging
import Operations
import Service
import Synchronization
import TestSupport
import Testing

@Suite("Run executor")
struct RunExecutorTests {
  /// Answers what the test says.
  private struct Provider: ModelProvider {
    var name = "rules"
    let answer: @Sendable (RunContact) -> Result<ModelAnswer, ProviderFailure>

    func propose(
      for contact: RunContact, run: ClaimedRun, session: RunSession
    ) throws(ProviderFailure) -> ModelAnswer {
      try answer(contact).get()
    }
  }

  private func run(
    capabilities: [String] = [], playbook: JSONObject = [:], model: JSONObject = [:]
  ) -> ClaimedRun {
    ClaimedRun(
      id: "run_1", agentID: "ag_1", template: nil, playbook: playbook, capabilities: capabilities,
      identityID: "id_default", model: model, claim: 1)
  }

  private func executor(
    _ answer: @escaping @Sendable (RunContact) -> Result<ModelAnswer, ProviderFailure>
  ) -> RunExecutor {
    RunExecutor(providers: [Provider(answer: answer)], log: Log(level: .error))
  }

  private func suggesting(_ type: String, _ params: JSONObject) -> RunExecutor {
    executor { _ in .success(ModelAnswer(reasoning: "because", suggestions: [.init(type: type, params: params)])) }
  }

  private func contacts(_ count: Int) -> [RunContact] { (0..<count).map { RunContact(id: "ct_\($0)", context: [:]) } }

  private let note: JSONObject = ["content": "hello"]

  @Test("every person gets a result, and the run completes")
  func completes() {
    let queue = RunQueueDouble(contacts(30))
    suggesting("create_note", note).perform(run(), queue: queue) { false }
    #expect(queue.results.map(\.contactID) == contacts(30).map(\.id))
    #expect(queue.results.allSatisfy { $0.reasoning == "because" && $0.error == nil && $0.proposals.count == 1 })
    #expect(queue.end == .completed)
  }

  @Test("a run without people completes")
  func empty() {
    let queue = RunQueueDouble([])
    suggesting("create_note", note).perform(run(), queue: queue) { false }
    #expect(queue.end == .completed)
  }

  @Test("the person's id is added where the type takes it, and not to a company's note")
  func contactID() {
    func params(_ type: String, _ params: JSONObject) -> JSONObject? {
      let queue = RunQueueDouble(contacts(1))
      suggesting(type, params).perform(run(), queue: queue) { false }
      return queue.results.first?.proposals.first?.params
    }
    #expect(params("create_note", note)?["contact_id"] == "ct_0")
    #expect(params("email_message", ["message": "hi"])?["contact_id"] == "ct_0")
    #expect(params("send_slack_message", ["channel": "c", "message": "m"])?.contains("contact_id") == false)
    #expect(params("create_note", ["content": "x", "company_id": "co_1"])?.contains("contact_id") == false)
  }

  @Test("an action for another person is refused")
  func otherContact() {
    let queue = RunQueueDouble(contacts(1))
    suggesting("create_note", ["content": "x", "contact_id": "ct_9"]).perform(run(), queue: queue) { false }
    #expect(queue.results.first?.proposals.isEmpty == true)
    #expect(queue.results.first?.error?.contains("another contact") == true)
    #expect(queue.end == .completed)
  }

  @Test("what the agent is not capable of is refused by name, and the rest is kept")
  func capabilities() {
    let queue = RunQueueDouble(contacts(1))
    let note = note
    executor { _ in
      .success(
        ModelAnswer(
          reasoning: "r",
          suggestions: [
            .init(type: "email_message", params: ["message": "hi"]), .init(type: "create_note", params: note),
          ]))
    }.perform(run(capabilities: ["notes"]), queue: queue) { false }
    #expect(queue.results.first?.proposals.map(\.type) == ["create_note"])
    #expect(queue.results.first?.error?.contains("needs the capability \"email\"") == true)
  }

  @Test(
    "unfit parameters and unknown types are refused with the reason",
    arguments: [
      ("create_note", [:], "/content"), ("email_message", ["message": "x", "email": "nobody"], "/email"),
      ("email_message", ["message": "x", "subjekt": "y"], "subject"), ("send_email", [:], "send_email"),
      ("update_lifecycle_stage", ["lifecycle_stage": "boss"], "lifecycle_stage"),
    ] as [(String, JSONObject, String)])
  func unfit(type: String, params: JSONObject, expected: String) {
    let queue = RunQueueDouble(contacts(1))
    suggesting(type, params).perform(run(), queue: queue) { false }
    #expect(queue.results.first?.proposals.isEmpty == true)
    #expect(queue.results.first?.error?.contains(expected) == true)
    #expect(queue.end == .completed)
  }

  @Test("a person decides unless the playbook says otherwise, and a model can only make it stricter")
  func approval() {
    func requiresApproval(_ playbook: JSONObject, wants: Bool) -> Bool? {
      let queue = RunQueueDouble(contacts(1))
      let suggestion = ModelAnswer.Suggestion(type: "create_note", params: note, wantsApproval: wants)
      executor { _ in .success(ModelAnswer(reasoning: "", suggestions: [suggestion])) }
        .perform(run(playbook: playbook), queue: queue) { false }
      return queue.results.first?.proposals.first?.requiresApproval
    }
    #expect(requiresApproval([:], wants: false) == true)
    #expect(requiresApproval(["require_approval": true], wants: false) == true)
    #expect(requiresApproval(["require_approval": false], wants: false) == false)
    #expect(requiresApproval(["require_approval": false], wants: true) == true)
    #expect(requiresApproval(["require_approval": "no"], wants: false) == true)
  }

  @Test("what goes wrong with one person is recorded there, and the run goes on")
  func contactFailure() {
    let queue = RunQueueDouble(contacts(3))
    executor { contact in
      contact.id == "ct_1" ? .failure(.contact("no answer")) : .success(ModelAnswer(reasoning: "fine"))
    }.perform(run(), queue: queue) { false }
    #expect(queue.results.map(\.error) == [nil, "no answer", nil])
    #expect(queue.end == .completed)
  }

  @Test("a provider that can answer for nobody fails the run")
  func runFailure() {
    let queue = RunQueueDouble(contacts(3))
    executor { contact in
      contact.id == "ct_1" ? .failure(.run("key revoked")) : .success(ModelAnswer(reasoning: "fine"))
    }.perform(run(), queue: queue) { false }
    #expect(queue.results.count == 1)
    #expect(queue.end == .failed("key revoked"))
  }

  @Test(
    "a provider that this version does not have fails the run and names rules",
    arguments: ["anthropic", "openai", "client", "oracle"])
  func missingProvider(name: String) {
    let queue = RunQueueDouble(contacts(1))
    suggesting("create_note", note).perform(run(model: ["provider": .string(name)]), queue: queue) { false }
    guard case .failed(let reason) = queue.end else {
      Issue.record("the run did not fail")
      return
    }
    #expect(reason.contains(name))
    #expect(reason.contains("\"rules\""))
    #expect(queue.results.isEmpty)
  }

  @Test("the provider that is asked for is the one that answers")
  func chosenProvider() {
    let queue = RunQueueDouble(contacts(1))
    let providers = ["rules", "other"].map { name in
      Provider(name: name) { _ in .success(ModelAnswer(reasoning: name)) }
    }
    RunExecutor(providers: providers, log: Log(level: .error))
      .perform(run(model: ["provider": "other", "model": "x"]), queue: queue) { false }
    #expect(queue.results.first?.reasoning == "other")
  }

  @Test("a stopped run is left as it is, to be taken up again")
  func stopped() {
    let queue = RunQueueDouble(contacts(5))
    let asked = Mutex(0)
    let stop: @Sendable () -> Bool = {
      asked.withLock { count in
        count += 1
        return count > 2
      }
    }
    suggesting("create_note", note).perform(run(), queue: queue, shouldStop: stop)
    #expect(queue.results.count == 2)
    #expect(queue.end == nil)
    suggesting("create_note", note).perform(run(), queue: queue) { false }
    #expect(queue.results.map(\.contactID) == contacts(5).map(\.id))
    #expect(queue.end == .completed)
  }

  @Test("a store that fails leaves the run to whoever claims it next")
  func storeFailure() {
    let queue = RunQueueDouble(contacts(2))
    queue.state.withLock { $0.recordFailures = [ServiceError(.unavailable, "busy")] }
    suggesting("create_note", note).perform(run(), queue: queue) { false }
    #expect(queue.results.isEmpty)
    #expect(queue.end == nil)
  }

  @Test("proposals that the store refuses become an error, and the run goes on")
  func refusedByStore() {
    let queue = RunQueueDouble(contacts(2))
    queue.state.withLock { $0.recordFailures = [ServiceError(.validation, "no such identity")] }
    suggesting("create_note", note).perform(run(), queue: queue) { false }
    #expect(queue.results.map(\.proposals.count) == [0, 1])
    #expect(queue.results.first?.error?.contains("no such identity") == true)
    #expect(queue.end == .completed)
  }

  @Test("a result that is not kept can't make a run endless")
  func notKept() {
    final class Forgetful: RunQueue {
      let inner: RunQueueDouble
      init(_ inner: RunQueueDouble) { self.inner = inner }
      func claimRun() throws(ServiceError) -> ClaimedRun? { nil }
      func nextContact(of run: ClaimedRun) throws(ServiceError) -> RunContact? { try inner.nextContact(of: run) }
      func record(_ result: ContactResult, of run: ClaimedRun) throws(ServiceError) {}
      func finish(_ run: ClaimedRun, failure: String?) throws(ServiceError) {
        try inner.finish(run, failure: failure)
      }
    }
    let queue = RunQueueDouble(contacts(1))
    suggesting("create_note", note).perform(run(), queue: Forgetful(queue)) { false }
    guard case .failed(let reason) = queue.end else {
      Issue.record("the run did not fail")
      return
    }
    #expect(reason.contains("ct_0"))
  }

  @Test("a model that proposes without end is cut off")
  func tooMany() {
    let queue = RunQueueDouble(contacts(1))
    let many = Array(repeating: ModelAnswer.Suggestion(type: "create_note", params: note), count: 1000)
    executor { _ in .success(ModelAnswer(reasoning: "", suggestions: many)) }
      .perform(run(), queue: queue) { false }
    #expect(queue.results.first?.proposals.count == 20)
    #expect(queue.results.first?.error?.contains("more than 20") == true)
  }
}
