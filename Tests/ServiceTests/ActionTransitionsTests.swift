import Service
import Testing

@Suite("Action transitions")
struct ActionTransitionsTests {
  /// Every pair that is possible, with what it leads to; the rows are those of the Pathbound API, 11.5.
  private static let table: [ActionStatus: [ActionEvent: ActionStatus]] = [
    .scheduled: [
      .execute: .running, .process: .running, .cancel: .cancelled, .update: .scheduled,
      .requireApproval: .pendingApproval, .contactDeleted: .cancelled,
      .companyDeleted: .cancelled,
    ],
    .approved: [
      .execute: .running, .process: .running, .cancel: .cancelled, .update: .approved,
      .requireApproval: .pendingApproval, .contactDeleted: .cancelled,
      .companyDeleted: .cancelled,
    ],
    .autoApproved: [
      .execute: .running, .process: .running, .cancel: .cancelled, .update: .autoApproved,
      .requireApproval: .pendingApproval, .contactDeleted: .cancelled,
      .companyDeleted: .cancelled,
    ],
    .pendingApproval: [
      .approve: .approved, .reject: .rejected, .edit: .pendingApproval, .execute: .running,
      .update: .pendingApproval, .requireApproval: .pendingApproval, .contactDeleted: .cancelled,
      .companyDeleted: .cancelled,
    ],
    .running: [.succeed: .completed, .fail: .failed],
    .completed: [:], .failed: [:], .rejected: [:], .cancelled: [:],
  ]

  @Test("every status meets every event as the table says", arguments: ActionStatus.allCases, ActionEvent.allCases)
  func table(status: ActionStatus, event: ActionEvent) throws {
    let expected = try #require(Self.table[status])[event]
    #expect(ActionTransitions.status(after: event, from: status) == expected)
    if let expected {
      #expect(try ActionTransitions.apply(event, to: status) == expected)
    } else {
      let error = try #require(throws: ServiceError.self) { try ActionTransitions.apply(event, to: status) }
      #expect(error.code == .conflict)
      #expect(error.message.contains(status.rawValue))
    }
  }

  @Test("a conflict names what a caller can do instead")
  func possibilities() throws {
    let error = try #require(throws: ServiceError.self) { try ActionTransitions.apply(.approve, to: .scheduled) }
    #expect(error.message.contains("execute, cancel, update"))
    let final = try #require(throws: ServiceError.self) { try ActionTransitions.apply(.execute, to: .completed) }
    #expect(final.message.contains("queue a new action"))
  }

  @Test("nothing leads out of a final status", arguments: [ActionStatus.completed, .failed, .rejected, .cancelled])
  func finality(status: ActionStatus) {
    #expect(ActionEvent.allCases.allSatisfy { ActionTransitions.status(after: $0, from: status) == nil })
    #expect(!status.isOpen && !status.isQueued)
  }
}
