import Settings
import Testing

@Suite struct InvocationTests {
  private func parse(_ line: String) throws(UsageError) -> Invocation {
    try Invocation(arguments: line.split(separator: " ").map(String.init))
  }

  private func message(_ line: String) -> String? {
    do {
      _ = try parse(line)
      return nil
    } catch {
      return error.message
    }
  }

  @Test("without a command the program serves")
  func serveByDefault() throws {
    let invocation = try parse("--db /tmp/x.db")
    #expect(invocation.command == nil)
    #expect(invocation.values == [.database: "/tmp/x.db"])
  }

  @Test(
    "options stand anywhere, with a blank or an equals sign",
    arguments: [
      "--db /x --read-only call tool {}", "call --db=/x tool --read-only {}", "call tool {} --read-only=true --db /x",
    ])
  func anywhere(line: String) throws {
    let invocation = try parse(line)
    #expect(invocation.command == .call)
    #expect(invocation.operands == ["tool", "{}"])
    #expect(invocation.values == [.database: "/x", .readOnly: "true"])
  }

  @Test("a dash alone and what follows two dashes are operands")
  func operands() throws {
    #expect(try parse("call tool -").operands == ["tool", "-"])
    #expect(try parse("call -- tool --strange").operands == ["tool", "--strange"])
  }

  @Test("every setting but the keys has a flag")
  func flags() throws {
    for setting in Setting.allCases where !setting.isSwitch {
      let flag = setting.isSecret ? "--" + setting.fileKey.replacing("_", with: "-") : try #require(setting.flag)
      if setting.isSecret {
        #expect(message("\(flag) value")?.contains("unknown option") == true)
      } else {
        #expect(try parse("\(flag) value").values == [setting: "value"])
      }
    }
  }

  @Test(
    "help and version win over what else is wrong with the line", arguments: ["call --help", "help call", "-h call"])
  func help(line: String) throws {
    let invocation = try parse(line)
    #expect(invocation.purpose == .help)
    #expect(invocation.command == .call)
    #expect(try parse("--version").purpose == .version)
  }

  @Test(
    "an unknown name is answered with the nearest known one",
    arguments: [
      ("--toolset core", "--toolsets"), ("srve", "serve"), ("--exclude-tool x", "--exclude-tools"),
      ("schemas --chek", "--check"),
    ])
  func nearest(line: String, name: String) {
    #expect(message(line)?.contains("did you mean \"\(name)\"?") == true)
  }

  @Test(
    "what can't be followed is refused with a reason",
    arguments: [
      ("--db", "--db needs a value: PATH"),
      ("--db --read-only", "--db needs a value: PATH"),
      ("call", "call needs an operand: bound-mcp call TOOL [JSON|-]"),
      ("call a b c", "call does not take \"c\": bound-mcp call TOOL [JSON|-]"),
      ("serve --check", "serve has no option --check; it belongs to schemas"),
    ])
  func refused(line: String, reason: String) {
    #expect(message(line) == reason)
  }

  @Test("a command that is like no other is answered with all of them")
  func unknownCommand() {
    let known = (Command.allCases.map(\.rawValue) + ["help"]).joined(separator: ", ")
    #expect(message("zebra-crossing") == "unknown command \"zebra-crossing\"; known: \(known)")
  }
}
