import JSON
import MCP
import Operations
import Testing
import ToolServer

private func definition(_ operation: Operation, _ form: ToolListForm = .full) throws -> JSONValue {
  var writer = JSONWriter()
  ToolDefinition.write(operation, form, into: &writer)
  return try JSONValue(parsing: writer.finish())
}

/// All schemas in a definition's schema, from the outside in.
private func schemas(in schema: JSONValue) -> [JSONValue] {
  let members = schema["properties"]?.objectValue.map { Array($0.values) } ?? []
  return [schema] + (members + [schema["items"]].compactMap(\.self)).flatMap { schemas(in: $0) }
}

@Suite("Definitions")
struct DefinitionTests {
  @Test("have name, title, description, both schemas and all four hints", arguments: Catalogue.all)
  func members(_ operation: Operation) throws {
    let tool = try definition(operation)
    #expect(
      tool.objectValue.map { Array($0.keys) } == [
        "name", "title", "description", "inputSchema", "outputSchema", "annotations",
      ])
    #expect(tool["name"] == .string(operation.name))
    #expect(tool["title"]?.stringValue?.isEmpty == false)
    #expect(tool["description"] == .string(operation.description))
    let annotations = try #require(tool["annotations"]?.objectValue)
    #expect(Array(annotations.keys) == ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"])
    #expect(annotations.values.allSatisfy { $0.boolValue != nil })
    #expect(try definition(operation, .withoutOutputSchemas)["outputSchema"] == nil)
  }

  @Test("use only keywords that every model's API accepts", arguments: Catalogue.all)
  func keywords(_ operation: Operation) throws {
    let allowed: Set = [
      "type", "properties", "required", "items", "enum", "description", "minimum", "maximum", "minLength",
      "maxLength", "minItems", "maxItems", "pattern",
    ]
    let tool = try definition(operation)
    for root in ["inputSchema", "outputSchema"] {
      let schema = try #require(tool[root])
      #expect(schema["type"] == "object")
      for part in schemas(in: schema) {
        let keys = try #require(part.objectValue).keys
        #expect(Set(keys).isSubset(of: allowed), "\(keys)")
        let type = try #require(part["type"]?.stringValue)
        #expect(["object", "array", "string", "integer", "number", "boolean"].contains(type))
        #expect((type == "object") == (part["properties"]?.objectValue != nil))
        #expect((type == "array") == (part["items"]?.objectValue != nil))
        if let words = part["enum"] {
          #expect(type == "string")
          let items = try #require(words.arrayValue)
          #expect(items.allSatisfy { $0.stringValue != nil })
        }
        let known = part["properties"]?.objectValue.map { Set($0.keys) } ?? []
        let required = part["required"]?.arrayValue ?? []
        #expect(known.isSuperset(of: required.compactMap(\.stringValue)))
      }
    }
  }

  /// r reads, w writes, i idempotent, d destructive, o reaches outside; a plain o also can't be taken back.
  private static let letters: [String: String] = [
    "pathbound_get_auth_status": "r", "pathbound_get_health": "r", "pathbound_list_contacts": "r",
    "pathbound_get_contact": "r", "pathbound_create_contact": "w", "pathbound_update_contact": "i",
    "pathbound_create_contact_note": "w", "pathbound_list_events": "r", "pathbound_track_events": "w",
    "pathbound_get_event": "r", "pathbound_list_event_types": "r", "pathbound_get_event_stats": "r",
    "pathbound_batch_get_details": "r", "pathbound_batch_get_activity": "r", "pathbound_aggregate": "r",
    "pathbound_list_segments": "r", "pathbound_get_segment": "r", "pathbound_list_segment_contacts": "r",
    "pathbound_save_segment": "i", "pathbound_delete_segment": "d",
    "pathbound_list_identities": "r", "pathbound_queue_action": "wo", "pathbound_list_actions": "r",
    "pathbound_get_action": "r", "pathbound_execute_action": "o", "pathbound_approve_action": "o",
    "pathbound_reject_action": "d", "pathbound_bulk_queue_actions": "wo", "pathbound_update_action": "i",
    "pathbound_cancel_action": "d", "pathbound_bulk_review_actions": "o", "pathbound_process_actions": "o",
    "pathbound_review_pending_actions": "r", "pathbound_get_outreach_rules": "r", "pathbound_save_outreach_rules": "i",
    "pathbound_list_agents": "r", "pathbound_create_agent": "w",
    "pathbound_get_agent": "r", "pathbound_update_agent": "i", "pathbound_delete_agent": "d",
    "pathbound_trigger_agent": "wo", "pathbound_list_agent_runs": "r",
    "pathbound_get_agent_run": "r", "pathbound_approve_run_action": "o", "pathbound_reject_run_action": "d",
    "pathbound_get_run_work": "w", "pathbound_propose_run_actions": "w",
    "owlbound_get_api_root": "r", "owlbound_get_health": "r", "owlbound_get_me": "r",
    "owlbound_list_capabilities": "r", "owlbound_list_contacts": "r", "owlbound_update_contact": "i",
    "owlbound_archive_contact": "d", "owlbound_enrich_contact": "wo", "owlbound_get_enrichment_status": "r",
    "owlbound_list_companies": "r", "owlbound_get_company": "r", "owlbound_upsert_company": "i",
    "owlbound_list_connectors": "r", "owlbound_get_connector": "r", "owlbound_save_connector": "i",
    "owlbound_search_contacts": "r", "owlbound_get_contact": "r",
    "owlbound_create_contact": "w", "owlbound_score_contact": "wo", "owlbound_list_signals": "r",
    "owlbound_ingest_signal": "w", "owlbound_list_icp_profiles": "r", "owlbound_save_icp_profile": "i",
    "owlbound_get_signal_stats": "r", "owlbound_enroll_in_sequence": "wo", "owlbound_trigger_workflow": "wo",
    "owlbound_list_sequences": "r", "owlbound_save_sequence": "i", "owlbound_list_workflows": "r",
    "owlbound_save_workflow": "i", "bound_lead_brief": "r",
    "pathbound_delete_contact": "d", "pathbound_get_contact_timeline": "r",
    "pathbound_get_contact_conversations": "r", "pathbound_list_contact_email_threads": "r",
    "pathbound_list_contact_notes": "r", "pathbound_update_contact_note": "i", "pathbound_delete_contact_note": "d",
    "pathbound_list_companies": "r", "pathbound_get_company": "r", "pathbound_create_company": "w",
    "pathbound_update_company": "i", "pathbound_delete_company": "d", "pathbound_list_company_notes": "r",
    "pathbound_create_company_note": "w", "pathbound_update_company_note": "i", "pathbound_delete_company_note": "d",
    "pathbound_get_identity": "r", "pathbound_check_linkedin_connection": "r", "pathbound_create_identity": "w",
    "pathbound_update_identity": "i", "pathbound_delete_identity": "d",
    "pathbound_list_changes": "r", "pathbound_undo_change": "d",
  ]

  @Test("tell clients the truth about effects", arguments: Catalogue.all)
  func hints(_ operation: Operation) throws {
    let hints = try #require(definition(operation)["annotations"])
    let letters = try #require(Self.letters[operation.name])
    #expect(hints["readOnlyHint"] == .bool(letters == "r"))
    #expect(hints["destructiveHint"] == .bool(letters == "d" || letters == "o"))
    #expect(hints["idempotentHint"] == .bool(["r", "i", "d"].contains(letters)))
    #expect(hints["openWorldHint"] == .bool(letters.contains("o")))
  }

  @Test("fit a model's context")
  func budgets() throws {
    let core = try ToolSelection(.init()).listed
    let list = #"{"tools":}"#.utf8.count
    #expect(ToolDefinition.list(core, .withoutOutputSchemas).count + list <= 24_576)
    #expect(ToolDefinition.list(Catalogue.all, .withoutOutputSchemas).count + list <= 57_344)
  }

  @Test("are the same bytes every time, and one JSON array")
  func stableList() throws {
    let list = ToolDefinition.list(Catalogue.all, .full)
    #expect(list == ToolDefinition.list(Catalogue.all, .full))
    #expect(try JSONValue(parsing: list).arrayValue?.count == Catalogue.all.count)
  }
}

@Suite("Snapshots and the tool table")
struct SnapshotTests {
  @Test("a snapshot is the definition, indented", arguments: Catalogue.all)
  func snapshot(_ operation: Operation) throws {
    let text = SchemaSnapshot.text(of: operation)
    #expect(try JSONValue(parsing: text) == definition(operation))
    #expect(text.hasPrefix("{\n  \"name\": \"\(operation.name)\",\n"))
    #expect(text.hasSuffix("\n}\n"))
    #expect(SchemaSnapshot.fileName(of: operation) == operation.name + ".json")
  }

  @Test("indenting leaves strings, escapes and empty pairs alone")
  func indenting() {
    #expect(
      IndentedJSON.text(Array(#"{"a":{},"b":[],"c":"x\\\",:{[","d":[1,{"e":null}]}"#.utf8))
        == """
        {
          "a": {},
          "b": [],
          "c": "x\\\\\\",:{[",
          "d": [
            1,
            {
              "e": null
            }
          ]
        }
        """)
  }

  @Test("the table has a row for each tool")
  func table() {
    let rows = ToolTable.markdown().split(separator: "\n").dropFirst(2)
    #expect(rows.count == Catalogue.all.count)
    for (row, operation) in zip(rows, Catalogue.all) {
      #expect(row.contains("`\(operation.name)`"))
      #expect(row.contains("**") == operation.isCore)
      #expect(row.count { $0 == "|" } == 7)
    }
  }

  @Test("the README is changed between its markers only, and once")
  func readme() throws {
    let readme = "# Title\n\n<!-- tools:begin -->\nold\n<!-- tools:end -->\n\nEnd\n"
    let updated = try #require(ToolTable.updating(readme))
    #expect(updated.hasPrefix("# Title\n\n<!-- tools:begin -->\n\n| Toolset |"))
    #expect(updated.hasSuffix(" |\n\n<!-- tools:end -->\n\nEnd\n"))
    #expect(!updated.contains("\nold\n"))
    #expect(ToolTable.updating(updated) == updated)
    #expect(ToolTable.updating("# Title\n") == nil)
    #expect(ToolTable.updating("<!-- tools:end -->\n<!-- tools:begin -->\n") == nil)
  }
}
