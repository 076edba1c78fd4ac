internal import HTTP
internal import JSON
internal import Platform
internal import Settings

/// The program itself, and the one that does its requests.
struct ProgramCheck: Check {
  let client: CurlClient
  /// Whether anything that is set up needs requests; without, a missing helper harms nobody.
  let needsRequests: Bool

  func findings() -> [Finding] {
    let program = Finding(
      "program", .ok, "bound-mcp \(Version.current), \(Environment.programPath ?? "at an unknown place")")
    return [program, helper]
  }

  private var helper: Finding {
    let subject = "bound-mcp-http"
    do throws(HTTPError) {
      let facts = try client.helperFacts()
      let version = facts.libcurl.map { "libcurl \($0)" } ?? "a libcurl of unknown version"
      let http2 = facts.hasHTTP2 ? "with HTTP/2" : "without HTTP/2"
      return Finding(subject, .ok, "\(facts.path) answers: \(version) \(http2)")
    } catch {
      return Finding(
        subject, needsRequests ? .problem : .note,
        error.message.prefix(1).uppercased() + error.message.dropFirst() + ".",
        advice: needsRequests
          ? "Build both programs (make build) and keep them in one folder, or set BOUND_MCP_HTTP to its path."
          : "Nothing that is set up needs it: it does the requests to hosted APIs and other services.")
    }
  }
}
