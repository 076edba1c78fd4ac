internal import HTTP
internal import JSON
internal import Platform
internal import Service
internal import Templates

/// Whose question to a model it is.
protocol ModelSession: AnyObject {
  /// Makes sure that the answer is still wanted.
  func keepClaim() throws(ProviderFailure)
  /// Notes an answer and what it cost.
  func count(_ usage: ModelUsage)
  /// Answers so far.
  var answers: Int { get }
  /// Questions in a row for which the service was out of reach.
  var outages: Int { get set }
}

/// Questions to one model, each with its retries and its errors in words.
struct RemoteCall {
  private let wire: any ModelWire
  private let service: ModelService
  private let model: String
  private let form: AnswerForm
  private let url: String
  private let temperature: JSONValue?
  private let maxTokens: Int64?
  private let wayOut: String

  /// So many questions in a row may find the service out of reach.
  private static let outageLimit = 3

  /// Prepares questions.
  ///
  /// - Parameters:
  ///   - settings: `model`, `temperature`, `max_tokens`, as in an agent's `llm_config`.
  ///   - noModel: what to do where `model` is missing, the beginning of a sentence.
  ///   - wayOut: what needs no key, a sentence.
  init(
    _ wire: any ModelWire, _ service: ModelService, model settings: JSONObject, form: AnswerForm, noModel: String,
    wayOut: String
  ) throws(ProviderFailure) {
    self.wire = wire
    self.service = service
    self.wayOut = wayOut
    guard service.key != nil || service.baseURL != nil else {
      throw .run(
        "The provider \(wire.provider) needs a key: set \(wire.keyVariable) in the environment of bound-mcp. \(wayOut)")
    }
    guard let model = settings["model"]?.stringValue, !model.isEmpty else {
      throw .run("\(noModel), such as \"\(wire.exampleModel)\".")
    }
    self.model = model
    self.form = form
    url = try Self.base(wire, service) + wire.path
    temperature = settings["temperature"].flatMap { $0.isNull ? nil : $0 }
    maxTokens = settings["max_tokens"]?.integerValue
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

extension RemoteCall {
  /// Asks once; a service that is busy is asked again.
  func ask(_ prompt: ModelPrompt, _ session: any ModelSession) throws(ProviderFailure) -> ModelReply {
    let response = try send(prompt, session, temperature: temperature)
    if response.status == 400, temperature != nil, problem(response)?.lowercased().holds("temperature") == true {
      // Some models take no temperature.
      return try read(try send(prompt, session, temperature: nil), session)
    }
    return try read(response, session)
  }

  private func send(
    _ prompt: ModelPrompt, _ session: any ModelSession, temperature: JSONValue?
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

  private func read(_ response: HTTPResponse, _ session: any ModelSession) throws(ProviderFailure) -> ModelReply {
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

  private func refusal(_ response: HTTPResponse, _ session: any ModelSession) -> ProviderFailure {
    let said = problem(response).map { ": \($0)" } ?? "."
    switch response.status {
    case 401, 403:
      // What is said here may repeat parts of the key.
      return .run(
        "\(wire.title) refused the key (\(response.status)): check \(wire.keyVariable). \(wayOut)")
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

  private func failure(_ error: HTTPError, _ session: any ModelSession) -> ProviderFailure {
    switch error.kind {
    case .cancelled: .stopped
    case .invalid, .untrusted, .helperMissing: .run("\(wire.title) can't be asked: \(error.message).")
    case .tooLarge: .contact("\(wire.title) sent an answer that is too long.")
    case .unreachable, .timedOut, .broken, .helperEnded:
      outage("\(wire.title) could not be reached: \(error.message).", session)
    }
  }

  /// The person's error; the run's when the service has been out of reach for several in a row.
  private func outage(_ text: String, _ session: any ModelSession) -> ProviderFailure {
    session.outages += 1
    guard session.outages >= Self.outageLimit else { return .contact(text) }
    return .run("\(text) This was so for \(session.outages) contacts in a row. Trigger the agent again later.")
  }
}
