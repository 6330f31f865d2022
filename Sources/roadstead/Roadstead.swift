import ArgumentParser
import RoadsteadCLI

/// The one executable: every command of the command line, and the server.
@main struct Roadstead: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roadstead", abstract: "Container clusters, and applications on them.",
        subcommands: [Serve.self, BackupCommand.self] + RoadsteadCommands.all)

    static func main() async { await CommandRunner.main(Roadstead.self) }
}
