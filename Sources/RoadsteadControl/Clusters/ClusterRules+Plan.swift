import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

extension ClusterRules {
    /// What an operation would do. Hosts and driver are asked; nothing is changed.
    func plan(_ cluster: ClusterDocument, _ body: JSONObject, in scope: RequestScope) async throws -> JSONValue {
        guard offers("plan", on: cluster.stored.body) else {
            throw RoadsteadError(
                .invalidState, "\(cluster.id) is \(cluster.state.rawValue): there is nothing to plan",
                context: ["resource-id": cluster.id.description])
        }
        if body["operation"] == "terminate" {
            let removes = try await removals(of: cluster, in: scope)
            return Self.answer(cluster, "terminate", removes: removes, warnings: try Self.warnings(of: cluster))
        }
        let given = body["specification"]
        let specification = given == nil ? try cluster.specification() : try await checked(given, in: scope)
        let isUpgrade = body["operation"] == "upgrade"
        return try await site(cluster, specification, in: scope) { site in
            let findings = try await ClusterSurvey(site: site).look()
            let plan =
                isUpgrade
                ? try ClusterPlan.upgrade(try cluster.upgraded(to: specification.engine), findings.facts)
                : try ClusterPlan.make(specification, findings.facts)
            try await ClusterPreflight(site: site).check(plan)
            let machines = try await site.store.machines(of: cluster.id)
            let removes = plan.steps.compactMap { step in
                step.removedMachine.flatMap { name in machines.first { $0.name == name } }
            }.map(ClusterRemoval.init)
            let found = try await ClusterFindings(site: site).look(machines)
            var shown = plan.json().objectValue ?? [:]
            shown["plan-id"] = .string(plan.identifier)
            return Self.answer(
                cluster, isUpgrade ? "upgrade" : "apply", shown, removes: removes,
                warnings: plan.warnings + findings.warnings + found)
        }
    }

    private static func answer(
        _ cluster: ClusterDocument, _ operation: String, _ plan: JSONObject = ["changes": 0, "steps": []],
        removes: [ClusterRemoval], warnings: [String]
    ) -> JSONValue {
        let answer: JSONObject = [
            "cluster": .string(cluster.id.description), "operation": .string(operation),
            "warnings": JSONValue(warnings), "removes": .array(removes.map(\.json)),
        ]
        return .object(plan.merging(answer))
    }

    /// All that a terminate removes, as the cloud itself tells; hosts that exist stay.
    func removals(of cluster: ClusterDocument, in scope: RequestScope) async throws -> [ClusterRemoval] {
        let specification = try cluster.standing()
        let machines = try await scope.store.machines(of: cluster.id)
        let resources = try await site(cluster, specification, in: scope) { site in
            try await ClusterSurvey(site: site).resources()
        }
        let things = resources?.map(ClusterRemoval.init) ?? machines.map(ClusterRemoval.init)
        let parts = [cluster.service, cluster.credential].compactMap(\.self).map { id in
            ClusterRemoval(kind: id.type, id: id.description, name: cluster.name)
        }
        return things + parts
    }

    private static func warnings(of cluster: ClusterDocument) throws -> [String] {
        guard try cluster.standing().isGeneric else { return [] }
        return [
            "hosts stay, with their engines and all data: they leave the Swarm, and Roadstead's settings of the engine "
                + "(certificates, port 2376) are removed"
        ]
    }

    func site<Value: Sendable>(
        _ cluster: ClusterDocument, _ specification: ClusterSpecification, in scope: RequestScope,
        _ body: (ClusterSite) async throws -> Value
    ) async throws -> Value {
        do {
            return try await ClusterSite.with(
                cluster, specification, tools: tools, store: scope.store, clock: scope.context.clock,
                logger: scope.logger, body)
        } catch let error as CancellationError {
            throw error
        } catch { throw RoadsteadError.translating(error) }
    }
}

extension ClusterPlanStep {
    /// The machine that goes by it.
    fileprivate var removedMachine: String? {
        switch action {
        case .remove: name
        case .replace(let dead): dead
        default: nil
        }
    }
}
