import ArgumentParser
import DockerClient
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// `roadstead stack deploy -c FILE STACK`
struct StackDeploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy a stack from Compose files, and wait for the verdict.",
        discussion: """
            Variables come from the environment, then from --env-file, or from `.env` beside the first Compose file; \
            `--env-file /dev/null` means from the environment only.
            """,
        aliases: ["up"])

    @Option(
        name: [.customShort("c"), .customLong("compose-file")],
        help: ArgumentHelp("A Compose file; - is standard input; may be repeated.", valueName: "file"))
    var composeFile: [String]

    @Argument(help: "The stack's name.")
    var stack: String

    @Option(help: ArgumentHelp("File of NAME=VALUE lines; may be repeated, later ones win.", valueName: "file"))
    var envFile: [String] = []

    @Flag(help: "Remove services that the files no longer have.")
    var prune = false

    @Flag(name: .shortAndLong, help: "Do not wait for the verdict.")
    var detach = false

    @Option(help: "Ask registries for digests: always, changed (only for other images than those deployed) or never.")
    var resolveImage = ImageQuestion.always

    @Flag(help: "Give the nodes the logins of docker's config.json.")
    var withRegistryAuth = false

    @Flag(help: "Show what would change, and change nothing.")
    var plan = false

    @Option(help: ArgumentHelp("How long to wait for the verdict, such as 90s or 10m.", valueName: "time"))
    var timeout = TimeSpan(seconds: 600)

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @OptionGroup var engine: EngineOptionGroup

    enum ImageQuestion: String, ExpressibleByArgument, CaseIterable {
        case always, changed, never
    }

    func validate() throws {
        guard !composeFile.isEmpty else { throw ValidationError("Give a Compose file by -c FILE.") }
    }

    func run() async throws {
        let console = Console.standard
        let desired = try await desired(console)
        let options = StackOptions(
            prune: prune ? .services : .none, resolveImage: ResolveImage(rawValue: resolveImage.rawValue) ?? .always,
            registryAuths: try await logins(desired, console), timeout: timeout.duration)
        try await engine.withEngine { _, engine in
            let prepared = try await engine.plan(desired, options: options)
            for warning in desired.warnings + prepared.plan.warnings { console.error("roadstead: warning: " + warning) }
            guard !plan else {
                return console.write(PlanText.lines(prepared.plan.json().objectValue ?? JSONObject(), console.style))
            }
            try await deploy(prepared, engine, console)
        }
    }

    private func desired(_ console: Console) async throws -> DesiredStack {
        let loader = ComposeInputLoader(files: composeFile, envFiles: envFile, environment: console.environment)
        let (input, name) = (try await loader.load(), stack)
        do {
            return try await BlockingWork.run { try ComposeReader.desiredStack(input, stackName: name) }
        } catch let problems as ComposeProblems { throw RoadsteadError(.invalidInput, problems.description) }
    }

    private func logins(_ desired: DesiredStack, _ console: Console) async throws -> [String: RegistryAuth] {
        guard withRegistryAuth else { return [:] }
        return try await RegistryLogins.load(for: desired, environment: console.environment)
    }

    private func deploy(_ prepared: PreparedStack, _ engine: StackEngine, _ console: Console) async throws {
        let log = ObjectLog(console: console, isQuiet: quiet)
        let applied = try await engine.apply(prepared) { await log.show($0) }
        for warning in applied.warnings where !prepared.plan.warnings.contains(warning) {
            console.error("roadstead: warning: " + warning)
        }
        guard !detach else { return }
        try await StackWatch(console: console, isQuiet: quiet, hasLogins: withRegistryAuth).verdict(
            of: applied, engine, timeout: timeout.duration)
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
