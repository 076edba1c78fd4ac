import JSON
import JSONSchema
import LocalStore
import Operations
import Service
import StoreSupport
import TestSupport
import Testing

@Suite("Reads of a batch")
struct ReadBatchTests {
  private let folder: TemporaryFolder
  private let first: TestWorkspace
  private let second: TestWorkspace

  init() throws {
    folder = try TemporaryFolder()
    first = TestWorkspace(path: folder.path + "/workspace.db")
    second = TestWorkspace(path: folder.path + "/workspace.db")
    _ = try first.call("pathbound_create_contact", ["email": "one@example.com"])
  }

  @Test("see one state, whatever other processes write, until the batch ends")
  func oneState() throws {
    #expect(try count() == 1)
    #expect(try count() == 1)
    _ = try second.call("pathbound_create_contact", ["email": "two@example.com"])
    #expect(try count() == 1)
    first.store.endOfBatch()
    #expect(try count() == 2)
  }

  @Test("see what their own process has written, in the same batch")
  func ownWrites() throws {
    for number in 2...4 {
      #expect(try count() == number - 1)
      #expect(try count() == number - 1)
      _ = try first.call("pathbound_create_contact", ["email": .string("\(number)@example.com")])
      #expect(try count() == number)
    }
  }

  @Test("go on after one of them has failed")
  func afterFailure() throws {
    for _ in 0..<3 {
      #expect(throws: ServiceError.self) {
        try answer("pathbound_get_contact", ["contact_id": "ct_nobody"])
      }
      #expect(try count() == 1)
    }
    first.store.endOfBatch()
    first.store.endOfBatch()
    #expect(try count() == 1)
  }

  @Test("do not hold on to a state for ever")
  func bounded() throws {
    #expect(try count() == 1)
    _ = try second.call("pathbound_create_contact", ["email": "two@example.com"])
    var seen = 1
    for _ in 0..<300 { seen = try count() }
    #expect(seen == 2)
  }

  private func count() throws -> Int {
    let payload = try answer("pathbound_list_contacts", ["count_only": true])
    return Int(try #require(payload["count"]?.integerValue))
  }

  @discardableResult
  private func answer(_ tool: String, _ arguments: JSONObject) throws -> JSONValue {
    let operation = try #require(Catalogue.operation(named: tool))
    let call = Call(
      operation: operation, arguments: try operation.validator.validate(arguments),
      caller: Caller(client: "tests", session: "1"))
    var payload = JSONWriter()
    _ = try first.store.readInBatch(call, into: &payload)
    return try JSONValue(parsing: payload.finish())
  }
}
