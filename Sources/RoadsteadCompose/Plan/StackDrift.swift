import DockerAPI
import RoadsteadBasics

/// An object of a stack that is not as it was when the stack was applied last: somebody else has changed it.
public struct StackDrift: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// From what was applied to what is there.
        case changed([FieldChange])
        case missing
        /// It carries the stack's label, but was not applied by us.
        case extra
    }

    public var object: PlanStep.Kind
    /// The name on the Swarm.
    public var name: String
    public var kind: Kind

    public init(_ object: PlanStep.Kind, _ name: String, _ kind: Kind) {
        self.object = object
        self.name = name
        self.kind = kind
    }

    /// Compares what was applied last with what is there, without regard to what shall be next; pure.
    ///
    /// A number of forced updates that somebody raised is no drift: the service is the same. Where the engine was asked
    /// for no configs or secrets (`live` has none), those are not compared.
    public static func find(since last: StackRevision, live: LiveStack) -> [StackDrift] {
        var drift: [StackDrift] = []
        for network in last.networks where live.network(named: network.name) == nil {
            drift.append(StackDrift(.network, network.name, .missing))
        }
        for config in last.configs where !live.configs.isEmpty && live.config(named: config.name) == nil {
            drift.append(StackDrift(.config, config.name, .missing))
        }
        for secret in last.secrets where !live.secrets.isEmpty && live.secret(named: secret.name) == nil {
            drift.append(StackDrift(.secret, secret.name, .missing))
        }
        return drift + services(last, live)
    }

    private static func services(_ last: StackRevision, _ live: LiveStack) -> [StackDrift] {
        let resolver = SpecResolver(live: live)
        let known = Set(last.services.map(\.name))
        let changed = last.services.compactMap { service -> StackDrift? in
            guard let found = live.service(named: service.name) else {
                return StackDrift(.service, service.name, .missing)
            }
            let changes = changes(from: resolver.resolve(service.spec), to: found.spec, live)
            return changes.isEmpty ? nil : StackDrift(.service, service.name, .changed(changes))
        }
        let extra = live.services.compactMap(\.spec.name).filter { !known.contains($0) }.sorted()
        return changed + extra.map { StackDrift(.service, $0, .extra) }
    }

    private static func changes(
        from applied: ServiceSpec, to found: ServiceSpec, _ live: LiveStack
    ) -> [FieldChange] {
        var (before, after) = (applied.canonical(live.networkName), found.canonical(live.networkName))
        (before.taskTemplate.forceUpdate, after.taskTemplate.forceUpdate) = (nil, nil)
        // The image itself is compared; the note of how a file wrote it is not kept by `docker service update`.
        before.labels?[DesiredStack.imageLabel] = nil
        after.labels?[DesiredStack.imageLabel] = nil
        // Without a platform from the registry, the engine's own guess is no change.
        if before.taskTemplate.placement?.platforms == nil { after.taskTemplate.placement?.platforms = nil }
        if after.taskTemplate.placement == Placement() { after.taskTemplate.placement = nil }
        guard before != after else { return [] }
        return (try? SpecDifference.changes(from: before, to: after)) ?? []
    }
}

extension StackDrift {
    public func json() -> JSONValue {
        var object: JSONObject = ["kind": .string(object.rawValue), "name": .string(name)]
        switch kind {
        case .changed(let changes):
            object["what"] = "changed"
            object["changes"] = .array(changes.map { $0.json() })
        case .missing: object["what"] = "missing"
        case .extra: object["what"] = "extra"
        }
        return .object(object)
    }

    /// For people: what somebody else did, then a line a changed field.
    public func lines() -> [String] {
        switch kind {
        case .changed(let changes):
            ["* \(object.rawValue) \(name) was changed on the Swarm since the last deployment"]
                + changes.map { "    \($0)" }
        case .missing: ["* \(object.rawValue) \(name) was removed from the Swarm since the last deployment"]
        case .extra: ["* \(object.rawValue) \(name) was added on the Swarm since the last deployment"]
        }
    }
}
