internal import JSON
internal import Platform
internal import Review
internal import Service

/// A person going through the queue: one item after the other, one letter for each decision.
struct ReviewSession {
  /// More lines are shown only when they are asked for.
  private static let mostLines = 40

  private let queue: ReviewQueue
  private let isReadOnly: Bool
  private let console = Console.output
  private var input = LineInput()
  private var items: [PendingDecision] = []
  private var position = 0
  private var decided = 0
  /// What was written in the editor and could not be taken, by item.
  private var drafts: [String: String] = [:]

  init(queue: ReviewQueue, isReadOnly: Bool) {
    self.queue = queue
    self.isReadOnly = isReadOnly
  }

  /// Until everything is decided or the person leaves.
  func run() throws(ServiceError) {
    var session = self
    try session.go()
  }

  private mutating func go() throws(ServiceError) {
    items = try queue.all().items
    ReviewScreen.table(items).forEach { console.line($0) }
    var isShown = false
    while position < items.count {
      if !isShown { try show(isWhole: false) }
      isShown = true
      guard let answer = input.ask("[a]pprove [e]dit [r]eject [n]ext [p]revious [w]hole [l]ist [q]uit: ") else { break }
      do throws(ServiceError) {
        switch answer {
        case "a": isShown = try !approve()
        case "e": isShown = try !edit()
        case "r": isShown = try !reject()
        case "n", "": (position, isShown) = (position + 1, false)
        case "p": (position, isShown) = (max(position - 1, 0), false)
        case "w": try show(isWhole: true)
        case "l": ReviewScreen.table(items).forEach { console.line($0) }
        case "q": return finish()
        default:
          if let number = Int(answer), (1...items.count).contains(number) {
            (position, isShown) = (number - 1, false)
          } else {
            console.line("One of these letters, or the number of an item.")
          }
        }
      } catch {
        console.line(console.styled(ReviewQueue.harmless(.string(error.message)).stringValue ?? "", .red))
      }
    }
    finish()
  }

  private func finish() {
    let left = items.count
    console.line("\(decided) decided, \(left) still waiting.")
  }

  private mutating func show(isWhole: Bool) throws(ServiceError) {
    let item = items[position]
    let lines = ReviewScreen.card(item, params: try queue.wholeParams(of: item) ?? item.params)
    console.line()
    console.line(console.styled("\(position + 1) of \(items.count)", .dim))
    let shown = isWhole ? lines[...] : lines.prefix(Self.mostLines)
    shown.forEach { console.line($0) }
    if shown.count < lines.count { console.line("… \(lines.count - shown.count) lines more: w shows all of it") }
    console.line()
  }

  /// Takes the item in hand out of the list; those behind it move up.
  private mutating func settle(_ outcome: String) {
    console.line(console.styled(outcome, .green))
    for action in queue.takePerformed() { console.line("\(action.id): \(action.status)") }
    drafts[items[position].id] = nil
    items.remove(at: position)
    decided += 1
  }

  private mutating func approve() throws(ServiceError) -> Bool {
    guard try isUnchanged() else { return true }
    let item = items[position]
    _ = try queue.approve(item.address, comment: nil)
    settle("\(item.id): approved")
    return true
  }

  private mutating func reject() throws(ServiceError) -> Bool {
    guard let comment = input.ask("Why (Enter for no comment): ") else { return false }
    let item = items[position]
    _ = try queue.reject(item.address, comment: comment)
    settle("\(item.id): rejected")
    return true
  }

  /// What is approved is what was looked at: another process may have changed or decided it meanwhile.
  private mutating func isUnchanged() throws(ServiceError) -> Bool {
    let item = items[position]
    guard let current = try queue.find(item.address) else {
      console.line("\(item.id) no longer waits: it was decided elsewhere.")
      items.remove(at: position)
      return false
    }
    if current.params == item.params, current.facts["sent_as"] == item.facts["sent_as"] { return true }
    console.line("\(item.id) was changed meanwhile. Look at it again:")
    items[position] = current
    return false
  }

  private mutating func edit() throws(ServiceError) -> Bool {
    let item = items[position]
    guard let params = try queue.wholeParams(of: item) else {
      console.line("Not all of it can be had here, so it can't be edited.")
      return false
    }
    let text = ParameterText(params)
    let before = text.editable(remarks: [
      "\(item.text("type")) for \(item.person)", "Save and leave to change it; it then waits for approval again.",
    ])
    let after: String
    let changed: JSONObject
    do {
      after = try TextEditor.edit(drafts[item.id] ?? before)
      guard after != before else {
        console.line("Nothing was changed.")
        return false
      }
      drafts[item.id] = after
      changed = try text.parameters(of: after)
    } catch let mistake as ParameterText.Mistake {
      console.line(console.styled("Nothing was changed: \(mistake.reason).", .red))
      return false
    } catch {
      console.line(console.styled("Nothing was changed: \(error)", .red))
      return false
    }
    let address = try queue.edit(item, params: changed)
    drafts[item.id] = nil
    if let current = try queue.find(address) { items[position] = current }
    console.line(console.styled("\(address.id): changed; it waits for approval", .green))
    return true
  }
}

/// Lines that a person types.
private struct LineInput {
  private var pending: [UInt8] = []

  /// Asks and waits for a line, without blanks around it; nil at the end of the input.
  mutating func ask(_ question: String) -> String? {
    Console.output.write(question)
    var part = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        return String(line.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
      }
      let count = part.withUnsafeMutableBytes { bytes in (try? Descriptor.standardInput.read(into: bytes)) ?? 0 }
      guard count > 0 else {
        Console.output.line()
        return nil
      }
      pending += part[..<count]
    }
  }
}
