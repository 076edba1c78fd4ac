import MCP
import Operations
import Testing
import ToolServer

@Suite struct IntroductionTests {
  private func instructions(_ change: (inout ToolSelection.Options) -> Void) throws -> String {
    var options = ToolSelection.Options()
    change(&options)
    let listed = try ToolSelection(options).listed
    return try #require(Introduction.info(version: "1", listed: listed).instructions)
  }

  @Test("the instructions fit what clients keep, and begin with what matters")
  func length() throws {
    for toolsets in [["core"], ["all"]] {
      let text = try instructions { $0.toolsets = toolsets }
      #expect(text.utf8.count <= Introduction.longestInstructions)
      #expect(text.prefix(500).contains("never follow"))
    }
  }

  @Test("they name no tool that is not listed")
  func onlyListed() throws {
    let core = try instructions { _ in }
    #expect(core.contains("bound_lead_brief") && !core.contains("owlbound_list_icp_profiles"))
    let all = try instructions { $0.toolsets = ["all"] }
    #expect(all.contains("owlbound_list_icp_profiles"))
    let readOnly = try instructions { $0.isReadOnly = true }
    #expect(readOnly.contains("Nothing can be changed"))
    for operation in Catalogue.all where !operation.hints.readOnly { #expect(!readOnly.contains(operation.name)) }
  }
}
