public import HTTP
public import JSON
public import Platform
public import Service

/// A provider of people's data behind an address: it is asked by POST and answers with one JSON object.
///
/// The request is `{"phase": "…", "person": {…}}`: the person's `email`, `linkedInUrl`, `firstName`, `lastName`,
/// `company` and `title`, as far as they are known. The answer has the fields of the phase by their names
/// (``EnrichmentPhase/fields``), at its root or under `person`; others are ignored. 404 and 204 mean that the person is
/// not known there.
public struct HTTPEnrichment: EnrichmentProvider {
  /// What it is called.
  public let name: String
  /// The phases that it serves.
  public let phases: Set<EnrichmentPhase>
  private let url: String
  private let headers: HTTPHeaders
  private let timeLimit: Int
  private let client: any HTTPClient
  private let stopping: Cancellation?

  /// The largest answer: a person's data is no book.
  private static let answerLimit = 256 << 10

  /// A provider at an address.
  ///
  /// - Parameters:
  ///   - timeLimit: milliseconds that a question may take in all.
  ///   - stopping: ends a question that is under way.
  public init(
    name: String, url: String, phases: Set<EnrichmentPhase>, headers: HTTPHeaders, timeLimit: Int,
    client: any HTTPClient, stopping: Cancellation? = nil
  ) {
    self.name = name
    self.phases = phases
    self.url = url
    self.headers = headers
    self.timeLimit = timeLimit
    self.client = client
    self.stopping = stopping
  }

  /// Asks about a person; nothing is asked a second time.
  public func find(_ phase: EnrichmentPhase, _ person: JSONObject) -> EnrichmentAnswer {
    var headers = headers
    headers["Content-Type"] = "application/json"
    headers["Accept"] = "application/json"
    let question: JSONValue = ["phase": .string(phase.rawValue), "person": .object(person)]
    let request = HTTPRequest(
      "POST", url, headers: headers, body: question.serialized(), connectLimit: min(timeLimit, 10_000),
      totalLimit: timeLimit, responseLimit: Self.answerLimit, cancellation: stopping)
    return EnrichmentAnswer(source: name, result: ask(request))
  }

  private func ask(_ request: HTTPRequest) -> Result<JSONObject, EnrichmentFailure> {
    let response: HTTPResponse
    do {
      response = try client.send(request)
    } catch {
      return .failure(EnrichmentFailure("no answer: \(error.message)."))
    }
    if response.status == 404 || response.status == 204 { return .success([:]) }
    guard response.isSuccess else {
      return .failure(EnrichmentFailure("answered with status \(response.status); see its address and key."))
    }
    guard case .object(let answer)? = try? JSONValue(parsing: response.body) else {
      return .failure(EnrichmentFailure("answered with something that is no JSON object."))
    }
    return .success(answer["person"]?.objectValue ?? answer)
  }
}
