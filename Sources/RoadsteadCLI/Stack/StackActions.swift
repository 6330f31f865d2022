import ArgumentParser
import RoadsteadBasics
import RoadsteadControl

/// What commands that change services of a stack have in common: the engine, and the wait for the verdict.
struct StackActionOptions: ParsableArguments, Sendable {
    @Flag(name: .shortAndLong, help: "Do not wait for the verdict.")
    var detach = false

    @Option(help: ArgumentHelp("How long to wait for the verdict, such as 90s or 10m.", valueName: "time"))
    var timeout = TimeSpan(seconds: 600)

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @OptionGroup var engine: EngineOptionGroup

    func run(_ change: @Sendable (StackEngine) async throws -> AppliedStack) async throws {
        let console = Console.standard
        try await engine.withEngine { _, engine in
            let applied = try await change(engine)
            for warning in applied.warnings { console.error("roadstead: warning: " + warning) }
            guard !detach else { return }
            try await StackWatch(console: console, isQuiet: quiet).verdict(
                of: applied, engine, timeout: timeout.duration)
        }
    }
}

/// `roadstead stack scale STACK SERVICE=N…`
struct StackScale: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale", abstract: "Give services of a stack other numbers of tasks.")

    @Argument(help: "The stack's name.")
    var stack: String

    @Argument(help: ArgumentHelp("A service and its number of tasks.", valueName: "service=n"))
    var services: [String]

    @OptionGroup var options: StackActionOptions

    func run() async throws {
        let replicas = try Self.replicas(services)
        try await options.run { [stack] in try await $0.scale(stack: stack, replicas) }
    }

    static func replicas(_ arguments: [String]) throws -> [String: UInt64] {
        var replicas: [String: UInt64] = [:]
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = UInt64(parts[1]), replicas[parts[0]] == nil else {
                throw RoadsteadError(
                    .invalidInput, "'\(argument)' is not SERVICE=NUMBER with each service once, such as web=3")
            }
            replicas[parts[0]] = number
        }
        return replicas
    }
}

/// `roadstead stack restart STACK [SERVICE…]`
struct StackRestart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart", abstract: "Replace the tasks of services of a stack, as their update rules say.")

    @Argument(help: "The stack's name.")
    var stack: String

    @Argument(help: "Services; all when absent.")
    var services: [String] = []

    @OptionGroup var options: StackActionOptions

    func run() async throws {
        try await options.run { [stack, services] in try await $0.restart(stack: stack, services: services) }
    }
}

/// `roadstead stack rollback STACK SERVICE…`
struct StackRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Bring services of a stack back to what they were before their last update.",
        discussion: """
            An engine remembers one earlier state of each service, and nothing else: services that were made or removed \
            since, networks, and configs or secrets that are gone do not come back. A server keeps revisions of whole \
            stacks: see `roadstead rollback`.
            """)

    @Argument(help: "The stack's name.")
    var stack: String

    @Argument(help: "Services.")
    var services: [String] = []

    @Flag(help: "All services that were ever updated, each by one step.")
    var all = false

    @OptionGroup var options: StackActionOptions

    func validate() throws {
        guard all != !services.isEmpty else { throw ValidationError("Name services, or give --all.") }
    }

    func run() async throws {
        try await options.run { [stack, services] in try await $0.rollBack(stack: stack, services: services) }
    }
}
