import Foundation
import Platform
import Testing
import ToolServer

@Suite struct ReadmeTests {
  private static let path = BuiltProgram.packageFolder + "/README.md"

  /// With `BOUND_MCP_WRITE_README=1` the table is brought up to date instead.
  @Test("the README's table of tools is current")
  func table() throws {
    let readme = String(decoding: try Files.read(Self.path), as: UTF8.self)
    let current = try #require(ToolTable.updating(readme), "the README lacks the markers of the table")
    if ProcessInfo.processInfo.environment["BOUND_MCP_WRITE_README"] == "1" {
      try Files.write(Array(current.utf8), to: Self.path)
    } else {
      #expect(readme == current, "run make schemas and look at the difference")
    }
  }

  @Test("every option of the program stands in the README")
  func options() throws {
    let readme = String(decoding: try Files.read(Self.path), as: UTF8.self)
    let help = try BuiltProgram().run(["--help"]).output
    for word in help.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "," }) where word.hasPrefix("--") {
      let isGeneral = ["--help", "--version", "--pretty", "--compact", "--check", "--json"].contains(word)
      #expect(isGeneral || readme.contains("`\(word)"), "\(word)")
    }
  }
}
