import DockerAPI
import RoadsteadBasics

extension StackPlanner {
    mutating func serviceStep(_ service: DesiredService) -> PlanStep {
        let liveService = live.service(named: service.name)
        warnAboutImage(service, live: liveService?.spec)
        let resolution = service.spec.image.flatMap { images[$0] }
        var spec = SpecResolver(live: live).resolve(service.spec)
            .settingImage(resolution, live: liveService?.spec)
        guard let liveService else {
            return PlanStep(.service, service.name, .create, payload: .service(spec))
        }
        checkMode(service, liveService)
        // There is no forced deployment: a number that somebody raised by hand stays, or every task were replaced.
        spec.taskTemplate.forceUpdate = liveService.spec.taskTemplate.forceUpdate
        let changes = changes(from: liveService, to: spec)
        return PlanStep(
            .service, service.name, changes.isEmpty ? .unchanged : .update(changes), id: liveService.id,
            version: liveService.version, payload: .service(keepingEqualParts(of: liveService.spec, in: spec)))
    }

    private mutating func warnAboutImage(_ service: DesiredService, live: ServiceSpec?) {
        guard let image = service.spec.image, case .failed(let reason) = images[image] else { return }
        let kept = service.spec.hasSameImage(as: live)
        let consequence =
            kept
            ? "what is deployed is kept"
            : "each node pulls \(image) for itself, and nodes may run different versions of it"
        let warning = "image \(image) could not be resolved to a digest (\(reason)); \(consequence)"
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    private mutating func checkMode(_ service: DesiredService, _ live: Service) {
        let (before, after) = (live.spec.mode.modeName, service.spec.mode.modeName)
        guard before != after else { return }
        refuse(
            .invalidState,
            "service \(service.name): service mode change is not allowed (\(before) to \(after)); remove the service "
                + "first (docker service rm \(service.name)), or give it another name")
    }

    private func changes(from live: Service, to spec: ServiceSpec) -> [FieldChange] {
        let (before, after) = (canonical(live.spec), canonical(spec))
        var changes: [FieldChange] = []
        if before != after {
            changes = (try? SpecDifference.changes(from: before, to: after)) ?? []
            // Differences that JSON does not show are still differences.
            if changes.isEmpty { changes = [FieldChange(path: "Spec", from: nil, to: nil)] }
        }
        // An update that stopped half-way goes on only when the service is updated once more.
        if let state = live.updateStatus?.state, state == "paused" || state == "rollback_paused" {
            changes.append(FieldChange(path: "UpdateStatus.State", from: .string(state), to: "updating"))
        }
        return changes
    }

    private func canonical(_ spec: ServiceSpec) -> ServiceSpec {
        spec.canonical { target in
            if let network = live.networks.first(where: { $0.id == target }) { return network.name }
            return Self.isSwarmID(target) ? "host" : target
        }
    }

    /// The predefined networks have ids in the Swarm that no listing shows.
    private static func isSwarmID(_ text: String) -> Bool {
        text.utf8.count == 25 && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }

    /// What differs in spelling only goes back to the engine as it came: it compares task templates byte for byte and
    /// would replace the tasks.
    private func keepingEqualParts(of live: ServiceSpec, in spec: ServiceSpec) -> ServiceSpec {
        let (before, after) = (canonical(live), canonical(spec))
        var spec = spec
        if before.taskTemplate == after.taskTemplate { spec.taskTemplate = live.taskTemplate }
        if before.endpointSpec == after.endpointSpec { spec.endpointSpec = live.endpointSpec }
        return spec
    }
}
