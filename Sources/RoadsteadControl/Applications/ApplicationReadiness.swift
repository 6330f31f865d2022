import RoadsteadBasics
import RoadsteadModel

/// What must be true of a deployment's copy of an application before anything is done for it.
enum ApplicationReadiness {
    /// Throws `unsupported` for a kind of application that this server cannot deploy, and `invalidInput` that names the
    /// required variables without a value.
    static func check(_ deployment: JSONObject) throws(RoadsteadError) {
        let id = deployment["id"]?.stringValue ?? "the deployment"
        let subtype = deployment["module"]?["subtype"]?.stringValue ?? ModuleSubtype.application.rawValue
        guard subtype == ModuleSubtype.application.rawValue else {
            throw RoadsteadError(
                .unsupported,
                "\(id) is of an application of the kind \(subtype), which cannot be deployed on a Swarm; only those of "
                    + "the kind application can",
                context: ["resource-id": id])
        }
        let missing = missingVariables(deployment["module"]?["content"]?.objectValue ?? [:])
        guard missing.isEmpty else {
            throw RoadsteadError(
                .invalidInput,
                "\(id) needs a value for \(missing.joined(separator: ", ")): put it into the variable of that name in "
                    + "module.content.environmental-variables",
                context: ["resource-id": id])
        }
    }

    /// Names of the required variables of a version's content that have no value.
    static func missingVariables(_ content: JSONObject) -> [String] {
        let variables = content["environmental-variables"]?.arrayValue ?? []
        return variables.filter { $0["required"] == true && ($0["value"]?.stringValue ?? "").isEmpty }
            .compactMap { $0["name"]?.stringValue }
    }
}
