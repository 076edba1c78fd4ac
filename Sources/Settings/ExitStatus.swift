/// What the program's exit status says; these numbers never change their meaning.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// It did what was asked; also the end of a server whose client is gone.
  case success = 0
  /// It understood what was asked, and that failed or was refused.
  case failure = 1
  /// The command line or the configuration can't be followed; nothing was done.
  case usage = 2

  /// What it says, in a line.
  public var meaning: String {
    switch self {
    case .success: "done; also the end of a server whose client is gone"
    case .failure: "understood, but it failed or was refused; standard error says why"
    case .usage: "the command line or the configuration can't be followed; nothing was done"
    }
  }
}
