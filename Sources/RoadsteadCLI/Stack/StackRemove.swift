import ArgumentParser
import RoadsteadBasics
import RoadsteadControl

/// `roadstead stack rm STACK…`
struct StackRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm", abstract: "Remove stacks, and wait until their tasks and networks are gone.",
        discussion: "Volumes stay, unless --volumes is given.",
        aliases: ["remove", "down"])

    @Argument(help: "Names of stacks.")
    var stacks: [String]

    @Option(help: ArgumentHelp("How long to wait for each, such as 90s or 10m.", valueName: "time"))
    var timeout = TimeSpan(seconds: 120)

    @Flag(help: "Remove the stack's volumes on the engine's own node, too, with all that is in them.")
    var volumes = false

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @OptionGroup var engine: EngineOptionGroup

    func run() async throws {
        let log = ObjectLog(console: Console.standard, isQuiet: quiet)
        try await engine.withEngine { _, engine in
            for stack in stacks {
                let count = try await engine.remove(stack: stack, timeout: timeout.duration) { await log.show($0) }
                guard !volumes else {
                    let removed = try await engine.removeVolumes(stack: stack) { await log.show($0) }
                    Console.standard.error(
                        "roadstead: note: \(counted(removed.count, "volume")) of \(stack) removed on this node; those on "
                            + "other nodes can be removed there only (docker volume rm)")
                    continue
                }
                guard count > 0 else { throw RoadsteadError(.notFound, "there is no stack '\(stack)' on this Swarm") }
            }
        }
    }
}
