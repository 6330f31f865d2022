import RoadsteadBasics
import RoadsteadCompose

/// How a start, an update or a plan is to be done, as its request says beside the deployment's own document.
public struct DeploymentChoices: Sendable {
    /// Names, in the file or on the Swarm, of networks, services and volumes that may be removed and made anew.
    public var recreate: [String]
    public var resolveImage: ResolveImage
    /// For everything that is waited for, the verdict included.
    public var timeout: Duration
    /// The plan that was approved; nothing else may be applied.
    public var plan: String?
    /// What the caller does about services with `build`; nil when their images are taken as they are.
    public var builds: Builds?

    public enum Builds: String, Sendable {
        /// Their images will be pushed: registries are not asked for them yet.
        case planned
        /// Their images have been pushed.
        case made
    }

    /// The attributes of a request, and of a job's payload, that say it.
    static let attributes: Set<String> = ["timeout", "recreate", "resolve-image", "plan-id", "builds"]

    public init(_ body: JSONObject = [:]) {
        recreate = body["recreate"]?.arrayValue?.compactMap(\.stringValue) ?? []
        resolveImage = body["resolve-image"]?.stringValue.flatMap(ResolveImage.init(rawValue:)) ?? .always
        timeout = .seconds(body["timeout"]?.integerValue.map { min(max($0, 1), 86_400) } ?? 600)
        plan = body["plan-id"]?.stringValue
        builds = body["builds"]?.stringValue.flatMap(Builds.init(rawValue:))
    }

    func apply(to options: StackOptions) -> StackOptions {
        var options = options
        options.recreate = Set(recreate)
        options.resolveImage = resolveImage
        options.timeout = timeout
        options.asksForBuilt = builds != .planned
        return options
    }

    /// Throws `conflict` when another plan was approved than the one that would be applied.
    func check(_ id: String, of deployment: ResourceID) throws(RoadsteadError) {
        guard let plan, plan != id else { return }
        throw RoadsteadError(
            .conflict,
            "the plan of \(deployment) is \(id) by now, and \(plan) was approved: the Swarm, an image or the text has "
                + "changed meanwhile; look at the plan again",
            context: ["resource-id": deployment.description])
    }
}
