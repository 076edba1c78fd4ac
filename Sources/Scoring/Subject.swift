/// What is known about one contact at one moment; nil and empty mean unknown.
public struct Subject: Sendable {
  /// A buying signal.
  public struct Signal: Sendable {
    /// For example `funding_round`.
    public let type: String
    /// `high`, `medium` or `low`; anything else counts as medium.
    public let priority: String
    /// Milliseconds since it came; the time of scoring is thereby an input.
    public let age: Int64

    /// Creates a signal.
    public init(type: String, priority: String, age: Int64) {
      self.type = type
      self.priority = priority
      self.age = age
    }
  }

  /// The job title.
  public var title: String?
  /// The company's name.
  public var company: String?
  /// The company's industry.
  public var industry: String?
  /// The company's number of employees.
  public var headCount: HeadCount?
  /// City, region, country, as written.
  public var location: String?
  /// Labels of the contact.
  public var tags: [String] = []
  /// Further texts in which keywords count: notes, the company's description.
  public var texts: [String] = []
  /// All signals of the contact; none is a fact, too.
  public var signals: [Signal] = []
  /// From 0 to 100.
  public var activityScore: Double?
  /// Tracked events in the last 30 days; nil when events of this person can't be known.
  public var recentEvents: Int?

  /// Creates a subject of whom nothing is known.
  public init() {}
}

/// A number of employees, exact or as a range.
public struct HeadCount: Sendable, Hashable {
  /// At least that many.
  public let lower: Int
  /// At most that many; nil when open.
  public let upper: Int?

  /// An exact number.
  public init(_ count: Int) {
    lower = count
    upper = count
  }

  /// A range; the ends may come in either order.
  public init(from first: Int, to second: Int?) {
    lower = min(first, second ?? first)
    upper = second.map { max(first, $0) }
  }

  /// Reads `250`, `51-200`, `1,001 – 5,000 employees`, `10,000+`, `5k`; nil when there is no number in it.
  public init?(_ text: String) {
    var numbers: [Int] = []
    var current: Int?
    var isOpen = false
    func close() {
      if let number = current { numbers.append(number) }
      current = nil
    }
    for scalar in text.unicodeScalars.prefix(64) {
      switch scalar {
      case "0"..."9":
        let (product, overflow) = (current ?? 0).multipliedReportingOverflow(by: 10)
        if overflow || product > 1_000_000_000 { return nil }
        current = product + Int(scalar.value - 48)
      case ",", ".", "'", "\u{2019}":
        continue
      case "k", "K":
        if let number = current { current = number.multipliedReportingOverflow(by: 1000).partialValue }
        close()
      case "+":
        isOpen = true
        close()
      default:
        close()
      }
    }
    close()
    guard let first = numbers.first else { return nil }
    if isOpen {
      self.init(from: first, to: nil)
    } else {
      self.init(from: first, to: numbers.dropFirst().first ?? first)
    }
  }

  var description: String {
    guard let upper else { return "\(lower) or more" }
    return lower == upper ? "\(lower)" : "\(lower) to \(upper)"
  }
}
