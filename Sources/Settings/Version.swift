/// The program's own version, as clients and people see it.
public enum Version {
  /// Semantic versioning.
  public static let current = "0.1.0"
}
