import RoadsteadBasics

/// The Swarm: its managers, its nodes, its services.
extension ClusterDoctor {
    func swarm() -> [DoctorFinding] {
        var findings = ofMachines()
        guard let nodes = facts.nodes.value else {
            findings.append(
                DoctorFinding(
                    .quorum, .failure, facts.nodes.reason,
                    advice: "start the managers that are down; when more than half of them are gone for good: "
                        + "docker swarm init --force-new-cluster, at one that is left"))
            return findings + asWhole()
        }
        findings += quorum(nodes) + zones() + states(nodes) + hostNames(nodes) + versions(nodes)
        return findings + asWhole()
    }

    // MARK: - Managers

    private func quorum(_ nodes: [DoctorNode]) -> [DoctorFinding] {
        let managers = nodes.filter { $0.role == .manager }
        let (all, reached) = (managers.count, managers.count(where: \.isReachableManager))
        let (needed, spare) = (all / 2 + 1, reached - (all / 2 + 1))
        let words = "\(reached) of \(all) managers reachable, \(needed) needed"
        let lost = managers.filter { !$0.isReachableManager }.map(\.hostName).sorted().joined(separator: ", ")
        if reached < all {
            return [
                DoctorFinding(
                    .quorum, spare > 0 ? .warning : .failure, words + "; not \(lost)",
                    advice: "start \(lost), or replace: roadstead cluster repair \(facts.specification.name)")
            ]
        }
        if all.isMultiple(of: 2) {
            return [
                DoctorFinding(
                    .quorum, .warning, "\(all) managers survive no more losses than \(all - 1)",
                    advice: "roadstead cluster scale \(facts.specification.name) --managers \(all > 2 ? all - 1 : 3)")
            ]
        }
        return [DoctorFinding(.quorum, .ok, all == 1 ? "the only manager answers; its loss is the Swarm's" : words)]
    }

    private func zones() -> [DoctorFinding] {
        let managers = facts.machines.filter { $0.role == .manager }
        let zones = Set(managers.compactMap(\.zone))
        let hasChoice = Set(facts.specification.zones + facts.machines.compactMap(\.zone)).count > 1
        guard managers.count > 1, zones.count == 1, hasChoice, let zone = zones.first else {
            let told = zones.isEmpty ? "the machines tell none" : zones.sorted().joined(separator: ", ")
            return [DoctorFinding(.zones, .ok, told)]
        }
        return [
            DoctorFinding(
                .zones, .warning, "all \(managers.count) managers are in zone \(zone): with it the Swarm is gone",
                advice: "spread them: name more zones in the specification, and replace managers one by one")
        ]
    }

    // MARK: - Nodes

    private func states(_ nodes: [DoctorNode]) -> [DoctorFinding] {
        let bad = nodes.compactMap { node -> DoctorFinding? in
            let name = name(of: node)
            if node.state != "ready" {
                return DoctorFinding(
                    .nodes, .failure, "is \(node.state)", of: name,
                    advice: "start it, or replace it: roadstead cluster repair \(facts.specification.name)")
            }
            guard node.availability != "active" else { return nil }
            return DoctorFinding(
                .nodes, .warning, "is set to \(node.availability): it is given no tasks", of: name,
                advice: "docker node update --availability active \(node.hostName), if that was not meant")
        }
        let known = Set(facts.machines.compactMap(\.nodeID))
        let strangers = nodes.filter { !known.contains($0.id) }.map { node in
            DoctorFinding(
                .nodes, .warning, "node \(node.hostName) (\(node.id)) is no machine of the cluster", of: node.hostName,
                advice: "docker node rm it if it is dead; else see who let it join, and rotate the join tokens")
        }
        let all = bad + strangers
        return all.isEmpty ? [DoctorFinding(.nodes, .ok, "\(nodes.count) ready and active")] : all
    }

    private func name(of node: DoctorNode) -> String {
        facts.machines.first { $0.nodeID == node.id }?.name ?? node.hostName
    }

    private func hostNames(_ nodes: [DoctorNode]) -> [DoctorFinding] {
        let doubles = Self.doubles(nodes.filter { $0.state == "ready" }.map { ($0.hostName, name(of: $0)) })
        guard !doubles.isEmpty else { return [DoctorFinding(.hostNames, .ok, "all different")] }
        return doubles.map { name, machines in
            DoctorFinding(
                .hostNames, .warning, "\(machines.joined(separator: ", ")) all call themselves '\(name)'",
                advice:
                    "hostnamectl set-hostname on all but one, and restart their engines: docker node commands that take "
                    + "a name refuse it")
        }
    }

    private func versions(_ nodes: [DoctorNode]) -> [DoctorFinding] {
        let versions = Dictionary(grouping: nodes.filter { $0.engineVersion != nil }) { $0.engineVersion ?? "" }
        let words = versions.keys.sorted().map { version in
            "\(version) (\(versions[version, default: []].map { name(of: $0) }.sorted().joined(separator: ", ")))"
        }.joined(separator: ", ")
        guard versions.count > 1 else { return [DoctorFinding(.versions, .ok, versions.keys.first ?? "not told")] }
        return [
            DoctorFinding(
                .versions, .warning, words,
                advice: "bring them to the same: roadstead cluster upgrade \(facts.specification.name)")
        ]
    }

    // MARK: - Copied hosts

    private func ofMachines() -> [DoctorFinding] {
        let ids = facts.machines.compactMap { machine in
            machine.host.value?.machineID.map { ($0, machine.name) }
        }
        let doubles = Self.doubles(ids)
        guard !doubles.isEmpty else {
            return ids.isEmpty ? [] : [DoctorFinding(.machineIDs, .ok, "all different")]
        }
        return doubles.map { _, machines in
            DoctorFinding(
                .machineIDs, .warning, "\(machines.joined(separator: ", ")) have the same /etc/machine-id",
                advice: "they are copies of one disk: on all but one, rm /etc/machine-id /var/lib/dbus/machine-id, "
                    + "systemd-machine-id-setup, and restart")
        }
    }

    private static func doubles(_ pairs: [(key: String, name: String)]) -> [(String, [String])] {
        Dictionary(grouping: pairs, by: \.key).filter { $0.value.count > 1 }
            .map { ($0.key, $0.value.map(\.name).sorted()) }.sorted { $0.0 < $1.0 }
    }

    // MARK: - The whole

    private func asWhole() -> [DoctorFinding] {
        guard let swarm = facts.swarm.value else {
            return [.autolock, .swarmAuthority, .services].map {
                DoctorFinding($0, .unknown, facts.swarm.reason, advice: "mend what `quorum` says, and look again")
            }
        }
        return [autolock(swarm), authority(swarm)] + services(swarm.services)
    }

    private func autolock(_ swarm: DoctorSwarm) -> DoctorFinding {
        guard let isLocked = swarm.isAutolocked else {
            return DoctorFinding(.autolock, .unknown, "the Swarm did not tell")
        }
        guard isLocked == facts.specification.isAutolocked else {
            return DoctorFinding(
                .autolock, .warning, "is \(isLocked ? "on" : "off"), and the specification says the other",
                advice: isLocked
                    ? "managers that restart wait for a key that Roadstead may not have: docker swarm unlock-key shows it"
                    : "docker swarm update --autolock=true, or autolock: false in the specification")
        }
        return DoctorFinding(.autolock, .ok, isLocked ? "on" : "off")
    }

    private func authority(_ swarm: DoctorSwarm) -> DoctorFinding {
        if swarm.isRotating {
            return DoctorFinding(
                .swarmAuthority, .warning, "its root certificate is being rotated: some node has not taken the new one",
                advice: "start the nodes that are down, or remove them; then it ends by itself")
        }
        guard let expiry = swarm.authorityExpiry else {
            return DoctorFinding(.swarmAuthority, .unknown, "the Swarm did not tell")
        }
        let judged = judge(until: expiry, advice: "docker swarm ca --rotate, at a manager")
        return DoctorFinding(.swarmAuthority, judged.verdict, judged.measured, advice: judged.advice)
    }

    private func services(_ services: [DoctorSwarm.Service]) -> [DoctorFinding] {
        let short = services.filter { $0.running < $0.desired }.sorted { $0.name < $1.name }
        guard !short.isEmpty else {
            return [DoctorFinding(.services, .ok, "\(services.count) have all their replicas")]
        }
        return short.map { service in
            DoctorFinding(
                .services, service.running == 0 ? .failure : .warning,
                "\(service.running) of \(service.desired) tasks run", of: service.name,
                advice: "docker service ps --no-trunc \(service.name) says why")
        }
    }
}
