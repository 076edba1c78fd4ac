import JSON
import JSONSchema
import Operations
import Testing

/// All objects' members in a schema, from the outside in.
private func members(of schema: Schema) -> [Schema.Property] {
  switch schema.kind {
  case .object(let properties, _): properties + properties.flatMap { members(of: $0.schema) }
  case .array(let items, _, _): members(of: items)
  default: []
  }
}

private func arguments(of operation: Operation) -> [Schema.Property] {
  guard case .object(let properties, _) = operation.input.kind else { return [] }
  return properties
}

@Suite("Every operation")
struct CatalogueRulesTests {
  @Test("has a name that every client accepts", arguments: Catalogue.all)
  func name(_ operation: Operation) {
    #expect(operation.name.wholeMatch(of: /[a-z][a-z0-9_]{1,39}/) != nil)
    #expect(operation.name.hasPrefix(operation.platform.rawValue + "_"))
  }

  @Test("has a name of its own")
  func distinctNames() {
    #expect(Set(Catalogue.all.map(\.name)).count == Catalogue.all.count)
  }

  @Test("has a title, and a description of at most 400 characters that ends as a sentence", arguments: Catalogue.all)
  func words(_ operation: Operation) {
    #expect((3...40).contains(operation.title.count))
    #expect((20...400).contains(operation.description.count))
    #expect(operation.description.hasSuffix("."))
    #expect(!operation.description.contains("  ") && !operation.description.contains("\n"))
  }

  @Test("says what it costs", arguments: Catalogue.all.filter { $0.platform == .owlbound })
  func cost(_ operation: Operation) {
    switch operation.credits {
    case nil, 0: #expect(operation.description.contains(/Free|free|costs nothing/))
    case 1: #expect(operation.description.contains("Costs 1 credit."))
    case let credits?: #expect(operation.description.contains("Costs \(credits) credits."))
    }
  }

  @Test(
    "warns when what it does can't be taken back", arguments: Catalogue.all.filter { $0.hints.openWorld && $0.decides })
  func warning(_ operation: Operation) {
    #expect(operation.hints.destructive)
    #expect(operation.description.contains("can't be taken back"))
  }

  @Test("has arguments with names that every API accepts, none twice", arguments: Catalogue.all)
  func argumentNames(_ operation: Operation) {
    for member in members(of: operation.input) + members(of: operation.output) {
      #expect(member.name.wholeMatch(of: /[a-zA-Z0-9_.\-]{1,64}/) != nil, "\(member.name)")
    }
    let names = arguments(of: operation).map { $0.name.lowercased() }
    #expect(Set(names).count == names.count)
  }

  @Test("takes a closed object and gives an open one", arguments: Catalogue.all)
  func roots(_ operation: Operation) {
    guard case .object(_, isOpen: false) = operation.input.kind, case .object(_, isOpen: true) = operation.output.kind
    else {
      Issue.record("an argument object must be closed, a payload open")
      return
    }
  }

  @Test("states its defaults in words, but for false and 0", arguments: Catalogue.all)
  func defaults(_ operation: Operation) {
    for argument in arguments(of: operation) {
      guard let value = argument.schema.defaultValue, value != false, value != 0 else { continue }
      let stated = value.stringValue ?? value.text
      #expect(argument.schema.description.lowercased().contains("default \(stated)".lowercased()), "\(argument.name)")
      #expect(!argument.isRequired)
    }
  }

  @Test("has defaults that are valid, and adds nothing to arguments in normal form", arguments: Catalogue.all)
  func normalForm(_ operation: Operation) throws {
    var given: JSONObject = [:]
    for argument in arguments(of: operation) {
      if let value = argument.schema.defaultValue { given[argument.name] = value }
    }
    let required = arguments(of: operation).filter(\.isRequired).map(\.name)
    do {
      #expect(try operation.validator.validate(given) == given)
      #expect(required.isEmpty)
    } catch {
      #expect(error.violations.map(\.path).sorted() == required.map { "/" + $0 }.sorted())
    }
  }

  @Test("states formats in words or by name", arguments: Catalogue.all)
  func formats(_ operation: Operation) {
    for member in members(of: operation.input) {
      guard case .string(_, _, _, let format?) = member.schema.kind else { continue }
      let text = (member.name + " " + member.schema.description).lowercased()
      switch format {
      case .email: #expect(text.contains("email"))
      case .dateTime: #expect(text.contains(/iso 8601|_before|scheduled_time|due_date/), "\(member.name)")
      case .webAddress: #expect(text.contains("url"))
      case .cron: #expect(text.contains("cron"))
      case .nonBlank: break
      }
    }
  }

  @Test("requires what its path needs", arguments: Catalogue.all)
  func pathArguments(_ operation: Operation) {
    guard let route = operation.route else { return }
    let required = Set(arguments(of: operation).filter(\.isRequired).map(\.name))
    for match in route.path.matches(of: /:([A-Za-z_]+)/) { #expect(required.contains(String(match.1))) }
  }

  @Test("is read-only exactly when it does not write", arguments: Catalogue.all)
  func access(_ operation: Operation) {
    if case .write = operation.access { #expect(!operation.hints.readOnly) } else { #expect(operation.hints.readOnly) }
    if operation.hints.readOnly { #expect(!operation.hints.destructive && !operation.hints.openWorld) }
    #expect(!operation.repeats.isGuarded || !operation.hints.readOnly)
  }

  @Test("takes an idempotency key exactly when it guards against repeats", arguments: Catalogue.all)
  func idempotencyKey(_ operation: Operation) {
    let key = arguments(of: operation).first { $0.name == "idempotency_key" }
    #expect((key != nil) == operation.repeats.isGuarded)
    if let key { #expect(!key.isRequired && key.isShown == operation.hints.openWorld) }
  }

  @Test("takes dry_run exactly when it writes", arguments: Catalogue.all)
  func dryRun(_ operation: Operation) {
    let argument = arguments(of: operation).first { $0.name == "dry_run" }
    #expect((argument != nil) == !operation.hints.readOnly)
    #expect(argument?.isShown ?? false == operation.showsDryRun)
    if let argument { #expect(!argument.isRequired && argument.schema.defaultValue == nil) }
  }

  @Test("comes with its toolset's other operations, in one piece")
  func grouping() {
    let toolsets = Catalogue.all.map(\.toolset)
    let changes = zip(toolsets, toolsets.dropFirst()).count { $0 != $1 }
    #expect(changes == Set(toolsets).count - 1)
  }

  @Test("is found by its name, and nothing else is", arguments: Catalogue.all)
  func lookup(_ operation: Operation) {
    #expect(Catalogue.operation(named: operation.name) === operation)
    #expect(Catalogue.operation(named: operation.name + "s") == nil)
    #expect(Catalogue.operation(named: operation.name.uppercased()) == nil)
  }

  @Test("validates with one compiled schema, however often it is asked")
  func compiledOnce() {
    #expect(PathboundEvents.listEvents.validator === PathboundEvents.listEvents.validator)
  }
}
