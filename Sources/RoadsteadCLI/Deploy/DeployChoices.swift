import ArgumentParser
import RoadsteadBasics

/// How `deploy` and `plan` bring a stack to what it should be.
struct DeployChoices: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "What the stack is called on the Swarm; the Compose file's `name` when that is free there, else an id.",
            valueName: "name"))
    var stackName: String?

    @Option(
        help: ArgumentHelp(
            "Services of this profile are part of the stack; may be repeated. COMPOSE_PROFILES when absent.",
            valueName: "name"))
    var profile: [String] = []

    @Option(
        help: ArgumentHelp(
            "A network, service or volume that may be removed and made anew, where a Swarm cannot change it; a volume with what is in it. May be repeated.",
            valueName: "name"))
    var recreate: [String] = []

    @Option(help: "Ask registries for digests: always, changed (only for other images than those deployed) or never.")
    var resolveImage: StackFileOptions.ImageQuestion?

    /// The profiles that are wanted; empty when nothing says so, which leaves a deployment those that it has.
    func profiles(_ environment: [String: String]) -> [String] {
        profile.isEmpty ? Self.list(environment["COMPOSE_PROFILES"]) : profile
    }

    static func list(_ text: String?) -> [String] {
        (text ?? "").split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }.map(String.init)
            .filter { !$0.isEmpty }
    }

    /// For the body of a start, an update or a plan.
    var body: JSONObject {
        var body = JSONObject()
        if !recreate.isEmpty { body["recreate"] = JSONValue(recreate) }
        body["resolve-image"] = resolveImage.map { .string($0.rawValue) }
        return body
    }
}
