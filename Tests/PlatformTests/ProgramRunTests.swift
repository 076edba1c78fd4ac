import Foundation
import Platform
import TestSupport
import Testing

@Suite("ProgramRun")
struct ProgramRunTests {
  private func shell(_ script: String, input: String = "", timeLimit: Int = 20_000) -> ProgramRun {
    ProgramRun("/bin/sh", arguments: ["-c", script], input: Array(input.utf8), timeLimit: timeLimit)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test("what goes in and what comes out, on both streams, with the status")
  func exchange() throws {
    let ending = try shell("cat; echo problem >&2; exit 3", input: "hello").run()
    #expect(ending.cause == .exit)
    #expect(ending.status == 3)
    #expect(text(ending.output) == "hello")
    #expect(text(ending.errors) == "problem\n")
  }

  @Test("a megabyte goes through a program that answers while it still reads")
  func large() throws {
    let input = String(repeating: "0123456789abcdef", count: 1 << 16)
    let ending = try shell("cat", input: input).run()
    #expect(ending.output.count == 1 << 20)
  }

  @Test("a program that does not read its input may still answer")
  func unread() throws {
    let ending = try shell("echo done", input: String(repeating: "x", count: 1 << 20)).run()
    #expect(ending.status == 0)
    #expect(text(ending.output) == "done\n")
  }

  @Test("a program that takes too long is ended with what it has started")
  func timeLimit() throws {
    let folder = try TemporaryFolder()
    let ids = folder.file("ids")
    let ending = try shell("sleep 600 & echo $! > '\(ids)'; sleep 600", timeLimit: 300).run()
    #expect(ending.cause == .timeLimit)
    #expect(ending.status == 128 + SIGKILL)
    let id = try #require(Int32(String(contentsOfFile: ids, encoding: .utf8).split(separator: "\n")[0]))
    #expect(isGone(id))
  }

  @Test("what a program leaves behind in its group ends with it, and does not hold up the result")
  func leftBehind() throws {
    let ending = try shell("sleep 600 & echo $!").run()
    #expect(ending.cause == .exit)
    let id = try #require(Int32(text(ending.output).split(separator: "\n")[0]))
    #expect(isGone(id))
  }

  /// Gone, or dead and waiting to be collected by whoever has inherited it.
  ///
  /// Nobody is told of the end of a process that is not its own child, so this looks again, for five seconds at most.
  private func isGone(_ id: Int32) -> Bool {
    for _ in 0..<1000 {
      if kill(id, 0) != 0 { return true }
      let status = (try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)) ?? ""
      if status.split(separator: ")").last?.hasPrefix(" Z") == true { return true }
      Platform.Thread.sleep(milliseconds: 5)
    }
    return false
  }

  @Test("a program that writes without end is ended")
  func outputLimit() throws {
    var run = shell("yes")
    run.outputLimit = 10_000
    #expect(try run.run().cause == .outputLimit)
  }

  @Test("of errors without end, the last ones are kept")
  func errors() throws {
    let ending = try shell("head -c 1000000 /dev/zero >&2; printf last >&2").run()
    #expect(ending.errors.count <= 16 << 10)
    #expect(text(ending.errors).hasSuffix("last"))
  }

  @Test("a cancelled run is ended")
  func cancellation() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    var run = shell("sleep 600")
    run.cancellation = cancellation
    #expect(try run.run().cause == .cancellation)
  }

  @Test("a program that is not there is an error")
  func missing() {
    #expect(throws: SystemError.self) { try ProgramRun("/nonexistent/program").run() }
  }

  @Test("a configured program gets what it needs to find its way, and none of our other variables")
  func environment() throws {
    setenv("RESEND_API_KEY", "re_secret", 1)
    defer { unsetenv("RESEND_API_KEY") }
    let command = ProgramCommand("env", variables: ["OWN": "1"])
    let ending = try ProgramRun(try #require(command.path), environment: command.environment).run()
    let lines = text(ending.output).split(separator: "\n")
    #expect(lines.contains("OWN=1"))
    #expect(lines.contains { $0.hasPrefix("PATH=") })
    #expect(!lines.contains { $0.contains("re_secret") })
  }

  @Test("a name is looked up in PATH, a path is taken as it is, and a folder is no program")
  func lookup() {
    #expect(Files.findProgram("sh")?.hasSuffix("/sh") == true)
    #expect(Files.findProgram("sh", path: "/nonexistent") == nil)
    #expect(Files.findProgram("/bin/sh") == "/bin/sh")
    #expect(Files.findProgram("/bin") == nil)
    #expect(Files.findProgram("") == nil)
    #expect(Files.findProgram("/etc/passwd") == nil)
  }
}
