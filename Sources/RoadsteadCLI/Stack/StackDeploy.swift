import ArgumentParser
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// `roadstead stack deploy -c FILE STACK`
struct StackDeploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy a stack from Compose files, and wait for the verdict.",
        discussion: """
            Variables come from the environment, then from --env-file, or from `.env` beside the first Compose file; \
            `--env-file /dev/null` means from the environment only. Images that no node could pull are refused before \
            anything is touched.
            """,
        aliases: ["up"])

    @OptionGroup var files: StackFileOptions

    @Argument(help: "The stack's name; the file's `name`, or else its folder's, when absent.")
    var stack: String?

    @Flag(name: .shortAndLong, help: "Do not wait for the verdict.")
    var detach = false

    @Flag(help: "Show what would change, and change nothing.")
    var plan = false

    @Option(help: ArgumentHelp("How long to wait for the verdict, such as 90s or 10m.", valueName: "time"))
    var timeout = TimeSpan(seconds: 600)

    @Option(
        help: ArgumentHelp(
            "How long tasks without a health check must stay up, where the file names no monitor time.",
            valueName: "time"))
    var stableFor = TimeSpan(seconds: 5)

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @OptionGroup var engine: EngineOptionGroup

    func run() async throws {
        let console = Console.standard
        let desired = try await files.desired(stack, console)
        let options = try await files.options(for: desired, timeout: timeout.duration, console)
        try await engine.withEngine { client, engine in
            var prepared = try await StackRefusal.run { try await engine.plan(desired, options: options) }
            guard !plan else {
                console.write(StackBuild.lines(desired))
                return console.write(PlanText.lines(prepared.plan.json().objectValue ?? JSONObject(), console.style))
            }
            if files.build {
                // What can be refused was refused before this costs minutes; only then is there a digest to ask for.
                try await StackBuild(console: console, isQuiet: quiet).run(
                    desired, client, logins: options.registryAuths)
                var built = options
                built.asksForBuilt = true
                prepared = try await StackRefusal.run { [built] in try await engine.plan(desired, options: built) }
            }
            for warning in prepared.plan.warnings { console.error("roadstead: warning: " + warning) }
            try await deploy(prepared, engine, console)
        }
    }

    private func deploy(_ prepared: PreparedStack, _ engine: StackEngine, _ console: Console) async throws {
        let log = ObjectLog(console: console, isQuiet: quiet)
        let start = ContinuousClock.now
        let applied = try await engine.apply(prepared) { await log.show($0) }
        for warning in applied.warnings where !prepared.plan.warnings.contains(warning) {
            console.error("roadstead: warning: " + warning)
        }
        guard !detach || !applied.failures.isEmpty else { return await prune(prepared, engine, log) }
        try await StackWatch(console: console, isQuiet: quiet, hasLogins: !prepared.options.registryAuths.isEmpty)
            .verdict(
                of: applied, engine, timeout: max(timeout.duration - (.now - start), .seconds(1)),
                rules: VerdictRules(stability: stableFor.duration))
        await prune(prepared, engine, log)
    }

    /// Earlier contents of configs and secrets; what cannot be removed now goes with a later deployment.
    private func prune(_ prepared: PreparedStack, _ engine: StackEngine, _ log: ObjectLog) async {
        let warnings = try? await engine.prune(prepared) { await log.show($0) }
        for warning in warnings ?? [] { log.console.error("roadstead: warning: " + warning) }
    }
}

/// A line for each object that is made, changed or removed.
struct ObjectLog: Sendable {
    let console: Console
    let isQuiet: Bool

    func show(_ progress: StackProgress) async {
        guard !isQuiet else { return }
        switch progress {
        case .applied(_, _, let action) where ["unchanged", "check"].contains(action): break
        case .applied, .removing, .note: console.write(TerminalText.safe(progress.message, keepingLines: false))
        case .watching: break
        }
    }
}
