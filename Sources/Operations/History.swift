import JSONSchema

/// What was changed through this program, and taking it back; local only, and for who may see everything.
public enum History {
  /// All operations of this group.
  static let all = [listChanges, undoChange]

  /// The changes, newest first.
  public static let listChanges = Operation(
    name: "pathbound_list_changes", platform: .pathbound, toolset: .history, title: "List changes",
    description:
      "Lists what was changed here on either platform, newest first: by whom, before → after, undoable or why not.",
    scope: nil, isForOwner: true, route: nil, access: .read, hints: .readOnly,
    input: [
      .filter("record", "Its id"), .filter("tool"), .filter("client"), .time("since"), .time("until").unlisted,
      .optional("undoable", .boolean()), .cursor, .limit(20),
    ],
    output: .cursorPage("changes"))

  /// Takes one back.
  ///
  /// It may let actions happen that had been stopped, so that the approval policy has a say.
  public static let undoChange = Operation(
    name: "pathbound_undo_change", platform: .pathbound, toolset: .history, title: "Undo change",
    description: """
      Undoes one change whole, if nothing was written over it since; what was sent stays sent. An undo is a change: \
      undo it to redo.
      """,
    scope: nil, isForOwner: true, route: nil, access: .write, hints: .destructive, decides: true, showsDryRun: true,
    input: [.id("change_id", "chg_…")],
    output: .payload(.required("undone", .string()), .required("undo_id", .string())))
}
