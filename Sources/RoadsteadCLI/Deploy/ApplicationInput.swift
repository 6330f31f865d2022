import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// What `deploy` and `plan` take: an application of the server or a Compose file, where it goes, and its values.
struct ApplicationInput: ParsableArguments {
    @Argument(help: "Name, path or id of an application; the Compose file of this folder when absent.")
    var app: String?

    @Option(
        name: [.customShort("f"), .customLong("file")],
        help: ArgumentHelp(
            "A Compose file, or a folder with one; further ones are merged over the first.", valueName: "file"))
    var file: [String] = []

    @Option(
        name: .customLong("with"),
        help: ArgumentHelp("With a file: a further file to take along; may be repeated.", valueName: "file"))
    var extraFiles: [String] = []

    @Flag(
        help: """
            With a file: make the images of services that have `build` by the engine of DOCKER_HOST, and push them to \
            the registries that they name.
            """)
    var build = false

    @Option(
        help: ArgumentHelp(
            "With a file: a registered registry that its images come from; may be repeated.", valueName: "infra"))
    var registry: [String] = []

    @Option(
        help: ArgumentHelp(
            "The registry account to pull with, instead of the application's and your own; may be repeated.",
            valueName: "credential"))
    var registryCredential: [String] = []

    @Option(
        name: [.customLong("on"), .customLong("to")],
        help: ArgumentHelp(
            "The infrastructure service (or one of its credentials); where it runs already, or the only Swarm, when absent.",
            valueName: "infra"))
    var target: String?

    @Option(help: "What to call the deployment; the application's name when absent.")
    var name: String?

    @OptionGroup var choices: DeployChoices
    @OptionGroup var variables: VariableInput

    func validate() throws {
        if app != nil, !file.isEmpty {
            throw ValidationError("Name an application, or give a Compose file by -f: not both.")
        }
        if file.count > 1, file.contains("-") {
            throw ValidationError("Standard input (-) can be the only Compose file, not one of several.")
        }
        guard app == nil || (extraFiles.isEmpty && registry.isEmpty && !build) else {
            throw ValidationError(
                "--with, --registry and --build belong to a Compose file, not to an application of the server.")
        }
    }

    /// The Compose files that are meant; nil when an application of the server is. Throws invalidInput when there is
    /// neither.
    func composeFiles(_ environment: [String: String]) throws(RoadsteadError) -> [String]? {
        guard app == nil else { return nil }
        let files = try ComposeFolder.files(file, environment)
        if !files.isEmpty { return files }
        throw RoadsteadError(
            .invalidInput, "there is no Compose file in this folder: name an application, or give a file by -f FILE")
    }

    /// Reads what there is to read here, before the server is asked. Warnings go to standard error.
    func read(_ console: Console) async throws -> LocalApplication? {
        guard let files = try composeFiles(console.environment) else { return nil }
        let local = try await LocalApplication.read(
            files[0], overrides: Array(files.dropFirst()), extraFiles: extraFiles, variables: variables,
            profiles: choices.profiles(console.environment), builds: build, environment: console.environment)
        local.warnings.forEach { console.error("roadstead: warning: " + $0) }
        return local
    }

    /// `local`: what `read` answered. Puts a new version on the server when a file says something new, unless nothing is
    /// to be kept there (`keeps`), as for a plan.
    func request(
        _ local: LocalApplication?, _ client: APIClient, keeps: Bool = true
    ) async throws -> DeploymentRequest {
        let label = name ?? local.map { ComposeFolder.name(of: $0.file) }
        let target = try await DeployTarget.find(target, deployment: label ?? app ?? "", client)
        let version = try await version(local, target, client, keeps: keeps)
        let name = name ?? version.module.title
        let existing = try await DeploymentWork.find(name, on: target, client)
        var request = try DeploymentRequest(
            name: name, version: version, target: target, values: try values(local, existing, of: version))
        request.existing = existing
        request.registries = try await RegistryChoice.find(credentials: registryCredential, client)
        request.choices = choices.body
        if build { request.choices["builds"] = "made" }
        request.profiles = local?.profiles ?? choices.profiles(Console.standard.environment)
        (request.stackName, request.wishedStackName) = (choices.stackName, local?.stackName)
        return request
    }

    /// A Compose file's values are those of its folder each time; an application's stay what they were.
    private func values(
        _ local: LocalApplication?, _ existing: JSONObject?, of version: ApplicationStore.Version
    ) throws(RoadsteadError) -> [String: String] {
        if let local { return local.values }
        let given = try variables.values(Console.standard.environment)
        let known = DeploymentRequest.variableNames(of: version)
        let kept = existing?["module"]?["content"]?["environmental-variables"]?.arrayValue ?? []
        let pairs = kept.compactMap { entry -> (String, String)? in
            guard let name = entry["name"]?.stringValue, known.contains(name) else { return nil }
            return entry["value"]?.stringValue.map { (name, $0) }
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 }).merging(given) { $1 }
    }

    private func version(
        _ local: LocalApplication?, _ target: DeployTarget, _ client: APIClient, keeps: Bool
    ) async throws(RoadsteadError) -> ApplicationStore.Version {
        let store = ApplicationStore(client: client)
        guard let local else {
            let found = try await ResourceLookup.applications(client).get(app ?? "")
            // What is found by the id of a version has that version's content and variables.
            if let app, app.contains("_"), app.hasPrefix("module/") {
                return ApplicationStore.Version(module: found, reference: app, isNew: false)
            }
            let module = try await client.get(try found.requireID())
            return ApplicationStore.Version(
                module: module, reference: try ApplicationStore.reference(module), isNew: false)
        }
        var content = local.content
        content.registries = try await RegistryChoice.find(registry, client)
        let title = name ?? ComposeFolder.name(of: local.file)
        let path = try await path(title, target, store)
        guard keeps else { return try await store.draft(path: path, name: title, content: content) }
        return try await store.put(
            path: path, name: title, description: nil, content: content, commit: "deployed from \(local.file)")
    }

    /// In the caller's own project; an adopted stack keeps the application that was rebuilt from it.
    private func path(
        _ title: String, _ target: DeployTarget, _ store: ApplicationStore
    ) async throws(RoadsteadError) -> String {
        let existing = try await DeploymentWork.find(title, on: target, store.client)
        if let path = existing?["module"]?["path"]?.stringValue, path.hasPrefix("adopted-") { return path }
        return try await store.path(title, project: nil)
    }
}
