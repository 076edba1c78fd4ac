import Foundation
import JSON
import LocalStore
import Platform
import Service
import StoreSupport
import TestSupport
import Testing

/// Work that outlives its call, with the built program.
@Suite struct TaskTests {
  private let program = BuiltProgram()

  private func ask(
    _ session: Session, _ method: String, _ params: JSONObject, knowsTasks: Bool = true
  ) throws -> JSONValue {
    var params = params
    params["_meta"] = [
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientCapabilities": knowsTasks
        ? ["extensions": ["io.modelcontextprotocol/tasks": [:]]] : [:],
    ]
    return try #require(
      session.conversation.ask(["jsonrpc": "2.0", "id": 1, "method": .string(method), "params": .object(params)]))
  }

  private func call(_ session: Session, _ tool: String, _ arguments: JSONObject, knowsTasks: Bool = true) throws
    -> JSONValue
  {
    try ask(session, "tools/call", ["name": .string(tool), "arguments": .object(arguments)], knowsTasks: knowsTasks)
  }

  /// The task once it has ended.
  private func ended(_ session: Session, _ id: JSONValue) throws -> JSONValue {
    let deadline = Deadline.after(milliseconds: 20_000)
    while true {
      let task = try #require(try ask(session, "tasks/get", ["taskId": id])["result"])
      if task["status"] != "working" { return task }
      try #require(!deadline.hasPassed, "\(task.text)")
    }
  }

  @Test("a run and an enrichment are tasks that end when they do, for every process, over restarts")
  func background() throws {
    let first = try program.serve(["--toolsets", "all"])
    try first.initialize()
    let contact = try first.payload("pathbound_create_contact", ["email": "ada@example.com"])["contact"]?["_id"]
    let agent = try first.payload(
      "pathbound_create_agent",
      [
        "name": "Follow-up", "playbook_template": "pricing_visitor_followup", "identity_id": "id_default",
        "capabilities": ["email"], "llm_config": ["provider": "rules"],
      ])["agent"]?["_id"]
    let trigger: JSONObject = ["id": try #require(agent), "contact_ids": [try #require(contact)]]
    let task = try call(first, "pathbound_trigger_agent", trigger)["result"]
    #expect(task?["resultType"] == "task" && task?["status"] == "working")
    let id = try #require(task?["taskId"])
    let done = try ended(first, id)
    #expect(done["status"] == "completed")
    #expect(done["result"]?["structuredContent"]?["run"]?["status"] == "completed")
    #expect(done["result"]?["structuredContent"]?["job_id"]?.stringValue?.hasPrefix("job_") == true)

    let lead = try first.payload("owlbound_create_contact", ["firstName": "Ada", "email": "ada@example.com"])
    let enriched = try call(first, "owlbound_enrich_contact", ["id": try #require(lead["contactId"])])["result"]
    let enrichment = try ended(first, try #require(enriched?["taskId"]))
    #expect(enrichment["status"] == "completed")
    #expect(first.close() == 0)

    let second = try program.serve()
    #expect(try ask(second, "tasks/get", ["taskId": id])["result"]?["status"] == "completed")
    #expect(try ask(second, "tasks/cancel", ["taskId": id])["result"]?["resultType"] == "complete")
    #expect(try ask(second, "tasks/get", ["taskId": "tk_none"])["error"]?["code"] == -32602)
    #expect(try ask(second, "tasks/get", ["taskId": id], knowsTasks: false)["error"]?["code"] == -32021)
    #expect(second.close() == 0)
  }

  @Test("work over many actions is a task, and a client that knows none gets its result at once")
  func held() throws {
    let session = try program.serve(["--toolsets", "all"])
    try session.initialize()
    let plain = try call(session, "pathbound_process_actions", [:], knowsTasks: false)["result"]
    #expect(plain?["resultType"] == "complete" && plain?["structuredContent"]?["processed"] == 0)
    let task = try call(session, "pathbound_process_actions", [:])["result"]
    #expect(task?["resultType"] == "task")
    let done = try ended(session, try #require(task?["taskId"]))
    #expect(done["status"] == "completed" && done["result"]?["structuredContent"]?["processed"] == 0)
    #expect(session.close() == 0)
  }

  /// An executor that says in a pipe that it has begun and then waits, in a workspace of its own.
  private func configureSlowStep() throws -> (begun: String, calls: String) {
    let (begun, calls) = (program.home + "/begun", program.home + "/calls")
    try #require(mkfifo(begun, 0o600) == 0)
    try Files.createDirectories(program.home + "/config/bound-mcp")
    let script = "echo x >>\(calls); echo begun >\(begun); exec sleep 600"
    let configuration: JSONValue = [
      "executors": ["slow_step": ["command": "/bin/sh", "args": ["-c", .string(script)], "timeout_seconds": 900]]
    ]
    try Files.write(configuration.serialized(), to: program.home + "/config/bound-mcp/config.json")
    return (begun, calls)
  }

  @Test("TK-16: cancelled bulk work really stops: what runs is ended, and what nobody has begun is called off")
  func cancelledBulk() throws {
    let (begun, calls) = try configureSlowStep()
    let session = try program.serve(["--toolsets", "all"])
    try session.initialize()
    let steps = (Int64(0)..<12).map { number -> JSONValue in
      ["type": "slow_step", "params": ["number": .integer(number)], "identity_id": "id_default", "direct": true]
    }
    let task = try #require(try call(session, "pathbound_bulk_queue_actions", ["actions": .array(steps)])["result"])
    let id = try #require(task["taskId"], "\(task.text)")
    // Returns once one has begun.
    _ = try Files.read(begun)
    #expect(try ask(session, "tasks/cancel", ["taskId": id])["result"]?["resultType"] == "complete")
    let done = try ended(session, id)
    let statuses = (done["result"]?["structuredContent"]?["results"]?.arrayValue ?? []).map {
      $0["status"]?.stringValue
    }
    // The task's own thread and those of the background have begun a few at most.
    #expect(statuses.count == 12 && statuses.count { $0 == "cancelled" } >= 8, "\(done.text)")
    let listed = try session.payload("pathbound_list_actions", ["status": "cancelled", "limit": 50])
    #expect((listed["actions"]?.arrayValue?.count ?? 0) >= 8)
    session.send(signal: SIGTERM)
    #expect(session.waitForExit() == 0)
    #expect(try Files.read(calls).count <= 2 * 4)
  }

  @Test("TK-05: a task whose process was lost is told to have failed, once its lease has run out")
  func lost() throws {
    try Files.createDirectories(program.home + "/data/bound-mcp")
    let workspace = TestWorkspace(path: program.databasePath, clock: ManualClock(SystemClock().now().iso8601))
    let now = SystemClock().now()
    func held(_ id: String, leaseUntil: Timestamp) throws -> JSONValue {
      try workspace.store.add(
        TaskRecord(
          id: id, tool: "pathbound_process_actions", client: "tests", leaseUntil: leaseUntil, created: now, updated: now
        ))
      return .string(id)
    }
    let lost = try held("tk_lost", leaseUntil: now.adding(milliseconds: -1))
    let working = try held("tk_elsewhere", leaseUntil: now.adding(milliseconds: 60_000))
    workspace.close()
    let session = try program.serve()
    let failed = try #require(try ask(session, "tasks/get", ["taskId": lost])["result"])
    #expect(failed["status"] == "failed" && failed["error"]?["code"] == -32603 && failed["result"] == nil)
    #expect(failed["error"]?["message"]?.stringValue?.contains("has ended") == true, "\(failed.text)")
    #expect(try ask(session, "tasks/get", ["taskId": working])["result"]?["status"] == "working")
    // The wish reaches the process that works on it through the workspace.
    #expect(try ask(session, "tasks/cancel", ["taskId": working])["result"]?["resultType"] == "complete")
    #expect(session.close() == 0)
    #expect(try TestWorkspace(path: program.databasePath).store.renew([("tk_elsewhere", nil)]) == ["tk_elsewhere"])
  }

  @Test("TK-01: tasks are advertised to modern clients alone")
  func advertised() throws {
    let session = try program.serve()
    let legacy = try session.initialize()
    #expect(legacy["capabilities"]?["extensions"] == nil && legacy["capabilities"]?["tasks"] == nil)
    let modern = try ask(session, "server/discover", [:])["result"]?["capabilities"]
    #expect(modern?["extensions"] == ["io.modelcontextprotocol/tasks": [:]])
    #expect(session.close() == 0)
  }
}
