internal import JSON
internal import Service

/// Finds the records of one person on both platforms by calls that each platform has: the same e-mail, or else the
/// same LinkedIn profile.
///
/// What one record says of the person may lead to the other, so there are up to three rounds.
struct PersonSearch {
  /// The contact as a list or a search gave it, or as `get` did.
  private(set) var pathbound: JSONObject?
  /// What `pathbound_get_contact` answered, where it was asked already.
  private(set) var pathboundWhole: JSONObject?
  private(set) var owlbound: JSONObject?
  /// Whether ``owlbound`` is the single read's answer, with scores.
  private(set) var isOwlboundWhole = false
  /// What could not be found out, in sentences.
  private(set) var gaps: [String] = []
  private var firstFailure: ServiceError?
  private var emails: Set<String> = []
  private var keys: [Key] = []
  /// How many of the keys each platform was asked for.
  private var asked = (pathbound: 0, owlbound: 0)

  /// What a person may be found by.
  private enum Key: Hashable {
    /// Trimmed and in lower case.
    case email(String)
    /// As ``linkedInKey(_:)`` makes it.
    case linkedIn(String)

    /// What to search for; nil where search can't help.
    var words: String? {
      switch self {
      case .email(let email): return email
      case .linkedIn(let key):
        // Neither API searches addresses; most profiles are named after the person.
        let name: Substring = key.split(separator: "/").last ?? ""
        let words: [Substring] = name.split(separator: "-").filter { $0.count > 1 && $0.allSatisfy(\.isLetter) }
        return words.isEmpty ? nil : words.map { String($0) }.joined(separator: " ")
      }
    }
  }

  /// The records may be of different people.
  var isDoubtful: Bool { emails.count > 1 }

  /// Searches.
  ///
  /// - Throws: `VALIDATION_ERROR` when nothing is given, `NOT_FOUND` when there is nobody, a platform's error when that
  ///   may be the reason.
  init(_ questions: Questions) throws(ServiceError) {
    func given(_ name: String) -> String? {
      let text = questions.arguments[name]?.stringValue.map(Self.trimmed) ?? ""
      return text.isEmpty ? nil : text
    }
    let email = given("email")
    let linkedIn = given("linkedin_url")
    let ids = (pathbound: given("pathbound_contact_id"), owlbound: given("owlbound_contact_id"))
    guard email != nil || linkedIn != nil || ids.pathbound != nil || ids.owlbound != nil else {
      throw ServiceError(.validation, "Give email, linkedin_url, pathbound_contact_id or owlbound_contact_id.")
    }
    add(email: email, linkedIn: linkedIn)
    try get(ids, questions)
    for _ in 1...3 { if !search(questions) { break } }
    guard pathbound != nil || owlbound != nil else {
      if let firstFailure { throw firstFailure }
      let how =
        email == nil
        ? "Hosted APIs can't search LinkedIn addresses: give the e-mail or an id." : "Search by name instead."
      throw ServiceError(
        .notFound, "No contact of either platform has \"\((email ?? linkedIn ?? "").prefix(64))\". \(how)")
    }
  }

  private mutating func get(
    _ ids: (pathbound: String?, owlbound: String?), _ questions: Questions
  ) throws(ServiceError) {
    var asked: [Questions.Question] = []
    if let id = ids.pathbound { asked.append(.init("pathbound_get_contact", ["contact_id": .string(id)])) }
    if let id = ids.owlbound { asked.append(.init("owlbound_get_contact", ["id": .string(id)])) }
    for (question, reply) in zip(asked, questions.ask(asked)) {
      let answer = try reply.get()
      if question.tool == "pathbound_get_contact" {
        pathboundWhole = answer
        takePathbound(answer["contact"]?.objectValue ?? [:])
      } else {
        isOwlboundWhole = true
        takeOwlbound(answer["contact"]?.objectValue ?? [:])
      }
    }
  }

  /// Asks for the next key of each platform that does not know the person yet; false when there is nothing to ask.
  private mutating func search(_ questions: Questions) -> Bool {
    var asked: [(key: Key, question: Questions.Question)] = []
    if pathbound == nil, let (key, words) = next(&self.asked.pathbound) {
      asked.append((key, .init("pathbound_list_contacts", ["search": .string(words), "limit": 20])))
    }
    if owlbound == nil, let (key, words) = next(&self.asked.owlbound) {
      asked.append((key, .init("owlbound_search_contacts", ["query": .string(words), "limit": 20])))
    }
    for ((key, question), reply) in zip(asked, questions.ask(asked.map(\.question))) {
      let isPathbound = question.tool == "pathbound_list_contacts"
      switch reply {
      case .success(let answer):
        for contact in answer["contacts"]?.arrayValue ?? [] {
          guard let contact = contact.objectValue, Self.keys(of: contact).contains(key) else { continue }
          if isPathbound { takePathbound(contact) } else { takeOwlbound(contact) }
          break
        }
      case .failure(let error):
        firstFailure = firstFailure ?? error
        gaps.append("\(isPathbound ? "Pathbound" : "Owlbound") could not be searched: \(error.message)")
      }
    }
    return !asked.isEmpty
  }

  private func next(_ count: inout Int) -> (Key, String)? {
    while count < keys.count {
      let key = keys[count]
      count += 1
      if let words = key.words { return (key, words) }
    }
    return nil
  }

  private mutating func takePathbound(_ contact: JSONObject) {
    pathbound = contact
    add(contact)
  }

  private mutating func takeOwlbound(_ contact: JSONObject) {
    owlbound = contact
    add(contact)
  }

  private mutating func add(_ contact: JSONObject) {
    add(
      email: Self.text("email", contact),
      linkedIn: Self.text("linkedin_url", contact) ?? Self.text("linkedInUrl", contact))
  }

  private mutating func add(email: String?, linkedIn: String?) {
    if let email, !email.isEmpty { emails.insert(Self.trimmed(email).lowercased()) }
    for key in Self.keys(email: email, linkedIn: linkedIn) where !keys.contains(key) { keys.append(key) }
  }

  private static func keys(of contact: JSONObject) -> [Key] {
    keys(email: text("email", contact), linkedIn: text("linkedin_url", contact) ?? text("linkedInUrl", contact))
  }

  private static func keys(email: String?, linkedIn: String?) -> [Key] {
    var keys: [Key] = []
    if let email, !email.isEmpty { keys.append(.email(trimmed(email).lowercased())) }
    if let key = linkedIn.flatMap({ linkedInKey($0) }) { keys.append(.linkedIn(key)) }
    return keys
  }

  /// A member of the contact or of its properties.
  private static func text(_ name: String, _ contact: JSONObject) -> String? {
    contact["properties"]?[name]?.stringValue ?? contact[name]?.stringValue
  }

  /// A profile's address without what does not tell people apart: scheme, `www.`, query, final slash, case.
  private static func linkedInKey(_ address: String) -> String? {
    var rest = trimmed(address).lowercased()[...]
    for start in ["https://", "http://", "www."] where rest.hasPrefix(start) { rest = rest.dropFirst(start.count) }
    rest = rest.prefix { $0 != "?" && $0 != "#" }
    while rest.last == "/" { rest = rest.dropLast() }
    return rest.isEmpty ? nil : String(rest)
  }

  private static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
