/// A mail address with the name shown beside it (RFC 5322, 3.4).
///
/// An address is `local@domain`: a dot-atom and host labels, ASCII or letters and digits of any script (RFC 6531).
/// Quoted local parts, address literals and comments are refused: nobody's mailbox needs them, and they carry smuggled
/// recipients. Addresses outside ASCII stay as they are: the program that sends the outbox must speak SMTPUTF8.
public struct Mailbox: Sendable, Hashable {
  /// The name shown; may be empty.
  public let name: String
  /// The address, `local@domain`.
  public let address: String

  /// Checks name and address.
  ///
  /// - Parameter field: what an error names, such as `cc`.
  public init(name: String = "", address: String, field: String) throws(FieldError) {
    try FieldError.checkHeaderText(name, field: field)
    guard name.utf8.count <= 320 else { throw FieldError(field, "has a name of more than 320 bytes") }
    try Self.check(address, field: field)
    self.name = name
    self.address = address
  }

  /// Reads `local@domain` or `Name <local@domain>`.
  public init(parsing text: String, field: String) throws(FieldError) {
    guard text.utf8.last == UInt8(ascii: ">"), let open = text.lastIndex(of: "<") else {
      try self.init(address: text, field: field)
      return
    }
    var name = text[..<open]
    while name.last == " " { name.removeLast() }
    if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
    try self.init(name: String(name), address: String(text[text.index(after: open)...].dropLast()), field: field)
  }

  /// What stands behind the `@`.
  public var domain: String { address.lastIndex(of: "@").map { String(address[address.index(after: $0)...]) } ?? "" }

  /// For people: `Name <address>`, or the address alone.
  var text: String { name.isEmpty ? address : "\(name) <\(address)>" }

  /// Whether the address needs a sender that speaks SMTPUTF8.
  public var needsUTF8: Bool { !address.utf8.allSatisfy { $0 < 0x80 } }

  private static func check(_ address: String, field: String) throws(FieldError) {
    try FieldError.checkHeaderText(address, field: field)
    let parts = address.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw FieldError(field, "holds \(shown(address)), which is not one address like name@example.com")
    }
    guard address.utf8.count <= 254, isDotAtom(parts[0]) else {
      throw FieldError(field, "holds \(shown(address)), which is not an address: check what stands before the @")
    }
    guard isHostName(String(parts[1])) else {
      throw FieldError(field, "holds \(shown(address)), which is not an address: check the host behind the @")
    }
  }

  private static func isDotAtom(_ text: Substring.UnicodeScalarView) -> Bool {
    guard (1...64).contains(String(text).utf8.count) else { return false }
    return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
      !atom.isEmpty && atom.allSatisfy { isLetterOrDigit($0) || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains($0) }
    }
  }

  /// Whether a text is a host's name: labels of letters, digits and inner hyphens, with dots between.
  static func isHostName(_ text: String) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    return text.unicodeScalars.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      label.first != "-" && label.last != "-" && (1...63).contains(String(label).utf8.count)
        && label.allSatisfy { isLetterOrDigit($0) || $0 == "-" }
    }
  }

  private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": return true
    case ..<"\u{80}": return false
    default:
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
        .spacingMark, .decimalNumber:
        return !scalar.properties.isDefaultIgnorableCodePoint
      default: return false
      }
    }
  }

  private static func shown(_ address: String) -> String { "\"\(String(address.prefix(80)))\"" }
}
