// swift-tools-version: 6.1
import PackageDescription

// Targets are listed from the ground up: a target imports only what stands above it.
// Sources/README.md explains each in a line; `swift build --explicit-target-dependency-import-check error` holds
// the borders.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Hot paths cross module borders (JSON, SQLite rows): without this, generic and small functions are not specialised
  // or inlined there.
  .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

// Neither the program nor anything it needs may pull in the engine of regular expressions: it would be a tenth of the
// program's code. What the standard library searches by it, `Platform` searches by bytes.
let sourceSettings =
  settings + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

// One file without dynamic libraries starts in under 1 ms; loading the Swift runtime and the C library dynamically
// costs 2 ms more. lld does not print the linker's notes on functions that need shared libraries, none of which we call.
let staticExecutable = ["-static-executable", "-use-ld=lld"]

func module(_ name: String, _ dependencies: [String] = []) -> Target {
  .target(name: name, dependencies: dependencies.map { .init(stringLiteral: $0) }, swiftSettings: sourceSettings)
}

func tests(_ name: String, _ dependencies: [String], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: (dependencies + ["TestSupport"]).map { .init(stringLiteral: $0) },
    exclude: exclude, swiftSettings: settings)
}

let package = Package(
  name: "bound-mcp",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "bound-mcp", targets: ["bound-mcp"]),
    .executable(name: "bound-mcp-http", targets: ["bound-mcp-http"]),
  ],
  targets: [
    // Ground: no word of our domain.
    .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
    .systemLibrary(name: "CPlatform"),
    module("Platform", ["CPlatform"]),
    module("Logging", ["Platform"]),
    module("JSON", ["Platform"]),
    module("JSONSchema", ["JSON", "Platform"]),
    module("JSONRPC", ["JSON", "Logging", "Platform"]),
    module("MCP", ["JSONRPC", "JSON", "Logging", "Platform"]),
    module("Templates", ["Platform"]),
    module("HTTP", ["JSON", "Platform"]),
    // The system's libcurl, TLS and name services are shared libraries, which a static executable can't load.
    .executableTarget(
      name: "bound-mcp-http", dependencies: ["HTTP", "JSON", "Platform", "CCurl"],
      swiftSettings: sourceSettings + [.unsafeFlags(["-static-stdlib"], .when(platforms: [.linux]))],
      linkerSettings: [.unsafeFlags(["-static-stdlib"], .when(platforms: [.linux]))]),

    // Contract: what exists, and whether a call may happen.
    module("Operations", ["JSON", "JSONSchema"]),
    module("Service", ["Operations", "JSONSchema", "JSON", "Logging", "Platform"]),

    // Doers.
    module("Scoring", ["JSON"]),
    module("Briefs", ["JSON", "Platform"]),
    module(
      "LocalStore",
      [
        "Service", "Operations", "Scoring", "Briefs", "Templates", "JSON", "JSONSchema", "Logging", "Platform",
        "CSQLite",
      ]),
    module(
      "Outreach", ["Service", "Operations", "HTTP", "MCP", "JSONRPC", "JSON", "JSONSchema", "Logging", "Platform"]),
    module("Enrichment", ["Service", "HTTP", "JSON"]),
    module("Exchange", ["Service", "JSON", "JSONSchema", "Platform"]),
    module("Agents", ["Service", "Operations", "HTTP", "Templates", "JSON", "JSONSchema", "Logging", "Platform"]),
    module("RemoteAPI", ["Service", "Operations", "Briefs", "HTTP", "JSON", "JSONSchema", "Logging", "Platform"]),

    // Top.
    module("Clients", ["JSON"]),
    module("Review", ["JSON", "Platform"]),
    module("Settings", ["Clients", "Service", "Operations", "JSON", "JSONSchema", "Logging", "Platform"]),
    module("ToolServer", ["MCP", "Service", "Operations", "JSON", "JSONSchema", "Logging", "Platform"]),
    .executableTarget(
      name: "bound-mcp",
      dependencies: [
        "ToolServer", "Settings", "Clients", "Review", "LocalStore", "RemoteAPI", "Outreach", "Enrichment", "Exchange",
        "Agents", "Service", "Operations", "HTTP", "MCP", "JSONRPC", "JSON", "JSONSchema", "Logging", "Platform",
      ],
      swiftSettings: sourceSettings + [.unsafeFlags(staticExecutable, .when(platforms: [.linux]))],
      linkerSettings: [.unsafeFlags(staticExecutable, .when(platforms: [.linux]))]),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["JSON", "Platform"], path: "Tests/TestSupport", swiftSettings: settings),
    .target(
      name: "StoreSupport",
      dependencies: [
        "TestSupport", "LocalStore", "RemoteAPI", "HTTP", "Service", "Operations", "JSONSchema", "JSON", "Logging",
        "Platform",
      ],
      path: "Tests/StoreSupport", swiftSettings: settings),
    tests("Platform", ["Platform"]),
    tests("Logging", ["Logging"]),
    tests("JSON", ["JSON"]),
    tests("JSONRPC", ["JSONRPC", "JSON", "Platform"]),
    tests("HTTP", ["HTTP", "JSON", "Platform"], exclude: ["Fixtures"]),
    .executableTarget(
      name: "FixtureServer", dependencies: ["MCP", "JSONRPC", "JSON", "Logging", "Platform"],
      path: "Tests/FixtureServer", swiftSettings: settings),
    tests("MCP", ["MCP", "FixtureServer", "JSONRPC", "JSON", "Logging", "Platform"], exclude: ["Fixtures"]),
    tests("JSONSchema", ["JSONSchema", "JSON", "Platform"]),
    tests("Operations", ["Operations", "JSONSchema", "JSON", "Service"]),
    tests("Clients", ["Clients", "JSON", "Platform"]),
    tests("Review", ["Review", "JSON"]),
    tests("Settings", ["Settings", "Service", "Operations", "JSON", "JSONSchema", "Logging", "Platform"]),
    tests("Service", ["Service", "Operations", "JSON", "JSONSchema", "Logging", "Platform"]),
    tests("Scoring", ["Scoring", "JSON"]),
    tests(
      "LocalStore",
      ["StoreSupport", "LocalStore", "Service", "Operations", "Scoring", "JSON", "JSONSchema", "Logging", "Platform"]),
    tests(
      "RemoteAPI",
      ["RemoteAPI", "StoreSupport", "HTTP", "Service", "Operations", "JSONSchema", "JSON", "Logging", "Platform"]),
    tests("BackendContract", ["StoreSupport", "Service", "JSON"]),
    tests("ToolServer", ["ToolServer", "MCP", "Service", "Operations", "JSON", "JSONSchema", "Platform"]),
    tests("Outreach", ["Outreach", "HTTP", "Service", "Operations", "JSONSchema", "JSON", "Platform"]),
    tests(
      "Agents",
      [
        "StoreSupport", "Agents", "LocalStore", "Outreach", "HTTP", "Service", "Operations", "JSON", "Logging",
        "Platform",
      ]),
    tests("Enrichment", ["Enrichment", "Service", "HTTP", "JSON"]),
    tests("Exchange", ["Exchange", "Service", "JSON", "Platform"]),
    tests("EndToEnd", ["StoreSupport", "LocalStore", "ToolServer", "Service", "Operations", "JSON", "Platform"]),
  ])
