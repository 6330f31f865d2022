import RoadsteadBasics
import RoadsteadCompose
import RoadsteadStore

/// What a deployment's document asks for, as a stack.
///
/// The stack's name is the deployment's uuid unless it was given one. The variables are the module's with the user's values, and those that
/// Nuvla gives to Compose files (`NUVLA_DEPLOYMENT_ID`, …); the server's own environment is not among them.
struct DeploymentStack {
    let deployment: StoredDocument
    /// Of the deployment's API key, where it is needed.
    var apiSecret: Redacted<String>?
    var secretFiles: SecretFiles

    init(
        deployment: StoredDocument, apiSecret: Redacted<String>? = nil, secretFiles: SecretFiles = SecretFiles()
    ) {
        self.deployment = deployment
        self.apiSecret = apiSecret
        self.secretFiles = secretFiles
    }

    var name: String { Self.name(deployment.body) ?? deployment.id.identifier }

    /// nil for a document of an older server.
    static func name(_ deployment: JSONObject) -> String? { deployment["stack-name"]?.stringValue }

    private var content: JSONObject { deployment["module"]?["content"]?.objectValue ?? [:] }

    /// - Parameter moment: for `TIMESTAMP` and `DATE_TIME`; the same at every run of one job, so that one that is
    ///   resumed does not deploy something else.
    /// - Parameter builds: whether the caller makes the images of services that have `build`.
    func desired(at moment: Instant, builds: Bool = false) throws(RoadsteadError) -> DesiredStack {
        let subtype = deployment["module"]?["subtype"]?.stringValue ?? "application"
        guard subtype == "application" else {
            throw RoadsteadError(
                .unsupported, "modules of the kind \(subtype) cannot be deployed on a Swarm; only applications can")
        }
        guard let text = content["docker-compose"]?.stringValue, !text.isEmpty else {
            throw RoadsteadError(
                .invalidState, "\(deployment.id) has no Compose text in module.content; fetch the module again")
        }
        var input = ComposeInput(
            sources: [ComposeSource(path: "docker-compose.yaml", text: text)], environment: environment(at: moment),
            reader: MemoryFileReader(files: ApplicationFileSet.bytes(of: content, secrets: secretFiles)),
            workingDirectory: "/",
            profiles: deployment["profiles"]?.arrayValue?.compactMap(\.stringValue) ?? [], builds: builds)
        input.hasFolder = false
        do { return try ComposeReader.desiredStack(input, stackName: name) } catch {
            throw RoadsteadError(.invalidInput, error.description, context: ["resource-id": "\(deployment.id)"])
        }
    }

    func environment(at moment: Instant) -> [String: String] {
        var environment = [
            "NUVLA_DEPLOYMENT_UUID": deployment.id.identifier, "NUVLA_DEPLOYMENT_ID": deployment.id.description,
            "NUVLA_ENDPOINT": deployment["api-endpoint"]?.stringValue ?? "",
            "NUVLA_API_KEY": deployment["api-credentials"]?["api-key"]?.stringValue ?? "",
            "NUVLA_API_SECRET": apiSecret?.exposed ?? "",
            "TIMESTAMP": String(moment.millisecondsSinceEpoch / 1000), "DATE_TIME": Self.compact(moment),
        ]
        for entry in content["environmental-variables"]?.arrayValue ?? [] {
            guard let name = entry["name"]?.stringValue, let value = entry["value"]?.stringValue else { continue }
            environment[name] = value
        }
        return environment
    }

    /// `yymmddHHMMSS` in UTC.
    private static func compact(_ moment: Instant) -> String {
        String(moment.description.prefix(19).filter(\.isNumber).dropFirst(2))
    }
}
