import RoadsteadBasics

extension ClusterPlanner {
    /// Nothing for hosts that exist: their firewalls are their owner's.
    func firewallSteps() -> [ClusterPlanStep] {
        guard !specification.isGeneric else { return [] }
        guard let live = facts.firewall else {
            let note = specification.ports.map(\.description).joined(separator: ", ")
            return [
                ClusterPlanStep(
                    .firewall, "firewall", .make, note: note.isEmpty ? "nothing open to the world" : "open: \(note)",
                    details: [
                        "engine-access": JSONValue(specification.engineAccess),
                        "ssh-access": JSONValue(specification.sshAccess),
                    ])
            ]
        }
        let changes =
            Self.changes("ports", live.ports.map(\.description), specification.ports.map(\.description))
            + Self.changes("engine-access", live.engineAccess, specification.engineAccess)
            + Self.changes("ssh-access", live.sshAccess, specification.sshAccess)
        return [ClusterPlanStep(.firewall, "firewall", changes.isEmpty ? .unchanged : .update(changes))]
    }

    /// What is opened before what is closed.
    private static func changes(_ path: String, _ live: [String], _ desired: [String]) -> [FieldChange] {
        let opened = desired.filter { !live.contains($0) }
            .map { FieldChange(path: "\(path).\($0)", from: nil, to: "open") }
        let closed = live.filter { !desired.contains($0) }
            .map { FieldChange(path: "\(path).\($0)", from: "open", to: nil) }
        return opened + closed
    }
}
