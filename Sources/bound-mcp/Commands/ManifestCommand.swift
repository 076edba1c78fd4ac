internal import JSON
internal import Operations
internal import Platform
internal import Settings
internal import ToolServer

/// `manifest`: what tells others about a package of the program.
struct ManifestCommand {
  private enum Kind: String, CaseIterable { case bundle, registry }

  /// Larger ones no client loads.
  private static let largestBundle = 512 << 20

  let invocation: Invocation

  /// Prints the manifest.
  func run() throws(UsageError) -> Int32 {
    guard let kind = Kind(rawValue: invocation.operands[0]) else {
      throw .unknown("manifest", invocation.operands[0], known: Kind.allCases.map(\.rawValue))
    }
    let manifest: JSONValue
    switch kind {
    case .bundle:
      let tools = Catalogue.all.filter(\.isCore)
      manifest = BundleManifest.json(version: Version.current, tools: tools)
    case .registry: manifest = try registryEntry()
    }
    Console.output.write(IndentedJSON.text(manifest.serialized()) + "\n")
    return Program.Status.success
  }

  private func registryEntry() throws(UsageError) -> JSONValue {
    guard invocation.operands.count == 2, let url = invocation.options[.url] else {
      throw UsageError("manifest registry needs the bundle and where it will be: FILE.mcpb --url https://…")
    }
    guard url.hasPrefix("https://") else { throw UsageError("--url must begin with https://") }
    let path = invocation.operands[1]
    do {
      let digest = SHA256.digest(try Files.read(path, limit: Self.largestBundle))
      return RegistryEntry.json(version: Version.current, url: url, sha256: digest)
    } catch {
      throw UsageError("\(path) can't be read: \(error)")
    }
  }
}
