/// What the program can be asked to do.
public enum Command: String, Sendable, CaseIterable {
  /// Speak MCP on standard input and output.
  case serve
  /// Call one tool.
  case call
  /// Do what is due.
  case worker
  /// Show which tools there are.
  case tools
  /// Write the tools' definitions.
  case schemas
  /// Show the main job.
  case demo
  /// Enter the server into a client's list.
  case install
  /// Look for what is wrong.
  case doctor
  /// Decide on what waits.
  case review
  /// Show what was changed.
  case history
  /// Take a change back.
  case undo
  /// Teach a shell to complete.
  case completions
  /// Print the manual page.
  case man
  /// Print a package's manifest.
  case manifest
  /// Play a recorded session.
  case replay
  /// Bring records of a file into the workspace.
  case `import`
  /// Write records of the workspace into a file.
  case export
  /// Copy the workspace.
  case backup
  /// Put a copy in the workspace's place.
  case restore

  /// An option that belongs to one command.
  public enum Option: String, Sendable, CaseIterable {
    /// `tools`, `doctor`: machine-readable.
    case json
    /// `schemas`: compare instead of writing.
    case check
    /// `worker`: end when nothing is due.
    case once
    /// `call`: one line.
    case compact
    /// `call`: indented.
    case pretty
    /// `demo`: make a workspace.
    case workspace
    /// `demo`: make it anew.
    case reset
    /// `demo`: when its history ends.
    case at
    /// `install`: the other way round.
    case uninstall
    /// `install`: what the client calls the server.
    case name
    /// `install`: another file than the user's own.
    case file
    /// `install`: keys too.
    case withKeys = "with-keys"
    /// `review`: why it was decided.
    case comment
    /// `manifest`: where the bundle will lie.
    case url
    /// `serve`, `replay`: writes down the conversation.
    case record
    /// `import`: what the file holds.
    case `as`
    /// `import`: what columns mean.
    case map
    /// `import`: what is done with records that are there.
    case existing
    /// `import`, `install`: look, and change nothing.
    case dryRun = "dry-run"
    /// `import`: where refused rows go.
    case refused
    /// `import`: once more from the beginning.
    case again
    /// `history`: how many entries.
    case limit
    /// `history`: of one tool.
    case tool
    /// `history`: of one record.
    case of
    /// `history`, `undo`: of one client.
    case client
    /// `history`, `undo`, `export`: not before.
    case since
    /// `export`: how records are written.
    case format
    /// `export`: contacts of a segment.
    case segment
    /// `export`: contacts in a stage.
    case lifecycleStage = "lifecycle-stage"
    /// `export`, `restore`: in the place of what is there.
    case force

    /// As written on the command line.
    public var flag: String { "--" + rawValue }

    /// The flag, and what its value is.
    var usage: String { placeholder.map { "\(flag) \($0)" } ?? flag }

    /// What stands for its value in help texts; nil for a switch.
    public var placeholder: String? {
      switch self {
      case .json, .check, .once, .compact, .pretty, .reset, .dryRun, .uninstall, .withKeys, .again, .force: nil
      case .limit: "N"
      case .tool, .client: "NAME"
      case .of: "ID"
      case .since: "TIME"
      case .workspace: "PATH"
      case .at: "TIME"
      case .name: "NAME"
      case .file, .record: "PATH"
      case .comment: "TEXT"
      case .url: "URL"
      case .as: "KIND"
      case .map: "COLUMN=FIELD,..."
      case .existing: "fill|replace|skip"
      case .refused: "FILE"
      case .format: "csv|jsonl"
      case .segment: "NAME"
      case .lifecycleStage: "STAGE"
      }
    }

    /// What it does, in a line.
    public var purpose: String {
      switch self {
      case .json: "print JSON for programs"
      case .check: "write nothing; fail when a file differs from its definition"
      case .once: "do what is due now, print how much that was, and end"
      case .compact: "print the result on one line (default when it is not shown on a terminal)"
      case .pretty: "print the result indented (default on a terminal)"
      case .workspace: "instead make the workspace of a sales team, with 400 contacts and decisions that wait"
      case .reset: "replace the demo workspace that is there"
      case .at: "when its history ends, in ISO 8601 (default: now)"
      case .dryRun: "show what would change, and change nothing"
      case .uninstall: "take the server out again"
      case .name: "what the client calls the server (default: bound)"
      case .file: "the client's file, such as a project's (default: the user's own)"
      case .record: "write every message in both directions into a new file, without secrets; see replay"
      case .withKeys: "write the API keys of this environment into the file as well"
      case .comment: "why, for the action's log and for the agent"
      case .url: "where clients will get the bundle, https://…"
      case .as: "what the file holds: contacts, companies, events, signals, owlbound-contacts, ..."
      case .map: "what columns mean, where that was not found out; COLUMN= leaves one out"
      case .existing: "what is done with records that are there: fill gaps (default), replace, skip"
      case .refused: "where rows that can't be used are written, with the reason (default: beside FILE)"
      case .again: "bring in a file once more that was brought in before"
      case .limit: "at most so many changes (default: 20)"
      case .tool: "changes made with this tool, such as pathbound_update_contact"
      case .of: "changes of this record, such as ct_…"
      case .client: "changes made by a client with this in its name"
      case .since: "not before this time, in ISO 8601, or so long ago, such as 30m, 2h or 3d"
      case .format: "how records are written (default: what FILE's ending says)"
      case .segment: "contacts of the segment with this name or id alone"
      case .lifecycleStage: "contacts in this stage alone, such as customer"
      case .force: "put the file that is there away"
      }
    }
  }

  /// The options that this command alone knows.
  public var options: [Option] {
    switch self {
    case .serve: [.record]
    case .demo: [.workspace, .reset, .at]
    case .replay: [.record]
    case .call: [.pretty, .compact]
    case .worker: [.once, .json]
    case .tools, .doctor: [.json]
    case .schemas: [.check, .json]
    case .install: [.dryRun, .uninstall, .name, .file, .withKeys, .json]
    case .review: [.comment, .json]
    case .history: [.limit, .of, .tool, .client, .since, .json]
    case .undo: [.dryRun, .client, .since, .json]
    case .completions, .man: []
    case .manifest: [.url]
    case .import: [.as, .map, .existing, .dryRun, .refused, .again, .json]
    case .export: [.format, .since, .segment, .lifecycleStage, .force, .json]
    case .backup: []
    case .restore: [.force]
    }
  }

  /// How many operands it takes.
  public var operandCount: ClosedRange<Int> {
    switch self {
    case .serve, .worker, .tools, .demo, .doctor, .history: 0...0
    case .call: 1...2
    case .replay: 1...1
    case .schemas, .install, .undo: 0...1
    case .review: 0...2
    case .completions: 1...1
    case .man: 0...0
    case .manifest: 1...2
    case .import, .backup, .restore: 1...1
    case .export: 1...2
    }
  }

  /// Its name with its operands.
  public var synopsis: String {
    switch self {
    case .serve, .worker, .tools, .demo, .doctor, .history: rawValue
    case .call: "call TOOL [JSON|-]"
    case .schemas: "schemas [DIR]"
    case .install: "install [CLIENT]"
    case .review: "review [show|approve|reject ID]"
    case .undo: "undo [ID]"
    case .completions: "completions bash|zsh|fish"
    case .man: rawValue
    case .manifest: "manifest bundle|registry [FILE]"
    case .replay: "replay FILE"
    case .import: "import FILE"
    case .export: "export KIND [FILE|-]"
    case .backup: "backup FILE"
    case .restore: "restore FILE"
    }
  }

  /// What it does, in a line.
  public var purpose: String {
    switch self {
    case .serve: "speak MCP on standard input and output; what clients start (default)"
    case .call: "call one tool and print its result; - reads the arguments from standard input"
    case .worker: "do due actions and agents' runs until told to end; prints a line for each action"
    case .tools: "list the tools: name, toolset, effects, whether clients are shown it"
    case .schemas: "write every tool's definition to DIR/<tool>.json (default: schemas)"
    case .demo: "show the main job: a conversation with a server on a workspace of its own"
    case .replay: "play a session that serve --record has written on a fresh workspace; show what differs"
    case .install: "enter the server into a client's list; without CLIENT, show which there are"
    case .doctor: "check keys, hosted APIs, workspace, programs; status 1 when something can't work"
    case .review: "decide on what waits for approval: look, approve, edit in $EDITOR, reject"
    case .history: "show what was changed, newest first, by whom, and whether it can be undone"
    case .undo: "take a change back; with --client and --since, all that one client has changed since"
    case .completions: "print the script that teaches a shell to complete this command line"
    case .man: "print the manual page in roff"
    case .manifest: "print what tells others about a package: an .mcpb's manifest, an entry of the MCP registry"
    case .import: "bring contacts and companies (CSV), events and signals (JSON Lines) into the workspace"
    case .export: "write contacts, companies, events, signals, actions, notes or definitions into FILE"
    case .restore: "put a copy that backup made in the workspace's place; what was there is kept beside it"
    case .backup: "copy the workspace to FILE while servers go on working; the copy is a workspace itself"
    }
  }

  /// Command lines that work as they stand, with a word on each.
  public var examples: [(line: String, comment: String)] {
    switch self {
    case .serve:
      [
        ("bound-mcp", "what a client starts: MCP on standard input and output"),
        ("bound-mcp serve --read-only --toolsets all", "look at everything, change nothing"),
        ("bound-mcp serve --db ~/acme.db --approvals human", "a workspace of its own; only a person decides"),
      ]
    case .call:
      [
        (#"bound-mcp call pathbound_create_contact '{"email":"ada@example.com"}'"#, "call one tool"),
        ("bound-mcp call pathbound_list_contacts", "a tool without arguments"),
        (#"echo '{"limit":5}' | bound-mcp call pathbound_list_contacts -"#, "arguments from a pipe"),
      ]
    case .worker:
      [
        ("bound-mcp worker", "send what is due while no client is running, until Ctrl-C"),
        ("bound-mcp worker --once", "the same for a timer such as cron: do what is due now, and end"),
        ("bound-mcp worker --db ~/acme.db --outbox ~/acme-mail", "another workspace, another outbox"),
      ]
    case .tools:
      [
        ("bound-mcp tools", "which tools there are"),
        ("bound-mcp tools --toolsets all --json", "the list that clients would get"),
      ]
    case .schemas:
      [
        ("bound-mcp schemas", "write all definitions into schemas/"),
        ("bound-mcp schemas --check", "fail when schemas/ is out of date"),
      ]
    case .demo:
      [
        ("bound-mcp demo", "see what it does, in a workspace of its own"),
        ("bound-mcp demo --db ~/demo.db", "keep the workspace and look at it afterwards"),
        ("bound-mcp demo --workspace ~/demo.db", "make a workspace of a sales team, to try everything on"),
        ("bound-mcp demo --workspace ~/demo.db --reset", "as it was at first"),
      ]
    case .replay:
      [
        ("bound-mcp replay session.jsonl", "see whether a recorded session goes as it did (serve --record FILE)")
      ]
    case .install:
      [
        ("bound-mcp install claude-desktop", "let a client use the server; its file's backup lies beside it"),
        ("bound-mcp install cursor --read-only --dry-run", "see what would be written"),
        ("bound-mcp install vscode --file .vscode/mcp.json --db ~/acme.db", "for one project, with its own workspace"),
        ("bound-mcp install codex --uninstall", "take it out again"),
        ("bound-mcp install json", "print what any other client wants"),
      ]
    case .doctor:
      [
        ("bound-mcp doctor", "what is wrong, and what to do about it"),
        ("bound-mcp doctor --json", "the same for a script"),
      ]
    case .review:
      [
        ("bound-mcp review", "go through what waits, one by one"),
        ("bound-mcp review --json", "all that waits, for a script"),
        ("bound-mcp review show act_00000010s2x74611vqah", "one of them, whole"),
        ("bound-mcp review approve act_00000010s2x74611vqah", "let it happen"),
        ("bound-mcp review reject act_00000010s2x74611vqah --comment Later", "it never happens"),
      ]
    case .history:
      [
        ("bound-mcp history", "the latest changes, with their ids"),
        ("bound-mcp history --of ct_00000010s2x74611vqah", "what became of one contact, by whom"),
        ("bound-mcp history --client claude --since 2h --json", "what one client did, for a script"),
      ]
    case .undo:
      [
        ("bound-mcp undo chg_00000010s2x74611vqah --dry-run", "see what taking a change back would do"),
        ("bound-mcp undo chg_00000010s2x74611vqah", "take it back; 'history' shows the ids"),
        ("bound-mcp undo --client claude --since 2h", "all that one client did, newest first, up to a refusal"),
      ]
    case .completions:
      [
        ("bound-mcp completions bash", "to be sourced; 'make install' puts it where shells look"),
        ("bound-mcp completions fish", "for ~/.config/fish/completions/bound-mcp.fish"),
      ]
    case .man:
      [("bound-mcp man", "for man or groff; 'make install' puts it where man looks")]
    case .manifest:
      [
        ("bound-mcp manifest bundle", "the manifest.json of an .mcpb; 'make bundle' makes one"),
        ("bound-mcp manifest registry bound-mcp.mcpb --url https://example.com/bound-mcp.mcpb", "a server.json"),
      ]
    case .import:
      [
        ("bound-mcp import contacts.csv", "an export of HubSpot, Salesforce, Apollo or LinkedIn"),
        ("bound-mcp import contacts.csv --dry-run", "see what the columns mean and what would be refused"),
        ("bound-mcp import people.csv --map Work=company,Internal=", "say what a column means; leave one out"),
        ("bound-mcp import events.jsonl", "one tracked event per line"),
        ("bound-mcp import team.json --dry-run", "definitions that export has written: see what they would change"),
        ("bound-mcp import Connections.csv --as owlbound-contacts", "people without e-mail addresses"),
      ]
    case .export:
      [
        ("bound-mcp export contacts contacts.csv", "a table for a spreadsheet; import reads it, too"),
        ("bound-mcp export owlbound-contacts people.csv", "also: owlbound-companies"),
        ("bound-mcp export contacts leads.csv --lifecycle-stage lead --since 2026-01-01", "some of them"),
        ("bound-mcp export events events.jsonl --force", "one event per line; a file that is there is replaced"),
        ("bound-mcp export definitions team.json", "segments, profiles, sequences, workflows, agents, ..."),
        ("bound-mcp export events - --since 2026-11-01", "to standard output, as for a pipe into gzip"),
      ]
    case .restore:
      [
        ("bound-mcp restore ~/workspace-copy.db --db ~/again.db", "a copy becomes a workspace of its own"),
        ("bound-mcp restore ~/workspace-copy.db --force", "back to it; the present workspace is kept"),
      ]
    case .backup:
      [
        ("bound-mcp backup ~/workspace-copy.db", "a copy of everything, now"),
        ("bound-mcp backup ~/acme-copy.db --db ~/acme.db", "of another workspace; bound-mcp serve --db takes the copy"),
      ]
    }
  }
}
