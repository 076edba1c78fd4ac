/// An ideal customer: the criteria that a contact is scored against.
///
/// A category without criteria does not count.
public struct Profile: Sendable {
  /// What the profile is called; may be empty.
  public var name = ""
  /// Wanted job titles, like "VP Engineering".
  public var titles: [String] = []
  /// Wanted levels, like "director" or "c_level".
  public var seniorities: [String] = []
  /// Wanted industries.
  public var industries: [String] = []
  /// The fewest employees.
  public var companySizeMinimum: Int?
  /// The most employees.
  public var companySizeMaximum: Int?
  /// Wanted cities, regions or countries.
  public var locations: [String] = []
  /// Words or phrases that speak for a contact.
  public var keywords: [String] = []
  /// Wanted types of buying signals.
  public var signalTypes: [String] = []
  /// Whether what the person does with us counts.
  public var engagement = false
  /// How much a category counts against the others; where nothing is set, ``Category/defaultWeight``.
  public var weights: [Category: Double] = [:]

  /// Creates a profile without criteria.
  public init() {}

  /// The categories that have criteria and a weight above zero.
  public var categories: [Category] {
    Category.allCases.filter { hasCriteria($0) && weight(of: $0) > 0 }
  }

  private func hasCriteria(_ category: Category) -> Bool {
    switch category {
    case .titles: !titles.isEmpty
    case .seniority: !seniorities.isEmpty
    case .industry: !industries.isEmpty
    case .companySize: companySizeMinimum != nil || companySizeMaximum != nil
    case .location: !locations.isEmpty
    case .keywords: !keywords.isEmpty
    case .signals: !signalTypes.isEmpty
    case .engagement: engagement
    }
  }

  private func weight(of category: Category) -> Double {
    let weight = weights[category] ?? category.defaultWeight
    return weight.isFinite ? min(max(weight, 0), 1_000_000) : 0
  }

  /// The points that each category can give: whole numbers that sum up to 100, by the largest remainder.
  var shares: [(category: Category, points: Int)] {
    let categories = self.categories
    let total = categories.reduce(0) { $0 + weight(of: $1) }
    guard total > 0 else { return [] }
    let exact = categories.map { 100 * weight(of: $0) / total }
    var points = exact.map { Int($0) }
    let byRemainder = categories.indices.sorted {
      let (left, right) = (exact[$0] - Double(points[$0]), exact[$1] - Double(points[$1]))
      return left == right ? $0 < $1 : left > right
    }
    for index in byRemainder.prefix(max(0, 100 - points.reduce(0, +))) { points[index] += 1 }
    return categories.indices.map { (categories[$0], points[$0]) }
  }
}
