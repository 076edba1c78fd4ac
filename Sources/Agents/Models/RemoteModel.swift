internal import Platform
public import Service

/// A model behind an API: asks it for each person, once more when its answer can't be used.
public struct RemoteModel: ModelProvider {
  let wire: any ModelWire
  let service: ModelService

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

  /// Asks the model about one person.
  public func propose(
    for contact: RunContact, run: ClaimedRun, session: RunSession
  ) throws(ProviderFailure) -> ModelAnswer {
    let call = try RemoteCall(
      wire, service, model: run.model, form: AnswerForm(run), noModel: "Set the agent's llm_config.model",
      wayOut: ProviderChoice.wayOut)
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
}
