import ArgumentParser
import RoadsteadBasics
import RoadsteadClient

/// Which deployment a command is about: the one that is named, or that of the Compose file in this folder.
struct DeploymentChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Name or id of the deployment; that of this folder's Compose file when absent.", valueName: "name"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The Compose file, or its folder, whose deployment is meant; as given to `deploy`.", valueName: "file"))
    var file: [String] = []

    @Option(
        name: .customLong("on"),
        help: ArgumentHelp(
            "The infrastructure service, when several have a deployment of that name.", valueName: "infra"))
    var target: String?

    func validate() throws {
        if name != nil, !file.isEmpty { throw ValidationError("Give --name or --file, not both.") }
    }

    /// The deployment's document. `positional`: a name that the command takes as an argument. Throws notFound that says
    /// how one is made, conflict when several have the name.
    func find(_ positional: String? = nil, _ client: APIClient) async throws(RoadsteadError) -> JSONObject {
        let named = positional ?? name
        let text: String
        if let named { text = named } else { text = try folderName() }
        var lookup = ResourceLookup.deployments(client)
        if let target {
            let service = try await ResourceLookup.infrastructure(client).id(target)
            lookup.condition = "infrastructure-service='\(service)'"
        }
        if let found = try await lookup.find(text) { return found }
        throw RoadsteadError(
            .notFound,
            named == nil
                ? "there is no deployment '\(text)', as this folder is called: deploy it by `roadstead deploy`, or say "
                    + "which one is meant by --name"
                : "there is no deployment '\(text)'; see `roadstead deployment ls`")
    }

    private func folderName() throws(RoadsteadError) -> String {
        guard let file = try ComposeFolder.files(file, Console.standard.environment).first else {
            throw RoadsteadError(
                .invalidInput, "there is no Compose file in this folder: say which deployment is meant by --name")
        }
        return ComposeFolder.name(of: file)
    }
}

/// The same for commands that take the name as their only argument.
struct NamedDeployment: ParsableArguments {
    @Argument(help: "Name or id of the deployment; that of this folder's Compose file when absent.")
    var deployment: String?

    @OptionGroup var choice: DeploymentChoice

    func validate() throws {
        if deployment != nil, choice.name != nil || !choice.file.isEmpty {
            throw ValidationError("Name the deployment once.")
        }
    }

    func find(_ client: APIClient) async throws(RoadsteadError) -> JSONObject {
        try await choice.find(deployment, client)
    }
}
