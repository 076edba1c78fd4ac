internal import Operations
internal import Platform
public import Service

/// What a provider has at hand while it works on one run; used on one thread.
public final class RunSession {
  /// After how many milliseconds what was used so far is stored, and whether the run is still ours is seen.
  private static let renewal: UInt64 = 60_000

  private let run: ClaimedRun
  private let queue: any RunQueue
  private let check: ProposalCheck
  private let shouldStop: () -> Bool
  private var renewed = Deadline.after(milliseconds: RunSession.renewal)
  private var usage = ModelUsage()
  /// Answers that the provider's service gave in this run.
  public private(set) var answers = 0
  /// People in a row for whom the service was out of reach.
  public var outages = 0

  /// A session for a claimed run.
  public init(run: ClaimedRun, queue: any RunQueue, check: ProposalCheck, shouldStop: @escaping () -> Bool) {
    self.run = run
    self.queue = queue
    self.check = check
    self.shouldStop = shouldStop
  }

  /// Makes sure that the run is still ours and to go on before something that takes long.
  public func keepClaim() throws(ProviderFailure) {
    if shouldStop() { throw .stopped }
    guard renewed.hasPassed else { return }
    do throws(ServiceError) {
      try queue.renew(run, usage: takeUsage())
      renewed = .after(milliseconds: Self.renewal)
    } catch {
      throw .stopped
    }
  }

  /// Notes an answer of the provider's service and what it cost.
  public func count(_ usage: ModelUsage) {
    answers += 1
    outages = 0
    self.usage += usage
  }

  /// What was used and is not stored yet; forgotten afterwards.
  func takeUsage() -> ModelUsage {
    defer { usage = ModelUsage() }
    return usage
  }

  /// The suggestions that may become proposals for a person, and why the others may not.
  public func judge(
    _ answer: ModelAnswer, contactID: String
  ) -> (proposals: [ContactResult.Proposal], refusals: [String]) {
    var proposals: [ContactResult.Proposal] = []
    var refusals: [String] = []
    for suggestion in answer.suggestions.prefix(ProposalCheck.limit) {
      do throws(ProposalCheck.Refusal) {
        proposals.append(try check.proposal(suggestion, contactID: contactID, run: run))
      } catch {
        refusals.append(error.reason)
      }
    }
    if answer.suggestions.count > ProposalCheck.limit {
      refusals.append("more than \(ProposalCheck.limit) actions for one person")
    }
    return (proposals, refusals)
  }
}

extension RunSession: ModelSession {}
