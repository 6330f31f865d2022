import RoadsteadBasics

extension ClusterPlanner {
    /// Managers before workers, who understand newer managers, and the leader last among them, so that it changes once; before
    /// all what was set aside and is not back.
    func upgrades(_ wish: UpgradeWish = .ofSpecification) -> [ClusterPlanStep] {
        upgrades(of: kept.map { ($0.machine, $0.member.role) }, wish)
    }

    func upgrades(of machines: [(machine: ClusterMachine, role: MachineRole)], _ wish: UpgradeWish) -> [ClusterPlanStep]
    {
        let steps = machines.compactMap { machine, role -> (rank: Int, step: ClusterPlanStep)? in
            let changes = upgradeChanges(machine, wish)
            guard !changes.isEmpty else { return nil }
            return (Self.rank(machine, role), ClusterPlanStep(.machine, machine.name, .upgrade(changes), role))
        }
        // By rank; those of one rank stay in their order.
        return Set(steps.map(\.rank)).sorted().flatMap { rank in steps.filter { $0.rank == rank }.map(\.step) }
    }

    private static func rank(_ machine: ClusterMachine, _ role: MachineRole) -> Int {
        if machine.isSetAside { return 0 }
        guard role == .manager else { return 3 }
        return machine.isLeader ? 2 : 1
    }

    private func upgradeChanges(_ machine: ClusterMachine, _ wish: UpgradeWish) -> [FieldChange] {
        guard wish.machine == nil || wish.machine == machine.name else { return [] }
        var changes = wish.certificatesOnly ? [] : engineChanges(machine, wish)
        if let fault = machine.certificateFault {
            changes.append(FieldChange(path: Self.certificate, from: .string(fault), to: "a new one"))
        } else if wish.certificatesOnly {
            changes.append(FieldChange(path: Self.certificate, from: "good", to: "a new one"))
        }
        if changes.isEmpty, machine.isSetAside {
            changes.append(FieldChange(path: "availability", from: "drain", to: "active"))
        }
        return changes
    }

    static let certificate = "certificate"

    private func engineChanges(_ machine: ClusterMachine, _ wish: UpgradeWish) -> [FieldChange] {
        let engine = specification.engine
        var changes: [FieldChange] = []
        if let packages = machine.enginePackages, packages != engine.packages {
            changes.append(
                FieldChange(
                    path: "engine.packages", from: .string(packages.rawValue), to: .string(engine.packages.rawValue)))
        }
        guard let installed = machine.engineVersion, !isNewer(installed) else { return changes }
        if let version = engine.version, !engine.accepts(installed) {
            changes.append(FieldChange(path: "engine", from: .string(installed), to: .string(version)))
        } else if wish.takesNewest, !engine.isExact {
            let newest = engine.version.map { "the newest \($0)" } ?? "the newest of its packages"
            changes.append(FieldChange(path: "engine", from: .string(installed), to: .string(newest)))
        }
        return changes
    }

    private func isNewer(_ installed: String) -> Bool {
        specification.engine.version.map { ClusterEngine.isOlder($0, than: installed) } ?? false
    }

    /// An engine may not be able to read what a newer one has written.
    mutating func warnAboutNewerEngines(_ machines: [ClusterMachine]) {
        for machine in machines {
            guard let installed = machine.engineVersion, let version = specification.engine.version,
                isNewer(installed)
            else { continue }
            warnings.append(
                "machine \(machine.name) has engine \(installed), newer than \(version), and keeps it: an engine is not "
                    + "taken back")
        }
    }

    /// While an engine changes its manager does not answer: then all others must. One alone has no others.
    func upgradeProblem(_ step: ClusterPlanStep, _ silent: Set<String>) -> String? {
        guard case .upgrade = step.action, step.role == .manager else { return nil }
        let others = silent.subtracting([step.name]).sorted()
        guard !others.isEmpty else { return nil }
        return
            "the engine of manager \(step.name) cannot be changed while \(others.joined(separator: ", ")) does not answer: "
            + "bring it back first, or repair the cluster (roadstead cluster repair \(specification.name))"
    }
}

extension ClusterEngine {
    /// Whether one release only is meant, as `26.1.5` is and `26.1` is not.
    var isExact: Bool { version.map { $0.split(separator: ".").count == 3 } ?? false }
}
