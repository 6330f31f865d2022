import ArgumentParser
import RoadsteadCLI

/// The executable's root without the server.
struct TestRoot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "roadstead", subcommands: RoadsteadCommands.all)
}
