import Platform
import Testing

/// Replays the recorded sessions of `examples/sessions`.
@Suite struct SessionTests {
  private static let folder = BuiltProgram.packageFolder + "/examples/sessions"
  static let names = (try? Files.names(in: folder).filter { $0.hasSuffix(".jsonl") }) ?? []

  @Test("there are recorded sessions")
  func present() { #expect(!Self.names.isEmpty) }

  @Test("a recorded session goes as recorded", arguments: names)
  func replay(name: String) throws {
    let outcome = try BuiltProgram().run(["replay", Self.folder + "/" + name])
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
  }
}
