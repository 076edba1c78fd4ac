/// Why a file is left as it is: it could only be changed by guessing.
public struct EditRefusal: Error, Sendable, Equatable {
  /// What is in the way; never holds anything of the file but names and places.
  public let reason: String

  init(_ reason: String) { self.reason = reason }
}
