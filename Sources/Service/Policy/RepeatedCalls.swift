internal import JSON
internal import Operations
internal import Platform

extension WriteTicket {
  /// The digest and, where the operation guards against repeats, the key of a call.
  ///
  /// - Throws: `VALIDATION_ERROR` for an empty or overlong `idempotency_key`.
  init(_ call: Call) throws(ServiceError) {
    var arguments = call.arguments
    let explicit = arguments["idempotency_key"]?.stringValue
    arguments["idempotency_key"] = nil
    arguments["dry_run"] = nil
    digest = SHA256.digest(JSONValue.object(arguments).canonicalized())
    let window: Int?
    switch call.operation.repeats {
    case .none:
      repeatKey = nil
      return
    case .key: window = nil
    case .window(let seconds): window = seconds
    }
    if let explicit {
      guard (1...200).contains(explicit.utf8.count) else {
        throw .invalid("/idempotency_key", "idempotency_key must have 1 to 200 bytes.")
      }
      repeatKey = RepeatKey(
        bytes: Self.hash([call.operation.name, "key", explicit]), isExplicit: true, seconds: nil)
    } else if let window {
      let caller = "\(call.caller.client)\u{0}\(call.caller.session)"
      var hash = SHA256()
      Self.hash([call.operation.name, "arguments", caller]).withUnsafeBytes { hash.update($0) }
      digest.withUnsafeBytes { hash.update($0) }
      repeatKey = RepeatKey(bytes: hash.finish(), isExplicit: false, seconds: window)
    } else {
      repeatKey = nil
    }
  }

  /// A digest that keeps the parts apart.
  private static func hash(_ parts: [String]) -> [UInt8] {
    var hash = SHA256()
    for part in parts {
      withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian) { hash.update($0) }
      Array(part.utf8).withUnsafeBytes { hash.update($0) }
    }
    return hash.finish()
  }
}
