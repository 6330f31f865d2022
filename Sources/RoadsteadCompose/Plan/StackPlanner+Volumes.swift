import DockerAPI
import RoadsteadBasics

extension StackPlanner {
    /// A node that has a volume keeps it as it is; docker says nothing then.
    mutating func warnAboutVolumes(of service: DesiredService, live: ServiceSpec) {
        // What a node has tells it every time; the spec only until it is changed.
        let nodes = self.live.volumes.map { ($0.name, $0.definition) }
        let before = VolumeDriver.byVolume(live.taskTemplate.containerSpec?.mounts).merging(nodes) { $1 }
        let own = desired.volumes.filter { !surveyed.contains($0.key) }
        for (name, driver) in own.sorted(by: { $0.key < $1.key }) where service.spec.mounts(volume: name) {
            guard let old = before[name], old != driver else { continue }
            let warning =
                "volume \(name) has another driver or other options now; nodes that have it keep it as it is: allow it "
                + "to be removed there, with all that is in it, and made anew (--recreate \(request(for: name))), or give "
                + "it another name in the file"
            if !warnings.contains(warning) { warnings.append(warning) }
        }
    }

    private func request(for volume: String) -> String {
        desired.volumes(among: [volume]).isEmpty ? DesiredStack.volumeMark + volume : volume
    }

    /// Volumes that may be made anew and are otherwise on some node than they should be.
    mutating func volumeSteps() -> [PlanStep] {
        surveyed.sorted().compactMap { name in
            guard let driver = desired.volumes[name] else { return nil }
            judgeSilence(about: name)
            let outdated = live.survey.copies.filter { copy in
                copy.volume.name == name && !copy.volume.isElsewhere && copy.volume.definition != driver
            }
            guard !outdated.isEmpty else { return nil }
            judgeUsers(of: name, outdated)
            return volumeStep(name, driver, outdated)
        }
    }

    private mutating func volumeStep(
        _ name: String, _ driver: VolumeDriver, _ outdated: [VolumeSurvey.Copy]
    ) -> PlanStep {
        var changes: [FieldChange] = []
        for change in outdated.flatMap({ driver.differences(from: $0.volume.definition) })
        where !changes.contains(change) { changes.append(change) }
        recreatedVolumes.insert(name)
        var step = PlanStep(.volume, name, .recreate(changes), payload: .volume(nodes: outdated.map(\.node)))
        let nodes = outdated.map(\.nodeName).joined(separator: ", ")
        step.note = "its contents are lost, on \(outdated.count == 1 ? "node" : "nodes") \(nodes)"
        return step
    }

    /// A node out of reach that has the volume would keep it as it is. Tasks tell where it has been, as long as all
    /// services that mount it are there; otherwise it may be anywhere.
    private mutating func judgeSilence(about name: String) {
        let isTold = desired.services.filter { $0.spec.mounts(volume: name) }.allSatisfy { user in
            live.service(named: user.name)?.spec.mounts(volume: name) == true
        }
        for node in live.survey.silent {
            guard !isTold || node.mounted.contains(name) else {
                warnings.append("volume \(name) stays as it is on node \(node.nodeName) if it is there: \(node.reason)")
                continue
            }
            refuse(
                .invalidState,
                "volume \(name) is not made anew: node \(node.nodeName) \(isTold ? "has it" : "may have it"), and "
                    + "\(node.reason); bring the node back, or take it out of the Swarm (docker node rm "
                    + "\(node.nodeName)), or leave the volume as it is", context: ["node": node.nodeName])
        }
    }

    private mutating func judgeUsers(of name: String, _ outdated: [VolumeSurvey.Copy]) {
        for copy in outdated where !belongsToStack(copy.volume.labels) {
            let owner = copy.volume.labels?[DesiredStack.namespaceLabel].map { "it is of stack \($0)" }
            refuse(
                .conflict,
                "volume \(name) on node \(copy.nodeName) is not made anew, for it does not belong to stack "
                    + "\(desired.name): \(owner ?? "it has no stack's label"); remove it by hand (docker volume rm "
                    + "\(name)), declare it as external in the file, or give the stack's volume another name")
        }
        let users =
            (live.survey.strangers[name] ?? []).map { "service \($0)" }
            + outdated.flatMap { copy in copy.strangers.map { "container \($0) on node \(copy.nodeName)" } }
        if !users.isEmpty {
            refuse(
                .conflict,
                "volume \(name) is not made anew: \(users.joined(separator: ", ")), not of stack \(desired.name), "
                    + "\(users.count == 1 ? "uses" : "use") it; remove what uses it first")
        }
        judgeLeftovers(on: name)
    }

    /// What left the file and is not pruned would hold the volume.
    private mutating func judgeLeftovers(on name: String) {
        guard prune == .none else { return }
        let kept = Set(desired.services.map(\.name))
        for service in live.services where belongsToStack(service.spec.labels) {
            guard let left = service.spec.name, !kept.contains(left), service.spec.mounts(volume: name) else {
                continue
            }
            refuse(
                .invalidState,
                "volume \(name) is not made anew: service \(left), which is not in the file, mounts it; let it be removed "
                    + "(--prune)")
        }
    }

    /// Names that were given to be made anew and mean nothing, or what is not the stack's.
    mutating func checkRecreation() {
        let objects = (desired.networks.map(\.name) + desired.services.map(\.name)).sorted()
        let volumes = desired.volumes.keys.sorted()
        for name in recreate.sorted() {
            let isKnown =
                objects.contains { desired.isNamed($0, among: [name]) } || !desired.volumes(among: [name]).isEmpty
            guard !isKnown else { continue }
            if let external = external(name) {
                refuse(
                    .invalidState,
                    "\(external) is declared as external: it is not the stack's, and is not made anew by it")
                continue
            }
            let known = objects + volumes.map { request(for: $0) }
            refuse(
                .invalidInput,
                "stack \(desired.name) has nothing of the name \(name) that could be made anew; it has "
                    + (known.isEmpty ? "no network, service or volume" : known.joined(separator: ", ")))
        }
    }

    private func external(_ name: String) -> String? {
        let plain =
            name.hasPrefix(DesiredStack.volumeMark) ? String(name.dropFirst(DesiredStack.volumeMark.count)) : name
        if desired.externalVolumes.contains(plain) { return "volume \(plain)" }
        return desired.external.networks.contains(name) ? "network \(name)" : nil
    }
}

extension ServiceSpec {
    func mounts(volume name: String) -> Bool { taskTemplate.mounts(volume: name) }
}

extension TaskSpec {
    public func mounts(volume name: String) -> Bool {
        containerSpec?.mounts?.contains { $0.type == "volume" && $0.source == name } == true
    }
}
