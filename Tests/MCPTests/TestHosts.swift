import JSON
import MCP
import Synchronization

/// Remembers the last call of its tool `look`.
final class HeldFacts: Sendable {
  private let request = Mutex<ToolRequest?>(nil)

  var last: ToolRequest? { request.withLock { $0 } }

  var host: StubHost {
    StubHost(tools: [
      "look": { [self] request, reply in
        self.request.withLock { $0 = request }
        reply.complete(ToolResult(content: []))
      }
    ])
  }
}

/// Answers its calls only when all that arrived together are there.
final class GatheringHost: ToolHost {
  private let replies = Mutex<[ToolReply]>([])

  func writeToolList(_ form: ToolListForm, into writer: inout JSONWriter) { writer.value([]) }

  func hasTool(_ name: String) -> Bool { true }

  func call(_ request: ToolRequest, reply: ToolReply) { replies.withLock { $0.append(reply) } }

  func endOfBatch() {
    let gathered = replies.withLock { replies in
      defer { replies = [] }
      return replies
    }
    for reply in gathered { reply.complete(ToolResult(content: [.text("of \(gathered.count)")])) }
  }
}
