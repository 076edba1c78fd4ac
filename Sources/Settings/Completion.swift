internal import Clients
internal import Operations
internal import Service

/// What may stand in a place of the command line, for shells that complete it.
enum Completion: Equatable {
  /// Nothing that is known beforehand.
  case none
  /// One of these words.
  case words([String])
  /// Several of these words, with commas between them.
  case list([String])
  /// A file.
  case file
  /// A folder.
  case folder

  /// What its value's place in a help text says: `PATH`, `DIR`, `a|b|c`; nil is no value.
  init(placeholder: String?) {
    switch placeholder {
    case "PATH": self = .file
    case "DIR": self = .folder
    case let choices? where choices.contains("|"): self = .words(choices.split(separator: "|").map(String.init))
    default: self = .none
    }
  }
}

extension Setting {
  /// What its value may be.
  var completion: Completion {
    switch self {
    case .toolsets: .list(["core", "all"] + Toolset.allCases.map(\.rawValue))
    case .tools, .excludedTools: .list(Catalogue.all.map(\.name))
    case .scopes: .list(Scope.allCases.map(\.rawValue))
    default: Completion(placeholder: placeholder)
    }
  }
}

extension Command {
  /// What its first operand may be.
  var operandCompletion: Completion {
    switch self {
    case .call: .words(Catalogue.all.map(\.name))
    case .install: .words(Client.allCases.map(\.rawValue) + ["json"])
    case .review: .words(["show", "approve", "reject"])
    case .completions: .words(Shell.allCases.map(\.rawValue))
    case .manifest: .words(["bundle", "registry"])
    case .schemas: .folder
    default: .none
    }
  }

  /// The options that may follow it, those of all commands included; `value` is nil for a switch.
  var completedOptions: [(flag: String, purpose: String, value: Completion?)] {
    let own = options.map { ($0.flag, $0.purpose, $0.placeholder.map { Completion(placeholder: $0) }) }
    let settings = Setting.allCases.compactMap { setting in
      setting.flag.map { ($0, setting.purpose, setting.isSwitch ? nil : setting.completion) }
    }
    return own + settings + [("--help", "explain the command", nil)]
  }
}
