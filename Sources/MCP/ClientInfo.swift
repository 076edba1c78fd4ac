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
    if text.utf8.count <= 64, text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
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

  /// It asks for the result of long work later, under an id.
  public let knowsTasks: Bool

  /// A client that can do nothing beyond the basics.
  public static let none = ClientCapabilities(elicitsForms: false, knowsTasks: false)

  private init(elicitsForms: Bool, knowsTasks: Bool) {
    self.elicitsForms = elicitsForms
    self.knowsTasks = knowsTasks
  }

  /// Reads a `capabilities` object.
  ///
  /// `elicitation: {}` stands for forms; with modes named, only those count.
  init(_ declared: JSONObject, revision: Revision) {
    self.init(
      elicitsForms: revision >= .june2025 && Self.elicitsForms(declared["elicitation"]),
      knowsTasks: revision.isModern && declared["extensions"]?[TaskSnapshot.extensionName]?.objectValue != nil)
  }

  private static func elicitsForms(_ declared: JSONValue?) -> Bool {
    guard case .object(let elicitation)? = declared else { return false }
    return elicitation["form"]?.objectValue != nil || !elicitation.contains("url")
  }
}
