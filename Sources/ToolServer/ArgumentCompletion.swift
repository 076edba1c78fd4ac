internal import JSON
public import MCP
internal import Service

/// Proposes values for the arguments of prompts and for the variables of templates.
///
/// Records come through the service: who may not list them is proposed none.
public final class ArgumentCompletion: CompletionHost {
  private let reader: RecordReader
  private let resources: RecordResources
  private let prompts: PromptBook

  init(reader: RecordReader, resources: RecordResources, prompts: PromptBook) {
    self.reader = reader
    self.resources = resources
    self.prompts = prompts
  }

  /// Answers at once where the workspace is local.
  public func complete(_ request: CompletionRequest, reply: Reply<Completion>) {
    guard let source = source(for: request) else {
      return reply.refuse("There is no such prompt, template or argument.")
    }
    switch source {
    case .none: reply.succeed(Completion([]))
    case .words(let words):
      let typed = request.value.lowercased()
      let fitting = words.filter { $0.lowercased().hasPrefix(typed) }
      reply.succeed(Completion(fitting, total: fitting.count))
    case .records(let operation, let kind):
      let arguments: JSONObject = ["kind": .string(kind), "text": .string(request.value)]
      reader.read(operation, arguments, for: request.client, reply) { result in
        // What may not be read is not there.
        guard let payload = try? result.get(), let values = try? JSONValue(parsing: payload)["values"]?.arrayValue
        else {
          return reply.succeed(Completion([]))
        }
        reply.succeed(Completion(values.compactMap(\.stringValue)))
      }
    }
  }

  private func source(for request: CompletionRequest) -> CompletionSource? {
    switch request.reference {
    case .prompt(let name): prompts.kind(named: name)?.argument(named: request.argument)?.source
    case .template(let uri):
      resources.kind(ofTemplate: uri)?.variable.flatMap { $0.name == request.argument ? $0.source : nil }
    }
  }
}
