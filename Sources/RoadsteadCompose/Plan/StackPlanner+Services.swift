import DockerAPI
import RoadsteadBasics

extension StackPlanner {
    /// With the image as the engine shall get it.
    mutating func finalSpec(_ service: DesiredService) -> ServiceSpec {
        let liveSpec = live.service(named: service.name)?.spec
        judgeImage(service, live: liveSpec)
        // A revision's images are final.
        let resolution = desired.isExact ? nil : service.spec.image.flatMap { images[$0] }
        return service.spec.settingImage(resolution, live: liveSpec)
    }

    mutating func serviceStep(_ service: DesiredService, _ final: ServiceSpec) -> PlanStep {
        var spec = SpecResolver(live: live).resolve(final)
        guard let liveService = live.service(named: service.name) else {
            return PlanStep(.service, service.name, .create, payload: .service(spec))
        }
        if let step = recreation(service, spec, liveService) { return step }
        checkMode(service, liveService)
        warnAboutVolumes(of: service, live: liveService.spec)
        // A number that somebody raised by hand stays, or every task were replaced.
        let numbers = [liveService.spec.taskTemplate.forceUpdate, spec.taskTemplate.forceUpdate]
        spec.taskTemplate.forceUpdate = numbers.compactMap(\.self).max()
        let changes = changes(from: liveService, to: spec)
        var step = PlanStep(
            .service, service.name, changes.isEmpty ? .unchanged : .update(changes), id: liveService.id,
            version: liveService.version, payload: .service(keepingEqualParts(of: liveService.spec, in: spec)))
        step.isRolling = !changes.isEmpty && !hasSameTasks(liveService.spec, spec)
        return step
    }

    /// Whether the Swarm would keep the tasks: it checks placement by the node alone.
    private func hasSameTasks(_ left: ServiceSpec, _ right: ServiceSpec) -> Bool {
        var (left, right) = (canonical(left).taskTemplate, canonical(right).taskTemplate)
        (left.placement, right.placement) = (nil, nil)
        return left == right
    }

    /// A service that must be removed first: what it is on or mounts is made anew, or another mode is allowed to it.
    private func recreation(_ service: DesiredService, _ spec: ServiceSpec, _ live: Service) -> PlanStep? {
        let networks = canonical(live.spec).taskTemplate.networks?.compactMap(\.target) ?? []
        let mode = (live.spec.mode.modeName, service.spec.mode.modeName)
        let held =
            networks.filter(recreatedNetworks.contains).map { "it is on network \($0)" }
            + recreatedVolumes.sorted().filter { live.spec.mounts(volume: $0) }.map { "it mounts volume \($0)" }
        let isAllowed = desired.isNamed(service.name, among: recreate)
        guard !held.isEmpty || (mode.0 != mode.1 && isAllowed) else { return nil }
        var step = PlanStep(
            .service, service.name, .recreate(changes(from: live, to: spec)), id: live.id, payload: .service(spec))
        step.isRolling = true
        step.note = held.first ?? "its mode changes"
        return step
    }

    private mutating func judgeImage(_ service: DesiredService, live: ServiceSpec?) {
        guard let image = service.spec.image, let resolution = images[image] else { return }
        let kept = service.spec.hasSameImage(as: live)
        switch resolution {
        // Nodes that ran a revision may have its images still: its return depends on no registry.
        case .refused(let code, let reason) where !kept && !desired.isExact:
            let message = "image \(image): \(reason)"
            if !problems.contains(where: { $0.message == message }) {
                refuse(code, message, context: ["image": image])
            }
        case .refused(_, let reason), .failed(let reason): warnAboutImage(image, reason, kept: kept)
        case .resolved: break
        }
    }

    private mutating func warnAboutImage(_ image: String, _ reason: String, kept: Bool) {
        let isPinned = ImageReference(image)?.digest != nil
        let consequence =
            kept
            ? "what is deployed is kept"
            : isPinned
                ? "only nodes that have it already can run it"
                : "each node pulls \(image) for itself, and nodes may run different versions of it"
        let failure = isPinned ? "was not found at its registry" : "could not be resolved to a digest"
        let warning = "image \(image) \(failure) (\(reason)); \(consequence)"
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    private mutating func checkMode(_ service: DesiredService, _ live: Service) {
        let (before, after) = (live.spec.mode.modeName, service.spec.mode.modeName)
        guard before != after else { return }
        refuse(
            .invalidState,
            "service \(service.name): service mode change is not allowed (\(before) to \(after)); allow it to be removed "
                + "and made anew (--recreate \(service.name)), or give it another name")
    }

    private func changes(from live: Service, to spec: ServiceSpec) -> [FieldChange] {
        let (before, after) = (canonical(live.spec), canonical(spec))
        var changes: [FieldChange] = []
        if before != after {
            changes = (try? SpecDifference.changes(from: before, to: after)) ?? []
            // Differences that JSON does not show are still differences.
            if changes.isEmpty { changes = [FieldChange(path: "Spec", from: nil, to: nil)] }
            changes = Self.withoutIDsOfRenamed(changes)
        }
        // An update that stopped half-way goes on only when the service is updated once more.
        if let state = live.updateStatus?.state, state == "paused" || state == "rollback_paused" {
            changes.append(FieldChange(path: "UpdateStatus.State", from: .string(state), to: "updating"))
        }
        return changes
    }

    /// Another config or secret has another id of course.
    private static func withoutIDsOfRenamed(_ changes: [FieldChange]) -> [FieldChange] {
        let renamed = Set(changes.map(\.path).filter { $0.hasSuffix(".ConfigName") || $0.hasSuffix(".SecretName") })
        return changes.filter { change in
            guard change.path.hasSuffix(".ConfigID") || change.path.hasSuffix(".SecretID") else { return true }
            return !renamed.contains(change.path.dropLast(2) + "Name")
        }
    }

    private func canonical(_ spec: ServiceSpec) -> ServiceSpec { spec.canonical(live.networkName) }

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
