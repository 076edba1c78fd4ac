internal import JSON
internal import Operations
internal import Platform
internal import Review
internal import Service
internal import Settings
internal import ToolServer

/// `review`: the queue of decisions in the terminal, for a person going through it and for scripts.
struct ReviewCommand {
  private enum Verb: String, CaseIterable { case show, approve, reject }

  let configuration: Configuration
  let invocation: Invocation

  /// Goes through the queue on a terminal; else shows it, or does what is asked with one item.
  func run() throws(UsageError) -> Int32 {
    let isPerson = Descriptor.standardInput.isTerminal && Console.output.isTerminal && !invocation.has(.json)
    var configuration = configuration
    // Whoever answers at a terminal is the person that --approvals human asks for; a script is not.
    if isPerson { configuration.approvals = .key }
    let request = try request()
    let queue = try ReviewQueue(configuration)
    defer { queue.close() }
    do throws(ServiceError) {
      if let (verb, address) = request { return try decide(verb, address, queue) }
      if isPerson {
        try ReviewSession(queue: queue, isReadOnly: configuration.isReadOnly).run()
      } else {
        try list(queue)
      }
      return Program.Status.success
    } catch {
      fail(error)
      return Program.Status.failure
    }
  }

  private func request() throws(UsageError) -> (Verb, PendingDecision.Address)? {
    guard let word = invocation.operands.first else { return nil }
    guard let verb = Verb(rawValue: word) else {
      throw .unknown("word after review:", word, known: Verb.allCases.map(\.rawValue))
    }
    guard invocation.operands.count > 1, let address = PendingDecision.Address(parsing: invocation.operands[1]) else {
      throw UsageError("review \(verb.rawValue) needs an ID that 'bound-mcp review --json' shows, such as act_…")
    }
    return (verb, address)
  }

  private func list(_ queue: ReviewQueue) throws(ServiceError) {
    let (items, waiting) = try queue.all()
    guard invocation.has(.json) else {
      ReviewScreen.table(items).forEach { Console.output.line($0) }
      return
    }
    let pending = items.map { item in
      var facts: JSONObject = ["id": .string(item.id)]
      for (key, value) in item.facts { facts[key] = value }
      return JSONValue.object(facts)
    }
    write(["waiting": .object(waiting), "pending": .array(pending)])
  }

  private func decide(
    _ verb: Verb, _ address: PendingDecision.Address, _ queue: ReviewQueue
  ) throws(ServiceError) -> Int32 {
    let comment = invocation.options[.comment]
    switch verb {
    case .show: try show(address, queue)
    case .approve:
      let answer = try queue.approve(address, comment: comment)
      report(answer, "approved", address, performed: queue.takePerformed())
    case .reject:
      report(try queue.reject(address, comment: comment), "rejected", address, performed: [])
    }
    return Program.Status.success
  }

  private func show(_ address: PendingDecision.Address, _ queue: ReviewQueue) throws(ServiceError) {
    guard let item = try queue.find(address) else {
      throw ServiceError(.notFound, "\(address.id.prefix(96)) does not wait for a decision.")
    }
    let params = try queue.wholeParams(of: item) ?? item.params
    guard invocation.has(.json) else {
      ReviewScreen.card(item, params: params).forEach { Console.output.line($0) }
      return
    }
    var facts: JSONObject = ["id": .string(item.id)]
    for (key, value) in item.facts { facts[key] = key == "would_send" || key == "would_do" ? .object(params) : value }
    write(facts)
  }

  private func report(
    _ answer: JSONObject, _ outcome: String, _ address: PendingDecision.Address, performed: [ReviewQueue.Performed]
  ) {
    if invocation.has(.json) {
      var answer = answer
      answer["performed"] = .array(performed.map { ["action_id": .string($0.id), "status": .string($0.status)] })
      return write(answer)
    }
    Console.output.line("\(address.id): \(outcome)")
    for action in performed { Console.output.line("\(action.id): \(action.status)") }
  }

  private func write(_ object: JSONObject) {
    Console.output.write(JSONValue.object(object).serialized())
    Console.output.line()
  }

  private func fail(_ error: ServiceError) {
    guard invocation.has(.json) else {
      return Console.errors.line("bound-mcp: \(ReviewQueue.harmless(.string(error.message)).stringValue ?? "")")
    }
    Console.errors.write(ResultMapping.text(of: error))
    Console.errors.line()
  }
}
