/// A shell that can complete the program's command line.
public enum Shell: String, Sendable, CaseIterable {
  /// GNU Bash, 3.2 or newer.
  case bash
  /// The Z shell.
  case zsh
  /// The friendly interactive shell.
  case fish

  /// The script that teaches it to, made from the tables that `--help` prints.
  public var completionScript: String {
    switch self {
    case .bash: BashCompletion.script
    case .zsh: ZshCompletion.script
    case .fish: FishCompletion.script
    }
  }
}

extension String {
  /// Between single quotes, as POSIX shells take it.
  var shellQuoted: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }

  /// With a backslash before each of the characters.
  func escaping(_ characters: String) -> String {
    reduce(into: "") { text, character in
      if characters.contains(character) { text.append("\\") }
      text.append(character)
    }
  }
}

/// The script for bash.
enum BashCompletion {
  static var script: String {
    """
    # bash completion for bound-mcp; made by 'bound-mcp completions bash'
    _bound_mcp() {
      local cur prev command word words list i
      cur=${COMP_WORDS[COMP_CWORD]}
      prev=${COMP_WORDS[COMP_CWORD-1]}
      command=
      for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
          \(Command.allCases.map(\.rawValue).joined(separator: "|"))) command=${COMP_WORDS[i]}; break ;;
        esac
      done
      COMPREPLY=()
      case $prev in
    \(values)
      esac
      if [[ $cur == -* ]]; then
        case $command in
    \(options)
        esac
      elif [[ -z $command ]]; then
        words=\((Command.allCases.map(\.rawValue) + ["help"]).joined(separator: " ").shellQuoted)
      elif [[ $prev == "$command" ]]; then
        case $command in
    \(operands)
        esac
      fi
      COMPREPLY=($(compgen -W "$words" -- "$cur"))
    }
    complete -F _bound_mcp bound-mcp

    """
  }

  private static var values: String {
    var seen: Set<String> = []
    var lines: [String] = []
    for command in Command.allCases {
      for (flag, _, value) in command.completedOptions {
        guard let value, seen.insert(flag).inserted else { continue }
        lines.append("    \(flag)) \(reply(value)) return ;;")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func reply(_ value: Completion) -> String {
    switch value {
    case .none: ""
    case .words(let words): "COMPREPLY=($(compgen -W \(words.joined(separator: " ").shellQuoted) -- \"$cur\"));"
    case .list(let words):
      // What stands before the last comma stays.
      "list=; [[ $cur == *,* ]] && list=${cur%,*},; "
        + "COMPREPLY=($(compgen -P \"$list\" -W \(words.joined(separator: " ").shellQuoted) -- \"${cur##*,}\"));"
    case .file: "COMPREPLY=($(compgen -f -- \"$cur\"));"
    case .folder: "COMPREPLY=($(compgen -d -- \"$cur\"));"
    }
  }

  private static var options: String {
    let commands = Command.allCases.map { ($0.rawValue, $0) } + [("*", Command.serve)]
    return commands.map { pattern, command in
      "      \(pattern)) words=\(command.completedOptions.map(\.flag).joined(separator: " ").shellQuoted) ;;"
    }.joined(separator: "\n")
  }

  private static var operands: String {
    var lines: [String] = []
    for command in Command.allCases {
      switch command.operandCompletion {
      case .words(let words), .list(let words):
        lines.append("      \(command.rawValue)) words=\(words.joined(separator: " ").shellQuoted) ;;")
      case .file: lines.append("      \(command.rawValue)) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;")
      case .folder: lines.append("      \(command.rawValue)) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;")
      case .none: break
      }
    }
    return lines.joined(separator: "\n")
  }
}

/// The script for zsh.
enum ZshCompletion {
  static var script: String {
    """
    #compdef bound-mcp
    # zsh completion for bound-mcp; made by 'bound-mcp completions zsh'
    _bound_mcp() {
      local context state state_descr line
      typeset -A opt_args
      local -a commands
      commands=(
    \(Command.allCases.map { "    " + "\($0.rawValue):\($0.purpose)".shellQuoted }.joined(separator: "\n"))
      )
      _arguments -C \\
    \(arguments(.serve))
        '1:command:->command' \\
        '*::operand:->operand'
      case $state in
        command) _describe -t commands command commands ;;
        operand)
          case $words[1] in
    \(Command.allCases.map(branch).joined(separator: "\n"))
          esac ;;
      esac
    }
    if [[ $funcstack[1] == _bound-mcp ]]; then _bound_mcp "$@"; else compdef _bound_mcp bound-mcp; fi

    """
  }

  private static func arguments(_ command: Command) -> String {
    command.completedOptions.map { flag, purpose, value in
      let text = "[\(purpose.escaping("[]:\\"))]"
      guard let value else { return "    " + "\(flag)\(text)".shellQuoted + " \\" }
      return "    " + "\(flag)=\(text):value:\(action(value))".shellQuoted + " \\"
    }.joined(separator: "\n")
  }

  private static func action(_ value: Completion) -> String {
    switch value {
    case .none: " "
    case .words(let words): "(\(words.joined(separator: " ")))"
    case .list(let words): "_sequence compadd - \(words.map { $0.escaping(":") }.joined(separator: " "))"
    case .file: "_files"
    case .folder: "_files -/"
    }
  }

  private static func branch(_ command: Command) -> String {
    let operand = command.operandCompletion
    let first = operand == .none ? "'*: : '" : "1:operand:\(action(operand))".shellQuoted
    return "        \(command.rawValue)) _arguments \\\n\(arguments(command))\n    \(first) ;;"
  }
}

/// The script for fish.
enum FishCompletion {
  static var script: String {
    var lines = ["# fish completion for bound-mcp; made by 'bound-mcp completions fish'", "complete -c bound-mcp -f"]
    for command in Command.allCases {
      lines.append(
        "complete -c bound-mcp -n __fish_use_subcommand -a \(command.rawValue) -d \(quoted(command.purpose))")
    }
    let names = Command.allCases.map(\.rawValue).joined(separator: " ")
    lines.append("complete -c bound-mcp -n '__fish_seen_subcommand_from help' -a \(quoted(names))")
    for command in Command.allCases { lines += operands(of: command) }
    for setting in Setting.allCases {
      guard let flag = setting.flag else { continue }
      lines.append(option(flag, setting.purpose, setting.isSwitch ? nil : setting.completion, condition: nil))
    }
    lines.append(option("--help", "explain the command", nil, condition: nil))
    for command in Command.allCases {
      for own in command.options {
        lines.append(
          option(
            own.flag, own.purpose, own.placeholder.map { Completion(placeholder: $0) },
            condition: "__fish_seen_subcommand_from \(command.rawValue)"))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func operands(of command: Command) -> [String] {
    let start = "complete -c bound-mcp -n \(quoted("__fish_seen_subcommand_from \(command.rawValue)"))"
    switch command.operandCompletion {
    case .none: return []
    case .words(let words), .list(let words): return ["\(start) -a \(quoted(words.joined(separator: " ")))"]
    case .file: return ["\(start) -F"]
    case .folder: return ["\(start) -a '(__fish_complete_directories)'"]
    }
  }

  private static func option(_ flag: String, _ purpose: String, _ value: Completion?, condition: String?) -> String {
    var line = "complete -c bound-mcp"
    if let condition { line += " -n \(quoted(condition))" }
    line += " -l \(flag.dropFirst(2))"
    switch value {
    case nil: break
    case .some(.none): line += " -x"
    case .words(let words): line += " -x -a \(quoted(words.joined(separator: " ")))"
    case .list(let words):
      let names = words.joined(separator: " ").escaping("\\'")
      line += " -x -a '(__fish_append , \(names))'"
    case .file: line += " -r -F"
    case .folder: line += " -x -a '(__fish_complete_directories)'"
    }
    return line + " -d \(quoted(purpose))"
  }

  private static func quoted(_ text: String) -> String { "'" + text.escaping("\\'") + "'" }
}
