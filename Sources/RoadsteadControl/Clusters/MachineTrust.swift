import RemoteHosts
import RoadsteadBasics
import RoadsteadModel
import RoadsteadStore

/// By which host key a machine is known. One that was made anew shows another one and is refused; a person who has compared
/// fingerprints at its console says that it is the machine all the same.
struct MachineTrust {
    let rules: MachineRules
    let machine: MachineDocument

    /// `{"known": […], "shown": […]}`, fingerprints. With `host-key` in the body, which must be one of those that are shown,
    /// the machine is known by what it shows from now on.
    ///
    /// Throws `conflict` for another fingerprint, and what looking at the host throws.
    func answer(_ body: JSONObject, in scope: RequestScope) async throws -> JSONValue {
        let lines = try await rules.withSite(machine, in: scope) { try await $0.hosts.shownKeys(machine.name) }
        let shown = Self.fingerprints(lines)
        if let wanted = body["host-key"]?.stringValue {
            guard shown.contains(wanted) else {
                throw RoadsteadError(
                    .conflict,
                    "machine \(machine.name) shows \(shown.joined(separator: ", ")), not \(wanted): compare it with the "
                        + "console's (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)")
            }
            try await accept(lines, in: scope)
        }
        return ["known": JSONValue(Self.fingerprints(machine.hostKeys)), "shown": JSONValue(shown)]
    }

    private static func fingerprints(_ lines: [String]) -> [String] {
        lines.compactMap { HostKey($0)?.fingerprint }
    }

    private func accept(_ lines: [String], in scope: RequestScope) async throws {
        var event = EventDraft(
            .action, verb: "trust", on: machine.stored.body, type: ResourceType.machine.name, by: scope.requester)
        event.text = "machine \(machine.name) is known by \(Self.fingerprints(lines).joined(separator: ", "))"
        try await scope.store.write { [event, id = machine.id] transaction in
            try transaction.modify(id) { $0["host-keys"] = JSONValue(lines) }
            try transaction.record(event)
        }
    }
}
