public import JSON
public import Platform

/// The steps of an enrichment, in their order (Owlbound API 9).
public enum EnrichmentPhase: String, Sendable, CaseIterable {
  /// Title, company, location, profile address.
  case linkedInProfile = "linkedin_profile"
  /// E-mail and phone.
  case contactInfo = "contact_info"
  /// How active the person is.
  case activityAnalysis = "activity_analysis"
  /// Whether we are connected on LinkedIn.
  case connectionStatus = "connection_status"
  /// The score against every ICP profile.
  case icpScoring = "icp_scoring"

  /// The fields that a provider may answer with in this phase; texts but for `activityScore`, a number from 0 to 100.
  public var fields: [String] {
    switch self {
    case .linkedInProfile: ["title", "company", "location", "linkedInUrl", "headline", "industry", "companySize"]
    case .contactInfo: ["email", "phone"]
    case .activityAnalysis: ["activityScore", "activityLevel"]
    case .connectionStatus: ["connectionStatus"]
    case .icpScoring: []
    }
  }
}

/// A job that this process alone may work on now.
public struct ClaimedEnrichment: Sendable {
  /// The job's number in the workspace.
  public let job: Int64
  /// The phases that have no outcome yet.
  public let phases: [EnrichmentPhase]
  /// Proves the claim.
  public let claim: Int64

  /// Creates a claim.
  public init(job: Int64, phases: [EnrichmentPhase], claim: Int64) {
    self.job = job
    self.phases = phases
    self.claim = claim
  }
}

/// What one provider said of a person in one phase.
public struct EnrichmentAnswer: Sendable {
  /// Who said it.
  public let source: String
  /// Fields of the phase, nothing when the person is not known there; or what went wrong.
  public let result: Result<JSONObject, EnrichmentFailure>

  /// Creates an answer.
  public init(source: String, result: Result<JSONObject, EnrichmentFailure>) {
    self.source = source
    self.result = result
  }
}

/// Why a provider could not answer.
public struct EnrichmentFailure: Error, Sendable {
  /// A sentence that says what to do.
  public let message: String

  /// Creates a failure.
  public init(_ message: String) { self.message = message }
}

/// Knows something about people.
public protocol EnrichmentProvider: Sendable {
  /// What it is called in answers and logs.
  var name: String { get }

  /// The phases that it serves.
  var phases: Set<EnrichmentPhase> { get }

  /// Asks about a person, on the calling thread and within bounded time.
  ///
  /// - Parameter person: `email`, `linkedInUrl`, `firstName`, `lastName`, `company`, `title`, as far as they are known.
  func find(_ phase: EnrichmentPhase, _ person: JSONObject) -> EnrichmentAnswer
}

/// Jobs that wait, and where what is found goes.
///
/// Every step is durable, so that a job survives a restart.
public protocol EnrichmentQueue: Sendable {
  /// Takes the most urgent job, or one whose process died; nil when none waits.
  func claimEnrichment() throws(ServiceError) -> ClaimedEnrichment?

  /// Notes that a phase begins, keeps the claim, and gives what is known of the person.
  func begin(_ phase: EnrichmentPhase, of job: ClaimedEnrichment) throws(ServiceError) -> JSONObject

  /// Ends a phase with what providers answered and what the workspace itself knows.
  ///
  /// - Parameter answers: none when no provider serves the phase.
  func record(
    _ answers: [EnrichmentAnswer], _ phase: EnrichmentPhase, of job: ClaimedEnrichment
  ) throws(ServiceError)

  /// Ends the job.
  func finish(_ job: ClaimedEnrichment) throws(ServiceError)

  /// Gives back a job that has not ended.
  func release(_ job: ClaimedEnrichment) throws(ServiceError)

  /// When a job can be taken over because its process has been silent for too long; nil when none is worked on.
  func nextEnrichmentTime() throws(ServiceError) -> Timestamp?
}

/// Enrichment jobs that wait to be worked on.
public struct WaitingEnrichments: BackgroundWork {
  /// "waiting enrichments".
  public let name = "waiting enrichments"
  private let queue: any EnrichmentQueue
  private let providers: [any EnrichmentProvider]
  private let uses: (any ConnectorUses)?

  /// The jobs of the queue; providers are asked in this order, and their uses noted.
  public init(queue: any EnrichmentQueue, providers: [any EnrichmentProvider], uses: (any ConnectorUses)?) {
    self.queue = queue
    self.providers = providers
    self.uses = uses
  }

  /// Works on the most urgent job, phase by phase; gives it back when the process is to end.
  public func doNext(shouldStop: @escaping @Sendable () -> Bool) throws(ServiceError) -> Bool {
    guard let job = try queue.claimEnrichment() else { return false }
    for phase in job.phases {
      guard !shouldStop(), let answers = try ask(phase, job, shouldStop) else {
        try queue.release(job)
        return true
      }
      try queue.record(answers, phase, of: job)
    }
    try queue.finish(job)
    return true
  }

  /// Nil when the process is to end meanwhile: what a provider says of an ended question is no answer.
  private func ask(
    _ phase: EnrichmentPhase, _ job: ClaimedEnrichment, _ shouldStop: () -> Bool
  ) throws(ServiceError) -> [EnrichmentAnswer]? {
    var answers: [EnrichmentAnswer] = []
    var person = try queue.begin(phase, of: job)
    for provider in providers where provider.phases.contains(phase) {
      // Each may take its time: the claim is kept between them.
      if !answers.isEmpty { person = try queue.begin(phase, of: job) }
      let answer = provider.find(phase, person)
      if shouldStop() { return nil }
      answers.append(answer)
      if case .failure(let failure) = answer.result {
        uses?.recordUse(of: provider.name, failure: failure.message)
      } else {
        uses?.recordUse(of: provider.name, failure: nil)
      }
    }
    return answers
  }

  /// When a job can be taken over.
  public func nextTime() throws(ServiceError) -> Timestamp? { try queue.nextEnrichmentTime() }
}
