public import JSON
public import JSONRPC
internal import Logging
public import Platform

/// Writes down a conversation: a line of JSON for each message, with its time and who said it, secrets taken out.
///
/// Each line leaves in one write, so that a conversation that ends in a crash is there up to the crash.
public final class SessionRecorder: Sendable {
  private let file: Descriptor
  private let clock: any Clock
  private let isBroken = Monitor(false)

  /// Records into a file that is open for writing.
  ///
  /// - Parameter settings: what decides about the server's answers beside its data; the first line.
  public init(file: Descriptor, clock: any Clock, settings: JSONObject) {
    self.file = file
    self.clock = clock
    record(.settings, .object(settings))
  }

  private func record(_ speaker: RecordedMessage.Speaker, _ line: UnsafeRawBufferPointer) {
    record(speaker, (try? JSONParser.parse(line)) ?? .string(String(decoding: line, as: UTF8.self)))
  }

  private func record(_ speaker: RecordedMessage.Speaker, _ message: JSONValue) {
    let text = RecordedMessage(speaker: speaker, time: clock.now(), message: message).line
    isBroken.withLock { isBroken in
      guard !isBroken else { return }
      // A full disk must not end the conversation.
      do { try file.writeAll(text) } catch {
        isBroken = true
      }
    }
  }
}

extension SessionRecorder: Tap {
  /// Notes what the client said.
  public func received(_ line: UnsafeRawBufferPointer) { record(.client, line) }

  /// Notes what the server said.
  public func sent(_ line: UnsafeRawBufferPointer) { record(.server, line) }
}

/// One message of a recording.
public struct RecordedMessage: Sendable {
  /// Who said it.
  public enum Speaker: String, Sendable {
    /// The client.
    case client
    /// The server.
    case server
    /// Nobody: how the server was started.
    case settings
  }

  /// Who said it.
  public let speaker: Speaker
  /// When.
  public let time: Timestamp
  /// What; a string for what was no JSON.
  public let message: JSONValue

  init(speaker: Speaker, time: Timestamp, message: JSONValue) {
    self.speaker = speaker
    self.time = time
    self.message = message
  }

  /// Reads a line of a recording; nil for anything else.
  public init?(line: String) {
    guard let entry = try? JSONValue(parsing: line), let message = entry["message"],
      let speaker = entry["from"]?.stringValue.flatMap({ Speaker(rawValue: $0) }),
      let time = entry["time"]?.stringValue.flatMap({ Timestamp(iso8601: $0) })
    else { return nil }
    self.init(speaker: speaker, time: time, message: message)
  }

  /// The line, with its end.
  var line: [UInt8] {
    let entry: JSONValue = [
      "time": .string(time.iso8601), "from": .string(speaker.rawValue), "message": Self.withoutSecrets(message, ""),
    ]
    return entry.serialized() + [UInt8(ascii: "\n")]
  }

  private static let secretNames = ["api_key", "apikey", "token", "secret", "password", "authorization", "credential"]

  /// The value without what looks like a key, or stands where keys stand.
  private static func withoutSecrets(_ value: JSONValue, _ name: String) -> JSONValue {
    switch value {
    case .string(let text):
      isSecret(name) ? .string("[secret]") : .string(Redaction.withoutSecrets(text))
    case .array(let items): .array(items.map { withoutSecrets($0, name) })
    case .object(let members): .object(JSONObject(members.map { ($0.key, withoutSecrets($0.value, $0.key)) }))
    default: value
    }
  }

  private static func isSecret(_ name: String) -> Bool {
    let lower = name.lowercased()
    // Tokens of progress and pages are none.
    guard lower != "progresstoken", !lower.hasSuffix("page_token"), !lower.hasSuffix("_tokens") else { return false }
    return secretNames.contains { lower.hasSuffix($0) }
  }
}
