internal import Platform

/// Text for the person at the terminal, or for whatever reads the pipe.
struct Console: Sendable {
  /// Where results go.
  static let output = Console(Descriptor.standardOutput)
  /// Where errors go.
  static let errors = Console(Descriptor.standardError)

  private let descriptor: Descriptor
  /// Whether a person reads it.
  let isTerminal: Bool
  private let isColored: Bool

  private init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
    isTerminal = descriptor.isTerminal
    // https://no-color.org
    isColored = isTerminal && Environment.variable("NO_COLOR") == nil && Environment.variable("TERM") != "dumb"
  }

  /// Ways to make text stand out on a terminal.
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case green = "32"
    case cyan = "36"
    case red = "31"
  }

  /// The text in that style, unchanged where there are no styles.
  func styled(_ text: String, _ style: Style) -> String {
    isColored ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Writes a line.
  func line(_ text: String = "") { write(text + "\n") }

  /// Writes text as it is.
  func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes bytes as they are; nothing is left to say to a reader that is gone.
  func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { try? descriptor.writeAll($0) } }
}
