public import MCP
public import Service

/// Who serves what a server offers beside the tools, over the same service and selection.
public enum WorkspaceOffers {
  /// Resources, prompts and completion.
  ///
  /// - Parameters:
  ///   - session: tells this connection from others in the audit log.
  ///   - changes: tells of changes of the data; nil where no platform is local.
  ///   - tasks: work that outlives its call; nil for none.
  ///   - onRead: runs after each read, as ``ToolCallHost`` runs it after the first call; must be quick.
  public static func hosts(
    service: CallService, selection: ToolSelection, session: String, changes: (any ChangeFeed)?,
    tasks: TaskDesk? = nil, onRead: @escaping @Sendable () -> Void = {}
  ) -> Offers.Hosts {
    let reader = RecordReader(service: service, selection: selection, session: session, onRead: onRead)
    let resources = RecordResources(reader: reader, changes: changes)
    let prompts = PromptBook(reader: reader)
    return Offers.Hosts(
      resources: resources, prompts: prompts,
      completion: ArgumentCompletion(reader: reader, resources: resources, prompts: prompts), tasks: tasks)
  }
}
