public import JSON
public import MCP
import Platform
import Synchronization

/// The tools that the recorded conversations are about, with as much behind them as those need.
///
/// Beside the four that are listed there are a few that only tests know; see ``probes``.
public final class FixtureHost: ToolHost {
  private let contacts = Mutex<[String]>([])
  private let questions = FixtureQuestions()
  /// What goes on after its call.
  public let tasks = FixtureTasks()
  private let observers = Mutex<(handlers: [Int: @Sendable () -> Void], next: Int)>(([:], 1))
  private let kept = Mutex<[any Sendable]>([])

  /// A host without contacts.
  public init() {}

  /// The four tools of the recorded conversations.
  public func writeToolList(_ form: ToolListForm, into writer: inout JSONWriter) { writer.raw(FixtureTools.list(form)) }

  /// Whether it is one of the four or a probe.
  public func hasTool(_ name: String) -> Bool { tools[name] != nil || probes[name] != nil }

  /// Does what the tool is for.
  public func call(_ request: ToolRequest, reply: ToolReply) {
    (tools[request.name] ?? probes[request.name])?(self, request, reply)
  }

  private typealias Tool = @Sendable (FixtureHost, ToolRequest, ToolReply) -> Void

  private let tools: [String: Tool] = [
    "owlbound_ingest_signal": { host, request, reply in host.ingestSignals(request.arguments, reply) },
    "owlbound_rebuild_index": { host, request, reply in host.rebuildIndex(request, reply) },
    "pathbound_create_contact": { host, request, reply in host.createContact(request, reply) },
    "pathbound_list_events": { host, request, reply in host.listEvents(request.arguments, reply) },
  ]

  /// Tools that are not listed.
  private let probes: [String: Tool] = [
    "fixture_contacts": { host, _, reply in
      reply.succeed(["names": .array(host.contacts.withLock { $0 }.map { .string($0) })])
    },
    // Writes to where standard output is for other programs.
    "fixture_print": { _, _, reply in
      print("stray output that is no message")
      reply.succeed([:])
    },
    "fixture_text": { _, request, reply in
      let size = request.arguments["size"]?.integerValue ?? 0
      reply.succeed(["text": .string(String(repeating: "x", count: Int(size)))])
    },
  ]
}

extension FixtureHost {
  /// About 4 ms for each signal, on a thread of its own.
  private func ingestSignals(_ arguments: JSONObject, _ reply: ToolReply) {
    let count = arguments["count"]?.integerValue ?? 1
    guard case .string(let kind)? = arguments["kind"] else {
      return reply.fail(text: "kind: a string is needed, such as \"visit\".")
    }
    guard (1...1000).contains(count) else { return reply.fail(text: "count: a number from 1 to 1000 is needed.") }
    Thread.start("ingest") {
      let pace = Monitor(false)
      reply.onCancel {
        pace.withLock { $0 = true }
        pace.notify()
      }
      for number in 1...count {
        let isCancelled: Bool = pace.wait(until: .after(milliseconds: 4)) { $0 ? true : nil } ?? false
        if isCancelled { return }
        reply.progress(Double(number), total: Double(count), message: "\(number) of \(count) signals")
        reply.notice(.debug, "signal \(number)")
      }
      reply.notice(.info, "\(count) signals ingested")
      reply.succeed(["ingested": .integer(count), "kind": .string(kind)])
    }
  }

  /// Can only be done as a task.
  private func rebuildIndex(_ request: ToolRequest, _ reply: ToolReply) {
    guard request.revision.isModern else {
      return reply.fail(text: "The index can't be rebuilt: this client's protocol has no tasks.")
    }
    guard request.capabilities.knowsTasks else { return reply.reject(TaskSnapshot.missingExtension) }
    tasks.begin(asking: request.arguments["confirm_first"]?.boolValue ?? false, reply)
  }

  /// Asks for an address that is missing.
  private func createContact(_ request: ToolRequest, _ reply: ToolReply) {
    var arguments = request.arguments
    if request.answers != nil || name(arguments) != nil && arguments["email"] == nil {
      guard let email = questions.email(request, reply) else { return }
      arguments["email"] = .string(email)
    }
    createContact(arguments, reply)
  }

  private func name(_ arguments: JSONObject) -> String? {
    arguments["name"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func createContact(_ arguments: JSONObject, _ reply: ToolReply) {
    let unknown = arguments.keys.filter { $0 != "name" && $0 != "email" }
    guard unknown.isEmpty else {
      return reply.fail(text: "\(unknown.joined(separator: ", ")): no such argument; known are name and email.")
    }
    guard case .string(let name)? = arguments["name"], !name.isEmpty else {
      return reply.fail(text: "name: a text that is not empty is needed.")
    }
    guard case .string(let email)? = arguments["email"] else { return reply.fail(text: "email: an address is needed.") }
    let number = contacts.withLock { contacts in
      contacts.append(name)
      return contacts.count
    }
    for handler in observers.withLock({ Array($0.handlers.values) }) { handler() }
    reply.succeed(["contact_id": .string("c_\(number + 1)"), "name": .string(name), "email": .string(email)])
  }

  /// The first contact is always there.
  var contactCount: Int { contacts.withLock { $0.count } + 1 }

  func hasContact(_ id: String) -> Bool { (1...contactCount).contains { "c_\($0)" == id } }

  func observe(_ handler: @escaping @Sendable () -> Void) -> Int {
    observers.withLock { observers in
      observers.handlers[observers.next] = handler
      observers.next += 1
      return observers.next - 1
    }
  }

  func forget(_ number: Int) { observers.withLock { $0.handlers[number] = nil } }

  /// How many watches are open.
  public var watchCount: Int { observers.withLock { $0.handlers.count } }

  /// Keeps a reply from being forgotten.
  func keep(_ reply: some Sendable) { kept.withLock { $0.append(reply) } }

  private func listEvents(_ arguments: JSONObject, _ reply: ToolReply) {
    let limit = arguments["limit"] ?? 20
    guard let limit = limit.integerValue, (1...100).contains(limit) else {
      return reply.fail(text: "limit: a number from 1 to 100 is needed.")
    }
    reply.succeed(["events": .array((1...limit).map { ["event_id": .string("e_\($0)"), "kind": "visit"] })])
  }
}

extension ToolReply {
  /// Answers with an object.
  public func succeed(_ payload: JSONObject) {
    JSONValue.object(payload).serialized().withUnsafeBytes { succeed(payload: $0) }
  }
}
