import Clients
import JSON
import Testing

@Suite("The servers in a client's list")
struct ListedServerTests {
  @Test("what is entered is found again", arguments: Client.allCases)
  func found(client: Client) throws {
    let entry = ServerEntry(
      name: "bound", command: "/opt/a b/bound-mcp", arguments: ["serve", "--db", "/x \"y\".db"],
      variables: [("KEY", "secret = [1]")])
    let servers = try ClientFile.servers(in: ClientFile.adding(entry, to: [], of: client), of: client)
    let server = try #require(servers.first)
    #expect(servers.count == 1)
    #expect(server.name == "bound" && server.command == entry.command && server.arguments == entry.arguments)
    #expect(server.variables == ["KEY": "secret = [1]"] && !server.isDisabled)
  }

  @Test("TOML's own ways of writing are read, and what is no server is passed over")
  func toml() throws {
    let text = """
      model = "gpt"
      [mcp_servers.one]
      command = '/bin/one'  # where it is
      args = [
        'serve', '--read-only',
      ]
      enabled = false
      env = { KEY = "x" }
      startup_timeout_sec = 1_0.5
      [mcp_servers.two]
      url = "https://example.com/mcp"
      [mcp_servers.two.headers]
      a = "b"
      [other.three]
      command = "/bin/three"
      """
    let servers = try ClientFile.servers(in: Array(text.utf8), of: .codex)
    #expect(servers.map(\.name) == ["one", "two"])
    #expect(servers.first?.command == "/bin/one" && servers.first?.arguments == ["serve", "--read-only"])
    #expect(servers.first?.isDisabled == true && servers.last?.command == nil)
  }

  @Test("a list in another form than a list is none; a text that is no list is refused")
  func strange() throws {
    for text in [#"{}"#, #"{"mcpServers":{"a":1,"b":"x"}}"#, ""] {
      #expect(try ClientFile.servers(in: Array(text.utf8), of: .cursor).isEmpty)
    }
    #expect(throws: EditRefusal.self) { try ClientFile.servers(in: Array("{".utf8), of: .cursor) }
    #expect(throws: EditRefusal.self) { try ClientFile.servers(in: Array("[a".utf8), of: .codex) }
  }
}
