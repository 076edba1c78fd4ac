internal import JSON
internal import JSONSchema
internal import Operations
internal import Service
internal import Synchronization

/// An operation as it is called.
final class CallableTool: Sendable {
  let operation: Operation
  /// Why it may not be called, whoever asks; nil when it may.
  let refusal: ServiceError?
  // A lock of its own costs a tenth of the operation's lazy reference, which the library does not inline.
  private let validator = Mutex<CompiledSchema?>(nil)

  init(_ operation: Operation, refusal: ServiceError?) {
    self.operation = operation
    self.refusal = refusal
  }

  /// The call with its arguments checked, defaults filled in.
  func call(
    _ arguments: JSONObject, by caller: Caller, control: (any CallControl)?
  ) throws(ServiceError) -> Call {
    if let refusal { throw refusal }
    let normal: JSONObject
    do {
      normal = try compiledSchema().validate(arguments)
    } catch {
      throw ServiceError(error)
    }
    return Call(operation: operation, arguments: normal, caller: caller, control: control)
  }

  private func compiledSchema() -> CompiledSchema {
    validator.withLock { schema in
      if let schema { return schema }
      let compiled = operation.validator
      schema = compiled
      return compiled
    }
  }
}

extension ToolSelection.Denial {
  /// What a caller is told; nil where the service itself refuses, and names what is missing.
  func refusal(of operation: Operation) -> ServiceError? {
    switch self {
    case .excluded:
      ServiceError(.forbidden, "\(operation.name) is switched off on this server (--exclude-tools).")
    case .readOnly:
      ServiceError(.forbidden, "\(operation.name) writes, and this server is read-only (--read-only).")
    case .notLocal:
      ServiceError(
        .unavailable,
        "\(operation.name) works only in a local workspace, and \(operation.platform.rawValue) is set to its hosted API. "
          + "Start the server with --\(operation.platform.rawValue) local.")
    case .notGranted: nil
    }
  }
}
