public import JSON
public import Service

/// Has a model say in words what to make of a score.
///
/// It is given the score with its breakdown, the contact and the profile as data, and gives back text alone: what it
/// says changes no number.
public struct ScoreReasoner: ScoreExplainer {
  private let model: RemoteModel
  private let name: String

  /// The longest text that is passed on, in characters.
  private static let textLimit = 2000

  /// Asks a model of a provider.
  ///
  /// - Parameter name: the model's name at the provider.
  public init(_ model: RemoteModel, name: String) {
    self.model = model
    self.name = name
  }

  /// Why it can't be asked, and what to set.
  public func requireReady() throws(ServiceError) {
    do throws(ProviderFailure) {
      _ = try call()
    } catch {
      throw ServiceError(.unavailable, "A model's reasoning can't be had: \(error.reason)")
    }
  }

  /// Asks once, and once more when the answer can't be used.
  public func explain(_ facts: JSONObject) -> JSONObject {
    do throws(ProviderFailure) {
      let text = try ask(ModelPrompt(explaining: facts), try call())
      return ["text": .string(text), "provider": .string(model.name), "model": .string(name)]
    } catch {
      return ["error": .string(error.reason), "provider": .string(model.name), "model": .string(name)]
    }
  }

  private func call() throws(ProviderFailure) -> RemoteCall {
    try RemoteCall(
      model.wire, model.service, model: ["model": .string(name)], form: .explanation, noModel: "Name a model",
      wayOut: "The score itself needs none: leave modelReasoning out.")
  }

  private func ask(_ prompt: ModelPrompt, _ call: RemoteCall) throws(ProviderFailure) -> String {
    let session = SingleQuestion()
    var prompt = prompt
    var problem = ""
    for _ in 1...2 {
      switch try call.ask(prompt, session).answer {
      case .success(let answer) where answer.reasoning.utf8.contains(where: { $0 > 32 }):
        return String(answer.reasoning.prefix(Self.textLimit))
      case .success: problem = "The text was empty."
      case .failure(let broken): problem = broken.problem
      }
      prompt = prompt.repeated(after: problem)
    }
    throw .contact("The model's answer could not be used, twice: \(problem.prefix(500))")
  }
}

extension ProviderFailure {
  /// What went wrong, in a sentence.
  fileprivate var reason: String {
    switch self {
    case .run(let reason), .contact(let reason): reason
    case .stopped: "The program was told to end."
    }
  }
}

/// A question that belongs to no run.
private final class SingleQuestion: ModelSession {
  private(set) var answers = 0
  var outages = 0

  func keepClaim() throws(ProviderFailure) {}

  func count(_ usage: ModelUsage) { answers += 1 }
}
