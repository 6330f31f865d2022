import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// What must not change about a deployment as it stands: what a job reads that is at work on it, and the place of a stack
/// that is up.
struct DeploymentStanding {
    let document: JSONObject

    private var id: String { document["id"]?.stringValue ?? "the deployment" }
    private var state: DeploymentState? { DeploymentRules.state(of: document) }

    /// Throws `conflict` with who is at work by which job, and `invalidState` for a target that would leave its stack
    /// behind.
    func check(_ edited: JSONObject, in store: DocumentStore) async throws {
        try checkPlace(edited)
        guard isBusy, Self.readByJobs.contains(where: { edited[$0] != document[$0] }) else { return }
        try await store.write { try checkIsIdle(in: $0) }
    }

    private static let readByJobs = ["module", "registries-credentials"]

    private var isBusy: Bool { [.pending, .starting, .updating].contains(state) }

    /// Whether a job of this server will say what the state is: a document that a client read before and puts back whole
    /// must not say it.
    var isStateTold: Bool { document["execution-mode"] == "push" && (isBusy || state == .stopping) }

    func checkIsIdle(in transaction: StoreTransaction) throws {
        guard isBusy, let target = ResourceID(id) else { return }
        let work = try DeploymentLaunch.work(on: target, in: transaction)
        throw RoadsteadError(
            .conflict,
            "what \(id) deploys cannot change while it is \(state?.rawValue ?? "at work"):"
                + (work.isEmpty ? " wait for that" : work),
            context: ["resource-id": id])
    }

    /// Another credential of the same service is welcome at any time.
    func checkPlace(_ edited: JSONObject) throws(RoadsteadError) {
        let service = "infrastructure-service"
        guard edited["parent"] != document["parent"], mayBeUp else { return }
        guard edited["parent"] == nil || edited[service] != document[service] else { return }
        throw RoadsteadError(
            .invalidState,
            "\(id) is \(state?.rawValue ?? "up") on \(document[service]?.stringValue ?? "its target"): its stack would be left "
                + "behind there; stop it first, then change parent",
            context: ["resource-id": id])
    }

    /// A first start that failed before it touched anything left nothing behind.
    private var mayBeUp: Bool {
        guard let state, document["parent"] != nil else { return false }
        return state == .error ? document["services"] != nil : !state.isAtRest
    }
}
