internal import JSON
internal import Templates

/// The structured keys of a playbook, which tune a template; a key of the wrong kind fails the run and is named.
struct PlaybookSettings: Sendable {
  private let playbook: JSONObject

  init(_ playbook: JSONObject) { self.playbook = playbook }

  /// A whole number within a range.
  func integer(_ key: String, default standard: Int, in range: ClosedRange<Int>) throws(ProviderFailure) -> Int {
    guard let value = value(key) else { return standard }
    guard let number = value.integerValue.flatMap({ Int(exactly: $0) }), range.contains(number) else {
      throw failure(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A text that is not blank.
  func text(_ key: String, default standard: String) throws(ProviderFailure) -> String {
    guard let value = value(key) else { return standard }
    guard let text = value.stringValue, text.utf8.contains(where: { $0 > 32 }) else {
      throw failure(key, "must be a text that is not blank")
    }
    return text
  }

  /// A list of texts.
  func texts(_ key: String, default standard: [String]) throws(ProviderFailure) -> [String] {
    guard let value = value(key) else { return standard }
    let texts = value.arrayValue?.compactMap(\.stringValue)
    guard let texts, texts.count == value.arrayValue?.count else { throw failure(key, "must be a list of texts") }
    return texts
  }

  /// A text with placeholders.
  func template(_ key: String, default standard: String) throws(ProviderFailure) -> TextTemplate {
    let text = try text(key, default: standard)
    do throws(TextTemplate.Malformed) {
      return try TextTemplate(text)
    } catch {
      throw failure(key, error.problem)
    }
  }

  private func value(_ key: String) -> JSONValue? {
    guard let value = playbook[key], !value.isNull else { return nil }
    return value
  }

  private func failure(_ key: String, _ problem: String) -> ProviderFailure {
    .run("The playbook's \(key) \(problem). Mend the agent's playbook and trigger it again.")
  }
}
