internal import JSON

/// What a client says about itself.
///
/// Nobody has checked it: it is for logs and records, never for decisions.
public struct ClientInfo: Sendable, Equatable {
  /// Its name, printable and short; empty when it gave none.
  public let name: String
  /// Its version, printable and short; empty when it gave none.
  public let version: String

  /// A client that said nothing.
  public static let unknown = ClientInfo(nil)

  /// Reads `{name, version}` and ignores whatever has another form.
  init(_ value: JSONValue?) {
    name = Self.printable(value?["name"]?.stringValue)
    version = Self.printable(value?["version"]?.stringValue)
  }

  private static func printable(_ text: String?) -> String {
    guard let text else { return "" }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(64) where isPrintable(scalar) { result.append(scalar) }
    return String(result)
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}

/// What a client has declared that it can do, as far as a tool may care.
public struct ClientCapabilities: Sendable, Equatable {
  /// It can show a form to a person and bring back what was filled in.
  public let elicitsForms: Bool

  /// A client that can do nothing beyond the basics.
  public static let none = ClientCapabilities(elicitsForms: false)

  private init(elicitsForms: Bool) { self.elicitsForms = elicitsForms }

  /// Reads a `capabilities` object.
  ///
  /// `elicitation: {}` stands for forms; with modes named, only those count.
  init(_ declared: JSONObject, revision: Revision) {
    guard revision >= .june2025, case .object(let elicitation)? = declared["elicitation"] else {
      self = .none
      return
    }
    self.init(elicitsForms: elicitation["form"]?.objectValue != nil || !elicitation.contains("url"))
  }
}
