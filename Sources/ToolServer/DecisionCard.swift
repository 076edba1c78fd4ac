internal import JSON
internal import Operations
internal import Platform
internal import Service

/// What a person reads before they decide: what would be done, for whom, why, and what stands against it.
///
/// The words of others stand behind a bar, so that a message can't pass for a line of ours, and without links that
/// could be clicked: forms must not have any.
struct DecisionCard {
  /// More than this nobody reads in a form.
  private static let longestText = 24_000
  private static let longestList = 20

  let plan: DecisionPlan

  init(_ plan: DecisionPlan) { self.plan = plan }

  /// The whole text.
  func text() throws(ServiceError) -> String {
    guard plan.items.count <= Self.longestList else {
      throw ServiceError(
        .validation,
        "A person can be shown at most \(Self.longestList) actions at once, and these are \(plan.items.count). Decide on "
          + "fewer.")
    }
    var text = heading
    for (position, item) in plan.items.enumerated() {
      text += plan.items.count > 1 ? "\n\n\(position + 1) of \(plan.items.count)\n" : "\n\n"
      text += Self.card(item)
    }
    for change in plan.changes { text += "\n\n" + Self.card(change) }
    guard text.utf8.count <= Self.longestText else {
      throw ServiceError(
        .validation,
        "What this would do is too long to be shown in a form, and nobody should approve what they have not seen. Decide "
          + "on fewer actions at once, or in a terminal with `bound-mcp call`.")
    }
    return text
  }

  private var heading: String {
    if plan.items.isEmpty { return "May this be changed?" }
    let what = plan.items.count == 1 ? "May this be done?" : "May these \(plan.items.count) things be done?"
    return plan.reachesOutside ? what + " What is sent can't be taken back." : what
  }

  private static func card(_ item: DecisionPlan.Item) -> String {
    let planned = item.planned
    var lines = ["\(name(of: planned.action.type)), \(time(of: planned))"]
    if let person = planned.person { lines.append("For: \(flat(person))") }
    for reason in [planned.action.summary, planned.reasoning].compactMap({ $0 }) { lines += quoted("Why", reason) }
    switch item.preview {
    case .content(let content): lines += members(content, planned.effect)
    case .failure(let reason): lines += quoted("It would fail", reason)
    }
    if let failure = planned.effect?.failure { lines += quoted("It would fail", failure) }
    for obstacle in planned.obstacles { lines += quoted("Against it (\(obstacle.rule.rawValue))", obstacle.reason) }
    return lines.joined(separator: "\n")
  }

  private static func card(_ change: Rehearsal.Change) -> String {
    let (before, after) = (object(change.before), object(change.after))
    var lines = ["Record: \(flat(change.record))"]
    for (key, value) in after where before[key] != value {
      lines += quoted("\(flat(key)) (now)", before[key].map(Self.text) ?? "nothing")
      lines += quoted("\(flat(key)) (then)", text(value))
    }
    for key in before.keys where !after.contains(key) { lines.append("\(flat(key)): is removed") }
    return lines.joined(separator: "\n")
  }

  private static func object(_ bytes: [UInt8]?) -> JSONObject {
    bytes.flatMap { try? JSONValue(parsing: $0) }?.objectValue ?? [:]
  }

  private static func name(of type: String) -> String { flat(type.split(separator: "_").joined(separator: " ")) }

  private static func time(of planned: Rehearsal.PlannedAction) -> String {
    guard let time = planned.scheduledTime, time > SystemClock().now() else { return "at once" }
    return planned.time
  }

  /// The parameters; those that only say what is set give way to what that changes.
  private static func members(_ content: JSONObject, _ effect: ActionEffect?) -> [String] {
    var lines: [String] = []
    for (key, value) in content where !value.isNull {
      if let effect, effect.failure == nil, ["properties", "lifecycle_stage"].contains(key) {
        if effect.changes.isEmpty { lines.append("It would change nothing: all is so already.") }
        for change in effect.changes {
          lines += quoted("\(flat(change.name)) (now)", change.before.isNull ? "nothing" : text(change.before))
          lines += quoted("\(flat(change.name)) (then)", change.after.isNull ? "nothing" : text(change.after))
        }
      } else {
        lines += quoted(flat(key), text(value))
      }
    }
    return lines
  }

  private static func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }

  /// `name: text`, with a text of several lines below the name.
  private static func quoted(_ name: String, _ text: String) -> [String] {
    let lines = unlinked(text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    if lines.count <= 1 { return ["\(name): \(lines.first ?? "")"] }
    return ["\(name):"] + lines.map { "│ \($0)" }
  }

  /// On one line.
  private static func flat(_ text: String) -> String {
    unlinked(String(text.map { $0.isNewline ? " " : $0 }))
  }

  /// Links as words: `https://…` would be made one to click by the client.
  private static func unlinked(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "/")) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      if byte == UInt8(ascii: "/"), result.suffix(2).elementsEqual([UInt8(ascii: ":"), UInt8(ascii: "/")]) {
        result.removeLast()
        result += [UInt8(ascii: " "), UInt8(ascii: "/")]
      }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
