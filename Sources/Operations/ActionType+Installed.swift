internal import Synchronization

/// Types that an installation adds to the built-in ones, each done by a program of its own.
extension ActionType {
  private static let installedTypes = Mutex<[ActionType]>([])

  /// The added types, in their order.
  public static var installed: [ActionType] { installedTypes.withLock { $0 } }

  /// Adds types; of two with one name the first one counts.
  ///
  /// Like the catalogue they belong to the process, not to one of its workspaces: to be called at the start, before
  /// the first call.
  public static func install(_ types: [ActionType]) {
    installedTypes.withLock { installed in
      for type in types where !installed.contains(where: { $0.name == type.name }) { installed.append(type) }
    }
  }
}
