import JSON
import JSONRPC
import Testing

@Suite("Messages")
struct MessageTests {
  @Test(
    "F-10, F-11: what is not a request is refused, under its id only if that is valid",
    arguments: [
      ("42", nil), ("\"text\"", nil), ("null", nil), ("{}", nil), (#"{"jsonrpc":"2.0"}"#, nil),
      (#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, .integer(1)), (#"{"id":1,"method":"ping"}"#, .integer(1)),
      (#"{"jsonrpc":2.0,"id":"a","method":"ping"}"#, .string("a")), (#"{"jsonrpc":"2.0","id":2}"#, .integer(2)),
      (#"{"jsonrpc":"2.0","id":2,"method":7}"#, .integer(2)),
      (#"{"jsonrpc":"2.0","id":2,"method":null}"#, .integer(2)),
      (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, nil), (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, nil),
      (#"{"jsonrpc":"2.0","id":1.0,"method":"ping"}"#, nil), (#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#, nil),
      (#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, nil), (#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, nil),
      (#"{"jsonrpc":"2.0","id":18446744073709551616,"method":"ping"}"#, nil),
    ] as [(String, RequestID?)])
  func invalid(text: String, id: RequestID?) throws {
    guard case .invalid(let rescued, let error) = try message(text) else {
      Issue.record("taken for valid: \(text)")
      return
    }
    #expect(rescued == id)
    #expect(error.code == .invalidRequest)
    #expect(!error.message.isEmpty)
  }

  @Test(
    "F-12: integers and strings are ids, at their limits too",
    arguments: [
      ("0", .integer(0)), ("\"\"", .string("")), ("\"7\"", .string("7")), ("-1", .integer(-1)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9007199254740993", .integer(9_007_199_254_740_993)),
    ] as [(String, RequestID)])
  func ids(text: String, id: RequestID) throws {
    guard case .request(let request) = try message(#"{"jsonrpc":"2.0","method":"ping","id":\#(text)}"#) else {
      Issue.record("no request: \(text)")
      return
    }
    #expect(request.id == id)
    var writer = JSONWriter()
    request.id.write(to: &writer)
    #expect(writer.finish() == Array(text.utf8))
  }

  @Test("F-12: two spellings of one character are two ids")
  func spellings() {
    let composed = RequestID.string("\u{E9}")
    let decomposed = RequestID.string("e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, .integer(7), .string("7")]).count == 4)
    #expect(composed == RequestID.string("\u{E9}"))
  }

  @Test("F-12: an id comes back byte for byte, even with characters that are kept out of other texts")
  func verbatim() {
    var writer = JSONWriter(sanitizing: true)
    RequestID.string("a\u{202E}\u{1B}[0m\"").write(to: &writer)
    #expect(String(decoding: writer.finish(), as: UTF8.self) == "\"a\u{202E}\\u001b[0m\\\"\"")
  }

  @Test(
    "F-17, F-20: malformed notifications and responses are passed over",
    arguments: [
      #"{"jsonrpc":"1.0","method":"x"}"#, #"{"method":"x"}"#, #"{"jsonrpc":"2.0","method":5}"#,
      #"{"jsonrpc":"2.0","id":1,"result":{},"error":{}}"#, #"{"jsonrpc":"2.0","id":null,"result":{}}"#,
      #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"?"}}"#, #"{"id":1,"result":{}}"#,
    ])
  func ignored(text: String) throws {
    guard case .ignored = try message(text) else {
      Issue.record("not ignored: \(text)")
      return
    }
  }

  @Test("F-20: a response has an id and either a result or an error")
  func responses() throws {
    guard case .response(let response) = try message(#"{"jsonrpc":"2.0","id":"q-1","result":{"a":1}}"#),
      case .result(let result) = response.outcome
    else {
      Issue.record("no response")
      return
    }
    #expect(response.id == .string("q-1"))
    #expect(result == ["a": 1])
    guard case .response(let refusal) = try message(#"{"jsonrpc":"2.0","id":5,"error":{"code":-1,"message":"no"}}"#),
      case .error(let error) = refusal.outcome
    else {
      Issue.record("no response")
      return
    }
    #expect(error == ["code": -1, "message": "no"])
  }

  @Test("F-15: parameters of null count as absent, others come through as they are")
  func params() throws {
    guard case .request(let request) = try message(#"{"jsonrpc":"2.0","id":1,"method":"m","params":null}"#),
      case .notification(let notification) = try message(#"{"jsonrpc":"2.0","method":"n","params":[1]}"#)
    else {
      Issue.record("misread")
      return
    }
    #expect(request.params == nil)
    #expect(notification.params == [1])
  }

  @Test("F-25, F-26: an error has a code and a message, and data only when there is some")
  func errors() {
    #expect(text(RPCError(.invalidParameters, "No.")) == #"{"code":-32602,"message":"No."}"#)
    #expect(
      text(RPCError(.parseError, "No.", data: ["uri": "a:\u{202E}b"]))
        == "{\"code\":-32700,\"message\":\"No.\",\"data\":{\"uri\":\"a:\u{202E}b\"}}")
  }
}

private func message(_ text: String) throws -> Message { Message(try JSONValue(parsing: text)) }

private func text(_ error: RPCError) -> String {
  var writer = JSONWriter(sanitizing: true)
  error.write(to: &writer)
  return String(decoding: writer.finish(), as: UTF8.self)
}
