internal import MCP
internal import Operations
internal import Synchronization

/// What `tools/list` answers, serialised once for each form when it is first asked for.
final class ToolLists: Sendable {
  private final class Bytes: Sendable {
    let value: [UInt8]
    init(_ value: [UInt8]) { self.value = value }
  }

  private let listed: [Operation]
  private let full = AtomicLazyReference<Bytes>()
  private let withoutOutputSchemas = AtomicLazyReference<Bytes>()

  init(_ listed: [Operation]) { self.listed = listed }

  func bytes(_ form: ToolListForm) -> [UInt8] {
    switch form {
    case .full:
      (full.load() ?? full.storeIfNil(Bytes(ToolDefinition.list(listed, form)))).value
    case .withoutOutputSchemas:
      (withoutOutputSchemas.load() ?? withoutOutputSchemas.storeIfNil(Bytes(ToolDefinition.list(listed, form)))).value
    }
  }
}
