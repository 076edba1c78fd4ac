import JSON
import MCP

/// The definitions of the listed tools.
enum FixtureTools {
  static func list(_ form: ToolListForm) -> [UInt8] { form == .full ? full : plain }

  private static let full = JSONValue.array(all).serialized()

  private static let plain = JSONValue.array(
    all.map { tool in
      var members = tool.objectValue ?? [:]
      members["outputSchema"] = nil
      return .object(members)
    }
  ).serialized()

  private static let all: [JSONValue] = [
    [
      "name": "owlbound_ingest_signal", "title": "Ingest signals", "description": "Stores signals of one kind.",
      "inputSchema": [
        "type": "object",
        "properties": ["kind": ["type": "string"], "count": ["type": "integer", "minimum": 1, "maximum": 1000]],
        "required": ["kind"],
      ],
      "annotations": hints(),
    ],
    [
      "name": "owlbound_rebuild_index", "title": "Rebuild the index",
      "description": "Builds the index anew, as a task.",
      "inputSchema": ["type": "object", "properties": ["confirm_first": ["type": "boolean"]]],
      "annotations": hints(idempotent: true),
    ],
    [
      "name": "pathbound_create_contact", "title": "Create a contact", "description": "Stores one contact.",
      "inputSchema": [
        "type": "object",
        "properties": ["name": ["type": "string", "minLength": 1], "email": ["type": "string"]],
        "required": ["name"],
      ],
      "outputSchema": [
        "type": "object", "properties": ["contact_id": ["type": "string"]], "required": ["contact_id"],
      ],
      "annotations": hints(),
    ],
    [
      "name": "pathbound_list_events", "title": "List events", "description": "The newest events.",
      "inputSchema": [
        "type": "object", "properties": ["limit": ["type": "integer", "minimum": 1, "maximum": 100]],
      ],
      "outputSchema": ["type": "object", "properties": ["events": ["type": "array", "items": ["type": "object"]]]],
      "annotations": hints(readOnly: true, idempotent: true),
    ],
  ]

  private static func hints(readOnly: Bool = false, idempotent: Bool = false) -> JSONValue {
    [
      "readOnlyHint": .bool(readOnly), "destructiveHint": false, "idempotentHint": .bool(idempotent),
      "openWorldHint": false,
    ]
  }
}
