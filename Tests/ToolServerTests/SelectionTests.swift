import Operations
import Testing
import ToolServer

private func select(_ change: (inout ToolSelection.Options) -> Void = { _ in }) throws -> ToolSelection {
  var options = ToolSelection.Options()
  change(&options)
  return try ToolSelection(options)
}

private func names(_ selection: ToolSelection) -> [String] { selection.listed.map(\.name) }

@Suite("Tool selection")
struct SelectionTests {
  private let update = PathboundContacts.updateContact

  @Test("without options the core tools are listed, in catalogue order, and all may be called")
  func core() throws {
    let selection = try select()
    #expect(names(selection) == Catalogue.all.filter(\.isCore).map(\.name))
    #expect(Catalogue.all.allSatisfy { selection.isCallable($0) })
  }

  @Test("toolsets add up")
  func toolsets() throws {
    let all = try select { $0.toolsets = ["all"] }
    #expect(names(all) == Catalogue.all.map(\.name))
    let some = try select { $0.toolsets = ["core", "workspace"] }
    #expect(names(some) == Catalogue.all.filter { $0.isCore || $0.toolset == .workspace }.map(\.name))
    let one = try select { $0.toolsets = ["pathbound_segments"] }
    #expect(names(one) == ["pathbound_list_segments", "pathbound_get_segment", "pathbound_list_segment_contacts"])
    #expect(one.isCallable(update))
  }

  @Test("named tools alone are listed alone, and beside toolsets they are added")
  func tools() throws {
    let alone = try select { $0.tools = ["pathbound_get_agent", "bound_lead_brief"] }
    #expect(names(alone) == ["pathbound_get_agent", "bound_lead_brief"])
    let added = try select {
      $0.tools = ["pathbound_get_agent"]
      $0.toolsets = ["owlbound_signals"]
    }
    #expect(
      names(added) == [
        "pathbound_get_agent", "owlbound_list_signals", "owlbound_get_signal_stats", "owlbound_ingest_signal",
      ])
    #expect(alone.isCallable(update))
  }

  @Test("read-only denies every write, even one that is named")
  func readOnly() throws {
    let selection = try select {
      $0.isReadOnly = true
      $0.toolsets = ["all"]
      $0.tools = [update.name]
    }
    #expect(selection.listed.allSatisfy { $0.hints.readOnly })
    #expect(Catalogue.all.filter(selection.isCallable).map(\.name) == names(selection))
    #expect(!selection.isCallable(update))
  }

  @Test("an excluded tool is neither listed nor callable, even one that is named")
  func excluded() throws {
    let selection = try select {
      $0.excludedTools = [update.name]
      $0.tools = [update.name]
    }
    #expect(selection.listed.isEmpty)
    #expect(!selection.isCallable(update))
    #expect(selection.isCallable(PathboundContacts.getContact))
  }

  @Test("what the scopes do not grant is neither listed nor callable")
  func scopes() throws {
    let selection = try select {
      $0.toolsets = ["all"]
      $0.isGranted = { $0.scope == nil || $0.scope == .signalsWrite }
    }
    #expect(Set(selection.listed.map(\.scope)) == [nil, .signalsWrite])
    #expect(!selection.isCallable(update))
  }

  @Test("workspace tools go with the platform that is remote, and only they")
  func remote() throws {
    let selection = try select {
      $0.toolsets = ["all"]
      $0.localPlatforms = [.pathbound]
    }
    #expect(!selection.isCallable(Workspace.listICPProfiles))
    #expect(selection.isCallable(Bound.leadBrief))
    #expect(selection.listed.count == Catalogue.all.count { !($0.isLocalOnly && $0.platform == .owlbound) })
    #expect(try select { $0.localPlatforms = [] }.isCallable(OwlboundContacts.getContact))
  }

  @Test("an unknown name is refused with the nearest")
  func unknown() {
    #expect(throws: ToolSelection.UnknownName.self) { try select { $0.toolsets = [""] } }
    #expect(
      message { $0.toolsets = ["pathbound_contact"] }
        == #"There is no toolset "pathbound_contact"; did you mean "pathbound_contacts"?"#)
    #expect(
      message { $0.excludedTools = ["pathbound_list_contact"] }
        == #"There is no tool "pathbound_list_contact"; did you mean "pathbound_list_contacts"?"#)
    #expect(message { $0.tools = ["zzz"] } == #"There is no tool "zzz"; `bound-mcp tools` lists all."#)
    #expect(message { $0.toolsets = ["zzz"] }.hasPrefix(#"There is no toolset "zzz"; known are core, all, "#))
  }

  private func message(_ change: (inout ToolSelection.Options) -> Void) -> String {
    do {
      _ = try select(change)
      return ""
    } catch let error as ToolSelection.UnknownName {
      return error.message
    } catch {
      return "\(error)"
    }
  }
}
