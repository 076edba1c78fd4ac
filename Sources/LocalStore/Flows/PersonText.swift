internal import JSON
internal import Service
internal import Templates

/// What a placeholder in the texts of workflows and sequences can name: fields of the Owlbound contact.
enum PersonField: String, CaseIterable {
  case firstName, lastName, email, company, title, location
}

/// A text for one person.
typealias PersonText = TextTemplate<PersonField>

extension TextTemplate<PersonField> {
  /// Reads a text.
  ///
  /// - Throws: `VALIDATION_ERROR` at the path when it names what there is not.
  static func checked(_ text: String, at path: String) throws(ServiceError) -> PersonText {
    if let field = PersonField.allCases.first(where: { Self.isInSingleBraces($0.rawValue, text) }) {
      throw .invalid(
        path,
        "The text would say {\(field.rawValue)} as it stands. Placeholders have two braces: {{\(field.rawValue)}}.")
    }
    do throws(Malformed) {
      return try PersonText(text)
    } catch {
      throw .invalid(path, "The text \(error.problem).")
    }
  }

  /// Whether a text names a field in the way of other programs, which nobody wants to be sent.
  private static func isInSingleBraces(_ name: String, _ text: String) -> Bool {
    let wanted = Array("{\(name)}".utf8)
    let bytes = Array(text.utf8)
    guard bytes.count >= wanted.count else { return false }
    return (0...(bytes.count - wanted.count)).contains { start in
      bytes[start] == wanted[0] && (start == 0 || bytes[start - 1] != wanted[0])
        && bytes[start...].starts(with: wanted)
    }
  }

  /// The text for a person; for nobody, only what stands in is used.
  ///
  /// - Throws: `VALIDATION_ERROR` that names the field which is unknown.
  func filled(for person: FlowPerson?) throws(ServiceError) -> String {
    do throws(Missing) {
      return try filled(person?.facts ?? [:])
    } catch {
      let name = error.placeholder.rawValue
      let whose = person == nil ? "there is no contact to take it from" : "this contact lacks it"
      throw ServiceError(
        .validation,
        "The text needs {{\(name)}}, and \(whose). Fill it in, or give the text a stand-in: {{\(name)|…}}.")
    }
  }
}

extension TextTemplate<PersonField> {
  /// The text for a person who has everything, so that what is made of it can be checked beforehand.
  var sample: String {
    let values = PersonField.allCases.map { ($0, $0 == .email ? "sample@example.com" : "Sample") }
    return (try? filled(Dictionary(uniqueKeysWithValues: values))) ?? ""
  }
}

/// Texts anywhere in a JSON value.
extension JSONValue {
  /// The value with each of its texts, keys excepted, replaced.
  func replacingTexts(
    at path: String = "", _ replace: (String, _ path: String) throws(ServiceError) -> String
  ) throws(ServiceError) -> JSONValue {
    switch self {
    case .string(let text): return .string(try replace(text, path))
    case .array(let items):
      var replaced: [JSONValue] = []
      for (position, item) in items.enumerated() {
        replaced.append(try item.replacingTexts(at: "\(path)/\(position)", replace))
      }
      return .array(replaced)
    case .object(let members):
      var replaced = JSONObject()
      replaced.reserveCapacity(members.count)
      for (key, value) in members {
        replaced.append(uncheckedKey: key, value: try value.replacingTexts(at: "\(path)/\(key)", replace))
      }
      return .object(replaced)
    default: return self
    }
  }
}
