import JSON
import JSONRPC
import MCP
import Platform
import Synchronization

/// Asks for the address of a contact: each question is good for one answer to the same call.
final class FixtureQuestions: Sendable {
  private let open = Mutex<[String: JSONObject]>([:])

  /// The address that the person has given; nil when the reply was dealt with.
  func email(_ request: ToolRequest, _ reply: ToolReply) -> String? {
    if let answers = request.answers {
      guard take(answers.state, request.arguments) else {
        reply.reject(.invalidRequestState)
        return nil
      }
      switch answers["email"] {
      case .accepted(let content) where question.isAnswered(by: content): return content["email"]?.stringValue
      case .declined: reply.fail(text: "Not done: declined.")
      case .cancelled, .silent: reply.fail(text: "Not done: nobody has answered.")
      case .accepted, .unusable, nil: ask(request, reply)
      }
    } else if request.capabilities.elicitsForms {
      ask(request, reply)
    } else {
      reply.fail(text: "email: an address is needed.")
    }
    return nil
  }

  private func ask(_ request: ToolRequest, _ reply: ToolReply) {
    let state = "state-\(UInt64.random(in: 0 ... .max))"
    open.withLock { $0[state] = request.arguments }
    reply.ask(question, state: state, in: request)
  }

  private func take(_ state: String, _ arguments: JSONObject) -> Bool {
    open.withLock { open in
      guard open[state] == arguments else { return false }
      open[state] = nil
      return true
    }
  }

  private let question = Question(
    key: "email", message: "Which address has the contact?", fields: [.init("email", title: "E-mail", .email)])
}
