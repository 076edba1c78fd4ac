public import JSON

/// A criterion that can't be used.
public struct ProfileError: Error, Sendable, Equatable {
  /// JSON Pointer into the profile, as in `/weights/titles`.
  public let path: String
  /// What is wrong, and what would be right.
  public let message: String

  init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }
}

/// Reading a profile.
extension Profile {
  /// Reads `name`, `titles`, `seniorities`, `industries`, `company_size_min`, `company_size_max`, `locations`,
  /// `keywords`, `signal_types`, `engagement` and `weights` (by category); other members belong to others.
  ///
  /// Absent and null mean that the category has no criteria.
  public init(_ json: JSONObject) throws(ProfileError) {
    self.init()
    name = json["name"]?.stringValue ?? ""
    titles = try Self.list("titles", json)
    seniorities = try Self.list("seniorities", json)
    industries = try Self.list("industries", json)
    locations = try Self.list("locations", json)
    keywords = try Self.list("keywords", json)
    signalTypes = try Self.list("signal_types", json)
    companySizeMinimum = try Self.count("company_size_min", json)
    companySizeMaximum = try Self.count("company_size_max", json)
    if let minimum = companySizeMinimum, let maximum = companySizeMaximum, minimum > maximum {
      throw ProfileError(
        "/company_size_min", "company_size_min (\(minimum)) is larger than company_size_max (\(maximum)); swap them.")
    }
    if let value = Self.value("engagement", json) {
      guard let flag = value.boolValue else { throw ProfileError("/engagement", "engagement must be true or false.") }
      engagement = flag
    }
    weights = try Self.weights(json)
  }

  private static func value(_ key: String, _ json: JSONObject) -> JSONValue? {
    guard let value = json[key], !value.isNull else { return nil }
    return value
  }

  private static func list(_ key: String, _ json: JSONObject) throws(ProfileError) -> [String] {
    guard let value = value(key, json) else { return [] }
    guard let elements = value.arrayValue else { throw ProfileError("/\(key)", "\(key) must be a list of texts.") }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      guard let text = element.stringValue else { throw ProfileError("/\(key)/\(index)", "Must be a text.") }
      if text.utf8.contains(where: { $0 > 32 }) { texts.append(text) }
    }
    return texts
  }

  private static func count(_ key: String, _ json: JSONObject) throws(ProfileError) -> Int? {
    guard let value = value(key, json) else { return nil }
    guard let number = value.integerValue, let count = Int(exactly: number), count >= 0 else {
      throw ProfileError("/\(key)", "\(key) must be a whole number, 0 or more.")
    }
    return count
  }

  private static func weights(_ json: JSONObject) throws(ProfileError) -> [Category: Double] {
    guard let value = value("weights", json) else { return [:] }
    guard let members = value.objectValue else {
      throw ProfileError("/weights", "weights must be an object with a number per category.")
    }
    var weights: [Category: Double] = [:]
    for (key, value) in members where !value.isNull {
      guard let category = Category(rawValue: key) else {
        let known = Category.allCases.map(\.rawValue).joined(separator: ", ")
        throw ProfileError("/weights/\(key)", "No category is called \"\(key.prefix(40))\". Categories: \(known).")
      }
      guard let weight = value.doubleValue, weight >= 0, weight <= 1_000_000 else {
        throw ProfileError("/weights/\(key)", "A weight must be a number from 0 to 1000000.")
      }
      weights[category] = weight
    }
    return weights
  }
}
