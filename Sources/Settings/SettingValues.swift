/// What settings were given, in the words of one source.
public struct SettingValues: Sendable, Equatable {
  // By the setting's number. A dictionary would make the runtime build a handful of types at every start.
  private var texts: [String?]

  /// Nothing was given.
  public init() { texts = Array(repeating: nil, count: Setting.allCases.count) }

  /// The value that was given; nil when none was.
  public subscript(_ setting: Setting) -> String? {
    get { texts[setting.rawValue] }
    set { texts[setting.rawValue] = newValue }
  }
}

extension SettingValues: ExpressibleByDictionaryLiteral {
  /// Makes values; of those for the same setting the last one counts.
  public init(dictionaryLiteral elements: (Setting, String)...) {
    self.init()
    for (setting, text) in elements { self[setting] = text }
  }

  /// The values as a command line; secrets are not among them, since they are no options.
  public var arguments: [String] {
    Setting.allCases.flatMap { setting in
      guard let flag = setting.flag, let value = self[setting] else { return [String]() }
      return ["\(flag)=\(value)"]
    }
  }
}
