public import JSON
public import Platform

/// Work that outlives its call, as it is kept in the workspace.
public struct TaskRecord: Sendable {
  /// How it stands.
  public enum Status: String, Sendable {
    /// It goes on.
    case working
    /// It has a payload, which may be an error's.
    case completed
    /// Its process has ended before it.
    case failed
    /// It was ended at the client's wish, and nothing came of it.
    case cancelled
  }

  /// What goes on elsewhere, and how to look at it.
  public struct Followed: Sendable {
    /// The operation that tells how it stands.
    public let operation: String
    /// Its arguments.
    public let arguments: JSONObject
    /// Of a list, the run with this `job_id`.
    public let job: String?

    /// Describes what to look at.
    public init(operation: String, arguments: JSONObject, job: String? = nil) {
      self.operation = operation
      self.arguments = arguments
      self.job = job
    }
  }

  /// Unguessable.
  public let id: String
  /// The tool that was called.
  public let tool: String
  /// Who called it.
  public let client: String
  /// Background work that the task stands for; nil where one process does it itself.
  public let followed: Followed?
  /// How it stands.
  public var status: Status
  /// What goes on, for people.
  public var message: String?
  /// The answer so far, one JSON object; of background work that goes on, what its call gave.
  public var payload: [UInt8]?
  /// Whether the payload tells of an error.
  public var isError: Bool
  /// Until when its process counts as alive without another sign; nil for background work.
  public var leaseUntil: Timestamp?
  /// When it was made.
  public let created: Timestamp
  /// When it has changed last.
  public var updated: Timestamp

  /// Describes a task.
  public init(
    id: String, tool: String, client: String, followed: Followed? = nil, status: Status = .working,
    message: String? = nil, payload: [UInt8]? = nil, isError: Bool = false, leaseUntil: Timestamp? = nil,
    created: Timestamp, updated: Timestamp
  ) {
    self.id = id
    self.tool = tool
    self.client = client
    self.followed = followed
    self.status = status
    self.message = message
    self.payload = payload
    self.isError = isError
    self.leaseUntil = leaseUntil
    self.created = created
    self.updated = updated
  }

  /// For how many milliseconds a task is kept.
  public static let lifetime: Int64 = 86_400_000
  /// How long a process may give no sign before its tasks count as lost, in milliseconds.
  public static let lease: Int64 = 60_000

  /// A new id: 192 random bits.
  public static func newID() -> String {
    var random = SystemRandomNumberGenerator()
    return "tk_" + (0..<3).map { _ in Base32.text(random.next(), digits: 13) }.joined()
  }
}

/// Where tasks are kept: in the workspace, for every process and over restarts.
public protocol TaskBook: Sendable {
  /// Keeps a new task, durably.
  func add(_ task: TaskRecord) throws(ServiceError)

  /// The task with that id; nil when there is none, or it is too old.
  func task(_ id: String) throws(ServiceError) -> TaskRecord?

  /// Ends a task that goes on; one that has ended stays as it is.
  func end(
    _ id: String, as status: TaskRecord.Status, message: String?, payload: [UInt8]?, isError: Bool
  ) throws(ServiceError)

  /// Notes that a client wants a task to end.
  func wishEnd(of id: String) throws(ServiceError)

  /// Gives a sign of life for tasks that this process works on; gives those that are to end.
  func renew(_ tasks: [(id: String, message: String?)]) throws(ServiceError) -> [String]

  /// Ends the background work that a task stands for, unless it has ended; false when that can't be done.
  func stop(_ followed: TaskRecord.Followed) throws(ServiceError) -> Bool
}
