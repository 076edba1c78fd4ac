public import Platform

/// What a line is worth to the person who reads it.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
  /// Every step; for looking into one problem.
  case debug
  /// Start, stop, and what was done in the background.
  case info
  /// Something is odd; the server goes on.
  case warning
  /// Something failed.
  case error

  /// Reads `debug`, `info`, `warning` or `error`.
  public init?(name: String) {
    guard let level = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = level
  }

  /// Orders by weight.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// Writes one line per event to standard error; standard output belongs to the protocol.
///
/// Messages are written by us and carry no content of requests: no names, addresses, texts or keys. What could still
/// slip in is removed by ``Redaction``.
public struct Log: Sendable {
  /// Lines below it are dropped.
  public let level: LogLevel
  private let output: Descriptor
  private let clock: any Clock

  /// A log at that level; to standard error unless told otherwise.
  public init(level: LogLevel, output: Descriptor = .standardError, clock: any Clock = SystemClock()) {
    self.level = level
    self.output = output
    self.clock = clock
  }

  /// For looking into a problem.
  public func debug(_ message: @autoclosure () -> String) { write(.debug, message) }

  /// Start, stop, background work.
  public func info(_ message: @autoclosure () -> String) { write(.info, message) }

  /// Odd, but the server goes on.
  public func warning(_ message: @autoclosure () -> String) { write(.warning, message) }

  /// Failed.
  public func error(_ message: @autoclosure () -> String) { write(.error, message) }

  private func write(_ lineLevel: LogLevel, _ message: () -> String) {
    guard lineLevel >= level else { return }
    var line = "\(clock.now().iso8601) \(lineLevel) \(Redaction.redact(message()))\n"
    // A log that can't be written must not stop the server.
    line.withUTF8 { bytes in try? output.writeAll(UnsafeRawBufferPointer(bytes)) }
  }
}
