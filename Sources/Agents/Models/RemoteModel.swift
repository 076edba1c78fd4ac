internal import HTTP
internal import JSON
internal import Platform
public import Service
internal import Templates

/// A model behind an API: asks it for each person, once more when its answer can't be used.
public struct RemoteModel: ModelProvider {
  private let wire: any ModelWire
  private let service: ModelService

  /// Anthropic's Messages API.
  public static func anthropic(_ service: ModelService) -> RemoteModel {
    RemoteModel(wire: AnthropicWire(), service: service)
  }

  /// Chat completions of OpenAI, or of a compatible service at another address.
  public static func openAI(_ service: ModelService) -> RemoteModel {
    RemoteModel(wire: OpenAIWire(), service: service)
  }

  /// What `llm_config.provider` calls it.
  public var name: String { wire.provider }

  /// So many people in a row may find the service out of reach.
  fileprivate static let outageLimit = 3

  /// Asks the model about one person.
  public func propose(
    for contact: RunContact, run: ClaimedRun, session: RunSession
  ) throws(ProviderFailure) -> ModelAnswer {
    let call = try RemoteCall(wire, service, run)
    var prompt = ModelPrompt(contact, run: run, now: service.clock.now())
    var problem = ""
    for attempt in 1...2 {
      let reply = try call.ask(prompt, session)
      switch reply.answer {
      case .failure(let broken): problem = broken.problem
      case .success(let answer):
        let refusals = session.judge(answer, contactID: contact.id).refusals
        if refusals.isEmpty || attempt == 2 { return answer }
        problem = "\(refusals.joined(separator: "; "))."
      }
      prompt = prompt.repeated(after: problem)
    }
    throw .contact("The model's answer could not be used, twice: \(problem.prefix(500))")
  }

  /// The requests of one person.
  fileprivate struct RemoteCall {
    let wire: any ModelWire
    let service: ModelService
    let model: String
    let form: AnswerForm
    let url: String
    let temperature: JSONValue?
    let maxTokens: Int64?

    init(_ wire: any ModelWire, _ service: ModelService, _ run: ClaimedRun) throws(ProviderFailure) {
      self.wire = wire
      self.service = service
      guard service.key != nil || service.baseURL != nil else {
        throw .run(
          "The provider \(wire.provider) needs a key: set \(wire.keyVariable) in the environment of bound-mcp. "
            + ProviderChoice.wayOut)
      }
      guard let model = run.model["model"]?.stringValue, !model.isEmpty else {
        throw .run("Set the agent's llm_config.model, such as \"\(wire.exampleModel)\".")
      }
      self.model = model
      form = AnswerForm(run)
      url = try Self.base(wire, service) + wire.path
      temperature = run.model["temperature"].flatMap { $0.isNull ? nil : $0 }
      maxTokens = run.model["max_tokens"]?.integerValue
    }

    private static func base(_ wire: any ModelWire, _ service: ModelService) throws(ProviderFailure) -> String {
      guard var base = service.baseURL else { return wire.standardURL }
      while base.hasSuffix("/") { base.removeLast() }
      // Some name the version in the address, where others don't.
      if wire.path.hasPrefix("/v1/"), base.hasSuffix("/v1") { base.removeLast(3) }
      let isLocal = ["http://127.0.0.1", "http://localhost", "http://[::1]"].contains { prefix in
        base.hasPrefix(prefix)
          && (base.utf8.count == prefix.utf8.count || ":/".contains(base.dropFirst(prefix.count).first ?? " "))
      }
      guard base.hasPrefix("https://") || isLocal || (base.hasPrefix("http://") && service.key == nil) else {
        throw .run("\(wire.addressVariable) must begin with https://; a key may go unencrypted to this computer only.")
      }
      return base
    }
  }
}

extension RemoteModel.RemoteCall {
  fileprivate func ask(_ prompt: ModelPrompt, _ session: RunSession) throws(ProviderFailure) -> ModelReply {
    let response = try send(prompt, session, temperature: temperature)
    if response.status == 400, temperature != nil, problem(response)?.lowercased().holds("temperature") == true {
      // Some models take no temperature.
      return try read(try send(prompt, session, temperature: nil), session)
    }
    return try read(response, session)
  }

  private func send(
    _ prompt: ModelPrompt, _ session: RunSession, temperature: JSONValue?
  ) throws(ProviderFailure) -> HTTPResponse {
    try session.keepClaim()
    let question = ModelQuestion(
      model: model, prompt: prompt, form: form, temperature: temperature, maxTokens: maxTokens,
      isElsewhere: service.baseURL != nil)
    let request = HTTPRequest(
      "POST", url, headers: wire.headers(key: service.key),
      body: JSONValue.object(wire.body(question)).serialized(), totalLimit: service.timeLimit,
      responseLimit: 4 << 20, cancellation: service.cancellation)
    // A second answer costs tokens, and does nothing else.
    var retries = HTTPRetries(
      isSafeToRepeat: true, firstWait: service.firstWait, longestWait: 60_000, cancellation: service.cancellation)
    retries.statuses = [408, 429, 500, 502, 503, 504, 529]
    do throws(HTTPError) {
      let response = try retries.send(request, with: service.client, clock: service.clock)
      if service.cancellation?.isCancelled == true, !response.isSuccess {
        throw HTTPError(.cancelled, "", reachedServer: .maybe)
      }
      return response
    } catch {
      throw failure(error, session)
    }
  }

  private func read(_ response: HTTPResponse, _ session: RunSession) throws(ProviderFailure) -> ModelReply {
    guard response.status == 200 else { throw refusal(response, session) }
    guard let body = try? JSONValue(parsing: response.body) else {
      session.count(ModelUsage())
      return ModelReply(answer: .failure(.init(problem: "The service's answer was no JSON.")), usage: ModelUsage())
    }
    let reply = wire.reply(body, form)
    session.count(reply.usage)
    return reply
  }

  /// What the service says of an error, without the key and cut to a sentence or two.
  private func problem(_ response: HTTPResponse) -> String? {
    guard let body = try? JSONValue(parsing: response.body), let text = wire.problem(body) else { return nil }
    if let key = service.key, text.holds(key) { return nil }
    return String(text.prefix(300))
  }

  private func refusal(_ response: HTTPResponse, _ session: RunSession) -> ProviderFailure {
    let said = problem(response).map { ": \($0)" } ?? "."
    switch response.status {
    case 401, 403:
      // What is said here may repeat parts of the key.
      return .run(
        "\(wire.title) refused the key (\(response.status)): check \(wire.keyVariable). \(ProviderChoice.wayOut)")
    case 404: return .run("\(wire.title) does not know the model \"\(model.prefix(100))\" (404)\(said)")
    case 408, 429, 500...:
      return outage("\(wire.title) answered \(response.status), also when asked again\(said)", session)
    case 300..<400: return .run("\(wire.addressVariable) leads to another address (\(response.status)); set that one.")
    default:
      // Where the service has answered before, it is this person's data that it does not take.
      let text = "\(wire.title) refused the request (\(response.status))\(said)"
      return session.answers > 0 ? .contact(text) : .run(text)
    }
  }

  private func failure(_ error: HTTPError, _ session: RunSession) -> ProviderFailure {
    switch error.kind {
    case .cancelled: .stopped
    case .invalid, .untrusted, .helperMissing: .run("\(wire.title) can't be asked: \(error.message).")
    case .tooLarge: .contact("\(wire.title) sent an answer that is too long.")
    case .unreachable, .timedOut, .broken, .helperEnded:
      outage("\(wire.title) could not be reached: \(error.message).", session)
    }
  }

  /// The person's error; the run's when the service has been out of reach for several in a row.
  private func outage(_ text: String, _ session: RunSession) -> ProviderFailure {
    session.outages += 1
    guard session.outages >= RemoteModel.outageLimit else { return .contact(text) }
    return .run("\(text) This was so for \(session.outages) contacts in a row. Trigger the agent again later.")
  }
}
