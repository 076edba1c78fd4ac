internal import Platform

// Ends without destructors and without waiting for other threads: what must be durable the command has waited for.
Environment.exit(Program(arguments: Array(CommandLine.arguments.dropFirst())).run())
