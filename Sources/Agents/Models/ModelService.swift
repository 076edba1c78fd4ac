public import HTTP
public import Platform

/// How a model's service is reached.
public struct ModelService: Sendable {
  /// The key; nil where none is set.
  public var key: String?
  /// Where it is; nil for the provider's own.
  public var baseURL: String?
  /// Sends the requests.
  public var client: any HTTPClient
  /// Ends requests when the process is to end.
  public var cancellation: Cancellation?
  /// Tells the time.
  public var clock: any Clock
  /// How long one request may take, in milliseconds.
  public var timeLimit = 120_000
  /// The wait before a second attempt in milliseconds, where the service names none.
  public var firstWait = 1000

  /// Creates the settings; see the properties.
  public init(
    key: String?, baseURL: String? = nil, client: any HTTPClient, cancellation: Cancellation? = nil,
    clock: any Clock = SystemClock()
  ) {
    self.key = key
    self.baseURL = baseURL
    self.client = client
    self.cancellation = cancellation
    self.clock = clock
  }
}
