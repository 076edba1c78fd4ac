/// What a contact is judged by; each category of a profile that has criteria gets a share of the 100 points.
public enum Category: String, Sendable, CaseIterable {
  /// The job title.
  case titles
  /// How high the position is.
  case seniority
  /// The company's industry.
  case industry
  /// The company's number of employees.
  case companySize = "company_size"
  /// Where the person or the company is.
  case location
  /// Words in what is known about the person.
  case keywords
  /// Buying signals, fading with age.
  case signals
  /// What the person does with us.
  case engagement

  /// The weight that counts when a profile does not set one.
  public var defaultWeight: Double {
    switch self {
    case .titles: 25
    case .seniority, .industry, .companySize: 15
    case .location, .keywords, .engagement: 10
    case .signals: 20
    }
  }

  /// The category in a sentence.
  var label: String { self == .companySize ? "company size" : rawValue }
}
