internal import Service

/// Who knows of a sequence that a person is in; each is asked in turn while the rule is on.
enum SequenceCollision {
  /// Tells why a person, known by addresses in their comparable form or by a contact's row, is not to be written to
  /// now; nil when nothing is under way.
  typealias Check =
    @Sendable (_ addresses: [String], _ contact: Int64?, ReadTransaction) throws(ServiceError) -> String?

  /// All of them.
  static let all: [Check] = []
}
