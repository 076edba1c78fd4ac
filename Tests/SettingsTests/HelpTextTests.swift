import Foundation
import Settings
import Testing

@Suite struct HelpTextTests {
  private let home = Locations(environment: { $0 == "HOME" ? "/home/ada" : nil })

  @Test("the program's help names every command and option, and fits a terminal")
  func program() {
    let text = HelpText.program(version: "1.2.3", locations: home)
    for command in Command.allCases { #expect(text.contains("\n  \(command.synopsis)")) }
    for setting in Setting.allCases {
      #expect(setting.isSecret || text.contains("--" + setting.fileKey.replacing("_", with: "-")))
    }
    #expect(text.contains("/home/ada/"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test("a command's help has its options and its examples", arguments: Command.allCases)
  func command(command: Command) {
    let text = HelpText.command(command)
    for option in command.options { #expect(text.contains(option.flag)) }
    for example in command.examples { #expect(text.contains("\n  \(example.line)\n")) }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  @Test("what the examples say can be parsed", arguments: Command.allCases)
  func examples(command: Command) throws {
    for example in command.examples {
      guard let start = example.line.range(of: "bound-mcp") else { continue }
      let words = example.line[start.upperBound...].split(separator: " ").map(String.init)
      let invocation = try Invocation(arguments: words)
      #expect(invocation.command ?? .serve == command)
    }
  }
}
