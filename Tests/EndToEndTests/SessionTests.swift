import Foundation
import JSON
import Platform
import TestSupport
import Testing

/// Replays the recorded sessions of `examples/sessions`.
@Suite struct SessionTests {
  private static let folder = BuiltProgram.packageFolder + "/examples/sessions"
  static let names = (try? Files.names(in: folder).filter { $0.hasSuffix(".jsonl") }) ?? []

  @Test("there are recorded sessions")
  func present() { #expect(!Self.names.isEmpty) }

  @Test("a recorded session goes as recorded", arguments: names)
  func replay(name: String) throws {
    let program = BuiltProgram()
    let session = try program.serve(["--sender", "sales@example.com"])
    var pattern = WirePattern()
    let text = String(decoding: try Files.read(Self.folder + "/" + name), as: UTF8.self)
    for (number, line) in text.split(separator: "\n").enumerated() {
      let step = try JSONValue(parsing: String(line))
      if let request = step["ask"] {
        try ask(pattern.filled(request), session, step, &pattern, "\(name), line \(number + 1)")
      } else if let message = step["send"] {
        session.conversation.send(pattern.filled(message))
      } else {
        let answer = session.conversation.receive()
        let expected = try #require(step["expect"], "\(name), line \(number + 1) has neither ask, send nor expect")
        let isAsRecorded = answer.map { pattern.matches(expected, $0) } ?? false
        #expect(isAsRecorded, "\(name), line \(number + 1): \(answer?.text ?? "nothing came")")
      }
    }
    session.conversation.closeInput()
    #expect(session.conversation.rest().isEmpty)
    #expect(session.waitForExit() == 0)
  }

  /// Asks the same again until the answer is as recorded: for what goes on in the background.
  private func ask(
    _ request: JSONValue, _ session: Session, _ step: JSONValue, _ pattern: inout WirePattern, _ place: String
  ) throws {
    let expected = try #require(step["until"], "\(place): ask needs until")
    let deadline = Deadline.after(milliseconds: 10_000)
    while true {
      let answer = try #require(session.conversation.ask(request), "\(place): nothing came")
      if pattern.matches(expected, answer) { return }
      try #require(!deadline.hasPassed, "\(place): \(answer.text)")
    }
  }
}
