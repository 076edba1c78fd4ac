internal import JSON
public import Operations
public import Platform
public import Service

/// Has a program of this installation do the actions of a type of its own: the action as JSON on its standard input,
/// an object of JSON on its standard output.
public struct ExternalProgram: ActionExecutor {
  /// The action's type.
  public var type: String { definition.name }
  private let definition: ActionType
  private let command: ProgramCommand
  private let timeLimit: Int
  private let uses: (any ConnectorUses)?

  private static let resultLimit = 20_000

  /// Creates the executor.
  ///
  /// - Parameters:
  ///   - timeLimit: how long it may take, in milliseconds; then it is killed with all that it has started.
  ///   - uses: told how each use of the program went.
  public init(
    _ definition: ActionType, command: ProgramCommand, timeLimit: Int = 60_000, uses: (any ConnectorUses)? = nil
  ) {
    self.uses = uses
    self.definition = definition
    self.command = command
    self.timeLimit = timeLimit
  }

  /// Runs the program to its end.
  public func perform(_ action: ClaimedAction) -> ActionOutcome {
    let outcome = run(action)
    if case .failed(let reason) = outcome {
      uses?.recordUse(of: type, failure: reason)
    } else {
      uses?.recordUse(of: type, failure: nil)
    }
    return outcome
  }

  private func run(_ action: ClaimedAction) -> ActionOutcome {
    guard let path = command.path else {
      return .failed(
        "The program of \(type), \(command.command), is not there. Nothing was done. Install it, or give its whole path "
          + "in executors of config.json, then queue a new action.")
    }
    let run = ProgramRun(
      path, arguments: command.arguments, environment: command.environment, folder: command.folder,
      input: Self.request(action), timeLimit: timeLimit, cancellation: action.cancellation)
    let ending: ProgramRun.Ending
    do {
      ending = try run.run()
    } catch {
      return .failed("The program of \(type) can't be started: \(error). Nothing was done.")
    }
    return outcome(ending)
  }

  /// The program and what it would get.
  public func preview(_ action: ClaimedAction) -> ActionPreview {
    guard command.path != nil else { return .failure("The program of \(type), \(command.command), is not there.") }
    return .content(["program": .string(command.command), "params": .object(action.params)])
  }

  private static func request(_ action: ClaimedAction) -> [UInt8] {
    let identity: JSONObject = [
      "id": .string(action.identity.id), "name": .string(action.identity.name),
      "email": action.identity.email.map { .string($0) } ?? .null,
    ]
    let request: JSONValue = [
      "id": .string(action.id), "type": .string(action.type), "params": .object(action.params),
      "identity": .object(identity), "contact_id": action.contactID.map { .string($0) } ?? .null,
      "summary": action.summary.map { .string($0) } ?? .null,
    ]
    return request.serialized() + [UInt8(ascii: "\n")]
  }

  private func outcome(_ ending: ProgramRun.Ending) -> ActionOutcome {
    let unknown = "Whether it did its work is unknown: check before you queue it again."
    switch ending.cause {
    case .timeLimit:
      return .failed("The program of \(type) took longer than \(timeLimit / 1000) seconds and was ended. \(unknown)")
    case .outputLimit: return .failed("The program of \(type) wrote too much and was ended. \(unknown)")
    case .cancellation: return .failed("The program of \(type) was ended: it was cancelled. \(unknown)")
    case .exit: break
    }
    let answer = try? JSONValue(parsing: ending.output)
    guard ending.status == 0 else {
      let words = answer?["error"]?.stringValue ?? String(decoding: ending.errors, as: UTF8.self)
      let said = ProviderText.excerpt(words)
      return .failed(
        "The program of \(type) failed with status \(ending.status)" + (said.isEmpty ? "." : ": \"\(said)\".")
          + " Whether it did a part of its work is for that program to say: mend what it reports, then queue a new action."
      )
    }
    if ending.output.allSatisfy({ $0 <= 32 }) { return .completed(result: [:], changes: []) }
    guard let result = answer?.objectValue else {
      return .failed("The program of \(type) ended well, but wrote something that is no JSON object. \(unknown)")
    }
    guard JSONValue.object(result).serialized().count <= Self.resultLimit else {
      return .completed(result: ["notice": "The program's result was dropped: it is too long to be kept."], changes: [])
    }
    return .completed(result: result, changes: [])
  }
}
