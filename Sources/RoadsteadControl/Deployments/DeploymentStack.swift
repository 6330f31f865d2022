import RoadsteadBasics
import RoadsteadCompose
import RoadsteadStore

/// What a deployment's document asks for, as a stack.
///
/// The stack's name is the deployment's uuid. The variables are the module's with the user's values, and those that
/// Nuvla gives to Compose files (`NUVLA_DEPLOYMENT_ID`, …); the server's own environment is not among them.
struct DeploymentStack {
    let deployment: StoredDocument

    var name: String { deployment.id.identifier }

    private var content: JSONObject { deployment["module"]?["content"]?.objectValue ?? [:] }

    /// - Parameter moment: for `TIMESTAMP` and `DATE_TIME`; the same at every run of one job, so that one that is
    ///   resumed does not deploy something else.
    func desired(at moment: Instant) throws(RoadsteadError) -> DesiredStack {
        let subtype = deployment["module"]?["subtype"]?.stringValue ?? "application"
        guard subtype == "application" else {
            throw RoadsteadError(
                .unsupported, "modules of the kind \(subtype) cannot be deployed on a Swarm; only applications can")
        }
        guard let text = content["docker-compose"]?.stringValue, !text.isEmpty else {
            throw RoadsteadError(
                .invalidState, "\(deployment.id) has no Compose text in module.content; fetch the module again")
        }
        let input = ComposeInput(
            sources: [ComposeSource(path: "docker-compose.yaml", text: text)], environment: environment(at: moment),
            reader: MemoryFileReader(files: files), workingDirectory: "/")
        do { return try ComposeReader.desiredStack(input, stackName: name) } catch {
            throw RoadsteadError(.invalidInput, error.description, context: ["resource-id": "\(deployment.id)"])
        }
    }

    private var files: [String: [UInt8]] {
        let entries = content["files"]?.arrayValue ?? []
        let pairs = entries.compactMap { entry in
            entry["file-name"]?.stringValue.map { ($0, Array((entry["file-content"]?.stringValue ?? "").utf8)) }
        }
        return Dictionary(pairs, uniquingKeysWith: { $1 })
    }

    func environment(at moment: Instant) -> [String: String] {
        var environment = [
            "NUVLA_DEPLOYMENT_UUID": name, "NUVLA_DEPLOYMENT_ID": deployment.id.description,
            "NUVLA_ENDPOINT": deployment["api-endpoint"]?.stringValue ?? "",
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
