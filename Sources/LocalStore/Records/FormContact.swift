internal import JSON
internal import JSONSchema
internal import Service

/// The person that a form or a video player has asked for an e-mail (Pathbound API 14.3, 14.4): what makes a visitor a
/// contact.
///
/// The API says that form data are in the event, not where: they are looked for among the members of `data` and of the
/// objects in it, and in lists of name and value, under the names that forms use.
struct FormContact {
  /// As it was typed, but a mailbox.
  let email: String
  /// What else the form says of a person, for a contact that is new.
  let properties: JSONObject
  /// How the contact came to be known.
  let source: String

  private static let sources = ["form_submit": "form", "video_conversion": "video"]
  private static let mailbox = CompiledSchema(.object([.required("email", .string(format: .email))]))
  /// Names of fields, without case and signs.
  private static let names = [
    "email": "email", "emailaddress": "email", "workemail": "email", "businessemail": "email", "youremail": "email",
    "useremail": "email", "mail": "email", "firstname": "firstname", "fname": "firstname", "givenname": "firstname",
    "lastname": "lastname", "lname": "lastname", "surname": "lastname", "familyname": "lastname",
    "company": "company", "companyname": "company", "organization": "company", "organisation": "company",
    "jobtitle": "jobtitle", "phone": "phone", "phonenumber": "phone", "country": "country",
  ]
  private static let longestText = 200

  /// Reads an event; nil when it names nobody.
  init?(event: String, _ data: JSONObject?) {
    guard let source = Self.sources[event], let data else { return nil }
    var found: JSONObject = [:]
    Self.collect(data, into: &found)
    guard let email = found.trimmedText("email"), (try? Self.mailbox.validate(["email": .string(email)])) != nil else {
      return nil
    }
    found["email"] = nil
    self.email = email
    self.source = source
    properties = found
  }

  /// The row of the contact with this e-mail, who is added when there is none; what a known contact says of itself
  /// stays as it is.
  func row(in transaction: WriteTransaction) throws(ServiceError) -> Int64 {
    if let known = try ContactChanges.row(email: email, transaction.reading) { return known }
    return try ContactChanges.create(
      email: email, properties: properties, visitors: [], company: nil, source: source, in: transaction)
  }

  private static func collect(_ object: JSONObject, depth: Int = 0, into found: inout JSONObject) {
    for (name, value) in object {
      switch value {
      case .string(let text): note(name, text, into: &found)
      case .object(let members) where depth < 2: collect(members, depth: depth + 1, into: &found)
      case .array(let fields):
        for case .object(let field) in fields {
          if let name = field.text("name"), let text = field.text("value") { note(name, text, into: &found) }
        }
      default: break
      }
    }
  }

  private static func note(_ name: String, _ text: String, into found: inout JSONObject) {
    let plain = String(decoding: name.utf8.prefix(64).compactMap(letter), as: UTF8.self)
    guard let property = names[plain], found[property] == nil, !text.trimmed.isEmpty, text.utf8.count <= longestText
    else { return }
    found[property] = .string(text.trimmed)
  }

  /// An ASCII letter in lower case; nil for anything else.
  private static func letter(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte
    default: nil
    }
  }
}
