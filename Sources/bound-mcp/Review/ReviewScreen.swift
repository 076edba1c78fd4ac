internal import JSON
internal import Review

/// What waits for a decision, as lines of at most 80 columns.
enum ReviewScreen {
  static let width = 80

  /// One line each, and what it says.
  static func table(_ items: [PendingDecision]) -> [String] {
    guard !items.isEmpty else { return ["Nothing waits for a decision."] }
    return items.enumerated().flatMap { position, item in
      let since = TextLayout.column(String(item.text("waiting_since").prefix(16).map { $0 == "T" ? " " : $0 }), 16)
      let number = String(position + 1)
      let head =
        String(repeating: " ", count: max(3 - number.count, 0)) + number + "  "
        + TextLayout.column(item.text("type"), 22) + " " + TextLayout.column(item.person, 33) + "  " + since
      return [head, "     " + TextLayout.cut(item.id + "  " + item.summary, to: width - 5)]
    }
  }

  /// Everything about one of them.
  static func card(_ item: PendingDecision, params: JSONObject) -> [String] {
    let text = ParameterText(params)
    var lines = [Console.output.styled("\(item.text("type"))  \(item.id)", .bold)]
    lines += field("for", item.person) + field("as", item.sender) + field("when", when(item))
    lines += field("why", item.text("reason")) + field("about", item.text("description"))
    for change in item.changes { lines += field("changes", change) }
    lines += field("would fail", item.text("would_fail")).map { Console.output.styled($0, .red) }
    for obstacle in item.obstacles { lines += field("stopped", obstacle).map { Console.output.styled($0, .red) } }
    lines.append("")
    lines += text.header.flatMap { TextLayout.wrap($0, to: width) }
    if !text.body.isEmpty {
      if !text.header.isEmpty { lines.append("") }
      lines += TextLayout.wrap(text.body, to: width - 2).map { "| " + $0 }
    }
    return lines
  }

  private static func when(_ item: PendingDecision) -> String {
    let time = item.text("when")
    return time.isEmpty ? "as soon as approved" : time
  }

  private static func field(_ name: String, _ value: String) -> [String] {
    guard !value.isEmpty else { return [] }
    return TextLayout.wrap(value, to: width - 10).enumerated().map { position, line in
      TextLayout.column(position == 0 ? name : "", 10) + line
    }
  }
}
