internal import JSON
internal import Operations
internal import Platform
internal import Service

/// Answers a read: the arguments are valid, the payload is one JSON object.
typealias ReadHandler = @Sendable (ReadTransaction, JSONObject, inout JSONWriter) throws(ServiceError) -> Void

/// Makes a change: checks first, then writes, then writes the payload; gives the action that was claimed for the
/// caller to be performed at once, if any (its payload then comes from the outcome).
typealias WriteHandler =
  @Sendable (WriteTransaction, Call, inout JSONWriter) throws(ServiceError) -> ClaimedAction?

/// Does on the caller's thread what a change needs no look at the data for, at this time, and gives the rest.
typealias WritePreparation = @Sendable (Call, Timestamp) throws(ServiceError) -> WriteHandler

/// What the local workspace does for an operation.
enum Handler: Sendable {
  /// A read; `isQuick` says whether these arguments touch few rows.
  case read(ReadHandler, isQuick: @Sendable (JSONObject) -> Bool)
  /// A change.
  case write(WriteHandler)
  /// A change of which so much can be done beforehand that the one thread that writes is spared it.
  case preparedWrite(WritePreparation)

  /// A read that always touches few rows.
  static func quickRead(_ handler: @escaping ReadHandler) -> Handler { .read(handler, isQuick: { _ in true }) }

  /// A read that may touch many rows.
  static func slowRead(_ handler: @escaping ReadHandler) -> Handler { .read(handler, isQuick: { _ in false }) }
}

/// The handlers of all operations, by name; each file of this folder adds those of its domain.
enum Handlers {
  /// All handlers.
  static let all: [String: Handler] = {
    var all: [String: Handler] = [:]
    let domains = [
      pathboundContacts,
      pathboundNotes,
      pathboundHistory,
      pathboundCompanies,
      pathboundEvents,
      pathboundSegments,
      pathboundIdentities,
      pathboundBatch,
      pathboundActions,
      pathboundOutreachRules,
      pathboundAgents,
      pathboundAccount,
      owlboundContacts,
      owlboundSignals,
      owlboundOutreach,
      owlboundFlows,
      owlboundProfiles,
      owlboundAccount,
      owlboundCompanies,
      owlboundConnectors,
      owlboundEnrichment,
      bound,
      history,
      inner,
    ]
    for domain in domains { all.merge(domain) { first, _ in first } }
    return all
  }()

  /// The handler of an operation; nil when there is none.
  static func handler(of operation: Operation) -> Handler? { all[operation.name] }

  /// Whether a successful call may have left work for the worker.
  static func makesWorkDue(_ operation: Operation) -> Bool { workMakers.contains(operation.name) }

  /// Whether what a call does to rows is noted, so that it can be taken back; where it comes in by the thousand, the
  /// audit row's id must do.
  static func keepsImages(_ operation: Operation) -> Bool {
    operation !== PathboundEvents.trackEvents && operation !== PathboundContacts.createContact
      && operation !== OwlboundSignals.ingestSignal
  }

  /// Whether a call answers with one result for each of many actions.
  static func answersInBulk(_ operation: Operation) -> Bool { operation.name == "pathbound_bulk_queue_actions" }

  private static let workMakers: Set<String> = [
    "pathbound_queue_action", "pathbound_approve_action", "pathbound_approve_run_action", "pathbound_trigger_agent",
    "owlbound_enrich_contact",
    "pathbound_create_agent", "pathbound_update_agent", "pathbound_propose_run_actions",
    "owlbound_ingest_signal", "owlbound_trigger_workflow", "owlbound_enroll_in_sequence", "owlbound_save_sequence",
    "owlbound_update_contact", "owlbound_archive_contact",
    "pathbound_bulk_queue_actions", "pathbound_bulk_review_actions", "pathbound_update_action",
    "pathbound_delete_contact", "pathbound_undo_change",
  ]
}
