internal import JSON
internal import Operations

/// What can be read under one URI, or under those of one template: an operation's payload, as JSON and as Markdown.
struct ResourceKind: Sendable {
  /// The part of a template that differs.
  struct Variable: Sendable {
    /// The name in the template, which is the operation's argument too.
    let name: String
    /// What may stand there.
    let form: Form
    /// What is proposed for it.
    let source: CompletionSource

    /// What may stand in place of a variable.
    enum Form: Sendable {
      /// Letters, digits, `_` and `-`.
      case identifier
      /// An address, percent-encoded or not.
      case email
    }
  }

  /// The URI or template (RFC 6570, level 1) of the JSON form.
  let uri: String
  /// That of the Markdown form.
  let markdownURI: String
  /// For programs.
  let name: String
  /// For people.
  let title: String
  /// What is there.
  let description: String
  /// What is read.
  let operation: Operation
  /// With what, beside the variable.
  let arguments: JSONObject
  /// Nil for a URI.
  let variable: Variable?

  /// A single resource.
  init(
    _ uri: String, _ name: String, _ title: String, _ description: String, _ operation: Operation,
    _ arguments: JSONObject = [:]
  ) {
    self.init(uri, uri + ".md", name, title, description, operation, arguments, nil)
  }

  /// The resources of a template.
  init(
    _ uri: String, _ name: String, _ title: String, _ description: String, _ operation: Operation,
    _ arguments: JSONObject = [:], markdown: String? = nil, by variable: String,
    _ source: CompletionSource, form: Variable.Form = .identifier
  ) {
    self.init(
      uri, markdown ?? uri + ".md", name, title, description, operation, arguments,
      Variable(name: variable, form: form, source: source))
  }

  private init(
    _ uri: String, _ markdownURI: String, _ name: String, _ title: String, _ description: String,
    _ operation: Operation, _ arguments: JSONObject, _ variable: Variable?
  ) {
    self.uri = uri
    self.markdownURI = markdownURI
    self.name = name
    self.title = title
    self.description = description
    self.operation = operation
    self.arguments = arguments
    self.variable = variable
  }
}

/// How a URI is understood.
enum ResourceMatch: Sendable {
  /// What it stands for.
  case found(ResourceKind, JSONObject, isMarkdown: Bool)
  /// Something of a known kind that can't be, such as an id with a slash in it.
  case malformed
  /// Nothing of ours.
  case unknown
}

extension [ResourceKind] {
  /// What the URI stands for: compared byte by byte, decoded once.
  func match(_ uri: String) -> ResourceMatch {
    var isMalformed = false
    for kind in self {
      for (pattern, isMarkdown) in [(kind.uri, false), (kind.markdownURI, true)] {
        guard let variable = kind.variable else {
          if pattern == uri { return .found(kind, kind.arguments, isMarkdown: isMarkdown) }
          continue
        }
        guard let part = Self.part(of: uri, in: pattern) else { continue }
        guard let value = variable.form.value(part) else {
          isMalformed = true
          continue
        }
        var arguments = kind.arguments
        arguments[variable.name] = .string(value)
        return .found(kind, arguments, isMarkdown: isMarkdown)
      }
    }
    return isMalformed ? .malformed : .unknown
  }

  /// What stands in place of the template's variable; nil when all around it differs.
  private static func part(of uri: String, in template: String) -> Substring? {
    guard let open = template.firstIndex(of: "{"), let close = template.firstIndex(of: "}") else { return nil }
    let (before, after) = (template[..<open], template[template.index(after: close)...])
    guard uri.hasPrefix(before), uri.hasSuffix(after), uri.utf8.count > before.utf8.count + after.utf8.count else {
      return nil
    }
    let part = uri.dropFirst(before.count).dropLast(after.count)
    return part.contains("/") ? nil : part
  }
}

extension ResourceKind.Variable.Form {
  /// The value that stands in a URI; nil when it can't be one.
  func value(_ part: Substring) -> String? {
    guard let bytes = Self.decoded(part), !bytes.isEmpty, bytes.count <= 254, bytes.allSatisfy(allows) else {
      return nil
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func allows(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    case UInt8(ascii: "@"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "'"): self == .email
    default: false
    }
  }

  /// RFC 3986, section 2.1; nil when a percent sign stands alone.
  private static func decoded(_ part: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = part.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexValue), let low = rest.popFirst().flatMap(hexValue) else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
