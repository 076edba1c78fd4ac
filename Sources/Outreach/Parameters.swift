internal import JSON
internal import Service

/// Reads an action's parameters: null counts as absent, and what does not fit is an error that names it.
struct Parameters {
  private let action: ClaimedAction

  init(_ action: ClaimedAction) { self.action = action }

  /// A text that must be there and not be blank.
  func text(_ name: String) throws(FieldError) -> String {
    guard let text = try optionalText(name), text.utf8.contains(where: { $0 > 32 }) else {
      throw FieldError(name, "is missing")
    }
    return text
  }

  /// A text, or nil.
  func optionalText(_ name: String) throws(FieldError) -> String? {
    guard let value = value(name) else { return nil }
    guard let text = value.stringValue else { throw FieldError(name, "must be a text") }
    return text
  }

  /// A list of texts; one text counts as a list of one.
  func texts(_ name: String) throws(FieldError) -> [String] {
    guard let value = value(name) else { return [] }
    if let text = value.stringValue { return [text] }
    guard let elements = value.arrayValue else { throw FieldError(name, "must be a list of texts") }
    var texts: [String] = []
    for element in elements {
      guard let text = element.stringValue else { throw FieldError(name, "must hold nothing but texts") }
      texts.append(text)
    }
    return texts
  }

  /// An object that must be there and have members.
  func object(_ name: String) throws(FieldError) -> JSONObject {
    guard let object = value(name)?.objectValue, !object.isEmpty else {
      throw FieldError(name, "must be an object with at least one member")
    }
    return object
  }

  /// An object, or nil.
  func optionalObject(_ name: String) throws(FieldError) -> JSONObject? {
    guard let value = value(name) else { return nil }
    guard let object = value.objectValue else { throw FieldError(name, "must be an object") }
    return object
  }

  /// The person it is for: the parameter, else the action's own link.
  func contactID() throws(FieldError) -> String? { try optionalText("contact_id") ?? action.contactID }

  /// As ``contactID()``, where the type can't do without.
  func requiredContactID() throws(FieldError) -> String {
    guard let id = try contactID() else { throw FieldError("contact_id", "is missing") }
    return id
  }

  private func value(_ name: String) -> JSONValue? {
    guard let value = action.params[name], !value.isNull else { return nil }
    return value
  }
}

/// The outcome of a body that may find a parameter unfit.
func outcome(
  of action: ClaimedAction, _ body: (Parameters) throws(FieldError) -> ActionOutcome
) -> ActionOutcome {
  do {
    return try body(Parameters(action))
  } catch {
    return .failed(
      "\(action.type) can't be done: \(error.field) \(error.problem). Queue a new action with what is right.")
  }
}

/// The preview of a body that may find a parameter unfit.
func content(
  of action: ClaimedAction, _ body: (Parameters) throws(FieldError) -> JSONObject
) -> ActionPreview {
  do {
    return .content(try body(Parameters(action)))
  } catch {
    return .failure("\(action.type) can't be done: \(error.field) \(error.problem).")
  }
}
