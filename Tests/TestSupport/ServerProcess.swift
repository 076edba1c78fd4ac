import Foundation
import Platform

/// A server that runs as a process of its own, and a client's end of it.
public final class ServerProcess: Sendable {
  /// What is said between the two.
  public let conversation: LineConversation
  private let child: ChildProcess
  private let status = Monitor<Int32?>(nil)

  /// Starts one of the package's programs, which stand beside the tests.
  public init(product: String, arguments: [String] = []) throws {
    signal(SIGPIPE, SIG_IGN)
    child = try ChildProcess.start(Self.path(ofProduct: product), arguments: arguments)
    conversation = LineConversation(writing: child.input, reading: child.output)
    let (child, status) = (child, status)
    Platform.Thread.start("waiter") {
      let code = child.waitForExit()
      status.withLock { $0 = code }
      status.notify()
    }
  }

  /// Sends a signal such as SIGINT.
  public func send(signal: Int32) { kill(child.id, signal) }

  /// The exit status, or 128 + the signal that ended it; nil when it has not ended in time.
  public func waitForExit(within milliseconds: UInt64 = 10_000) -> Int32? {
    status.wait(until: .after(milliseconds: milliseconds)) { $0 }
  }

  /// The path of one of the package's programs.
  public static func path(ofProduct product: String) -> String { directory + "/" + product }

  /// Where the built programs are: beside the test bundle.
  private static let directory: String = {
    let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundlePath
    return ((bundle ?? ProcessInfo.processInfo.arguments[0]) as NSString).deletingLastPathComponent
  }()
}
