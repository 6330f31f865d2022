import ArgumentParser
import DockerClient
import RoadsteadBasics
import RoadsteadCompose
import RoadsteadControl

/// What `stack deploy` and `stack plan` take: Compose files, and how they are put on the Swarm.
struct StackFileOptions: ParsableArguments, Sendable {
    @Option(
        name: [.customShort("c"), .customLong("compose-file")],
        help: ArgumentHelp(
            "A Compose file; - is standard input; may be repeated. That of this folder when absent.", valueName: "file")
    )
    var composeFile: [String] = []

    @Option(help: ArgumentHelp("File of NAME=VALUE lines; may be repeated, later ones win.", valueName: "file"))
    var envFile: [String] = []

    @Option(
        help: ArgumentHelp(
            "Services of this profile are part of the stack; may be repeated, * is all.", valueName: "name"))
    var profile: [String] = []

    @Flag(help: "Make the images of services that have `build`, and push them to the registries that they name.")
    var build = false

    @Flag(help: "Remove services that the files no longer have.")
    var prune = false

    @Option(help: "Ask registries for digests: always, changed (only for other images than those deployed) or never.")
    var resolveImage = ImageQuestion.always

    @Flag(help: "Fail when a login of docker's config.json cannot be read; the logins are used in any case.")
    var withRegistryAuth = false

    @Option(
        help: ArgumentHelp(
            "A network, service or volume that may be removed and made anew, where a Swarm cannot change it; a volume with what is in it. May be repeated.",
            valueName: "name"))
    var recreate: [String] = []

    enum ImageQuestion: String, ExpressibleByArgument, CaseIterable {
        case always, changed, never
    }

    /// Without a name the stack is called as the files say, or as their folder is.
    func desired(_ stack: String?, _ console: Console) async throws -> DesiredStack {
        let files = composeFile.isEmpty ? try ComposeFolder.files([], console.environment) : composeFile
        guard let first = files.first else {
            throw RoadsteadError(.invalidInput, "there is no Compose file in this folder: give one by -c FILE")
        }
        let loader = ComposeInputLoader(
            files: files, envFiles: envFile, environment: console.environment, profiles: profile, builds: build)
        let input = try await loader.load()
        do {
            return try await BlockingWork.run {
                let name = try stack ?? ComposeReader.stackName(input) ?? ComposeFolder.name(of: first)
                return try ComposeReader.desiredStack(input, stackName: name)
            }
        } catch let problems as ComposeProblems { throw RoadsteadError(.invalidInput, problems.description) }
    }

    func options(
        for desired: DesiredStack, timeout: Duration, _ console: Console
    ) async throws -> StackOptions {
        var options = StackOptions(
            prune: prune ? .services : .none, resolveImage: ResolveImage(rawValue: resolveImage.rawValue) ?? .always,
            registryAuths: try await logins(desired, console), timeout: timeout, recreate: Set(recreate))
        options.asksForBuilt = !build
        return options
    }

    private func logins(_ desired: DesiredStack, _ console: Console) async throws -> [String: RegistryAuth] {
        guard withRegistryAuth else { return await RegistryLogins.readable(for: desired, console) }
        return try await RegistryLogins.load(for: desired, environment: console.environment)
    }
}

/// The stack that a command is about when none is named: that of the Compose file in this folder.
enum FolderStack {
    static func name(_ named: String?, _ console: Console = .standard) async throws -> String {
        if let named { return named }
        let files = try ComposeFolder.files([], console.environment)
        guard let first = files.first else {
            throw RoadsteadError(.invalidInput, "there is no Compose file in this folder: name the stack")
        }
        let input = try await ComposeInputLoader(files: files, envFiles: [], environment: console.environment).load()
        do { return try ComposeReader.stackName(input) ?? ComposeFolder.name(of: first) } catch {
            throw RoadsteadError(.invalidInput, error.description)
        }
    }
}

/// A plan that refuses has touched nothing, whatever did not answer: the status says so.
enum StackRefusal {
    static func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as RoadsteadError
            where error.context["image"] != nil || error.code == .unavailable
        {
            Console.standard.error(ErrorText.lines(error))
            throw ExitCode(CommandStatus.refused.rawValue)
        }
    }
}
