/// That a person has said yes to a call, and to what.
public struct Consent: Sendable, Equatable {
  /// The digest of what the person was shown (``Rehearsal/digest``); what is done must have the same.
  public let shown: [UInt8]

  /// Notes a consent.
  public init(shown: [UInt8]) { self.shown = shown }
}

extension Consent {
  /// It was given to something else than what would be done now.
  public static let outdated = ServiceError(
    .conflict,
    "What the person was shown has changed in the meantime, so their answer does not count and nothing was done. Call "
      + "again: they are asked about what it is now.")
}

extension Call {
  /// Who lets it happen, for logs: the client, or the person who was asked there.
  public var actor: String { consent == nil ? caller.client : "the person at \(caller.client)" }
}
