/// A command line, taken apart.
public struct Invocation: Sendable {
  /// What is wanted of the command.
  public enum Purpose: Sendable {
    /// To run it.
    case run
    /// To explain it.
    case help
    /// The program's version.
    case version
  }

  /// What is wanted.
  public private(set) var purpose = Purpose.run
  /// The command; nil when none was named.
  public private(set) var command: Command?
  /// What follows the command and is no option.
  public private(set) var operands: [String] = []
  /// The command's own options that were given, each with its last value; a switch has an empty one.
  public private(set) var options: [Command.Option: String] = [:]
  /// Values of settings.
  public private(set) var values = SettingValues()

  /// Reads the arguments that follow the program's name.
  ///
  /// Options may stand anywhere, as `--name value` or `--name=value`; after `--` everything is an operand.
  public init(arguments: [String]) throws(UsageError) {
    var rest = arguments[...]
    var onlyOperands = false
    while let argument = rest.popFirst() {
      if onlyOperands || argument == "-" || !argument.hasPrefix("-") {
        try take(operand: argument)
      } else if argument == "--" {
        onlyOperands = true
      } else {
        try take(option: argument, &rest)
      }
    }
    if purpose == .run { try check() }
  }

  /// Whether the switch was given.
  public func has(_ option: Command.Option) -> Bool { options[option] != nil }

  private mutating func take(operand: String) throws(UsageError) {
    if command != nil {
      operands.append(operand)
    } else if let command = Command(rawValue: operand) {
      self.command = command
    } else if operand == "help" && purpose == .run {
      purpose = .help
    } else {
      throw .unknown("command", operand, known: Command.allCases.map(\.rawValue) + ["help"])
    }
  }

  private mutating func take(option: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
    let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    switch name {
    case "--help", "-h": purpose = .help
    case "--version": purpose = .version
    default:
      if let setting = Setting.allCases.first(where: { $0.flag == name }) {
        values[setting] =
          setting.isSwitch
          ? attached ?? "true" : try value(of: name, placeholder: setting.placeholder, attached, &rest)
      } else if let own = Command.Option.allCases.first(where: { $0.flag == name }) {
        options[own] = try value(of: own, attached, &rest)
      } else {
        throw .unknown("option", name, known: Self.knownFlags)
      }
    }
  }

  private func value(
    of option: Command.Option, _ attached: String?, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    if let placeholder = option.placeholder {
      return try value(of: option.flag, placeholder: placeholder, attached, &rest)
    }
    guard attached == nil else { throw UsageError("\(option.flag) takes no value") }
    return ""
  }

  private func value(
    of flag: String, placeholder: String, _ attached: String?, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String {
    // A value never begins with two dashes: the next option was meant.
    guard let value = attached ?? (rest.first?.hasPrefix("--") == true ? nil : rest.popFirst()) else {
      throw UsageError("\(flag) needs a value: \(placeholder)")
    }
    return value
  }

  private func check() throws(UsageError) {
    let command = self.command ?? .serve
    if let stranger = options.keys.first(where: { !command.options.contains($0) }) {
      let owners = Command.allCases.filter { $0.options.contains(stranger) }.map(\.rawValue)
      throw UsageError(
        "\(command.rawValue) has no option \(stranger.flag); it belongs to \(owners.joined(separator: ", "))")
    }
    if operands.count < command.operandCount.lowerBound {
      throw UsageError("\(command.rawValue) needs an operand: bound-mcp \(command.synopsis)")
    }
    if operands.count > command.operandCount.upperBound {
      let first = operands[command.operandCount.upperBound]
      throw UsageError("\(command.rawValue) does not take \"\(first)\": bound-mcp \(command.synopsis)")
    }
  }

  private static var knownFlags: [String] {
    Setting.allCases.compactMap(\.flag) + Command.Option.allCases.map(\.flag) + ["--help", "--version"]
  }
}
