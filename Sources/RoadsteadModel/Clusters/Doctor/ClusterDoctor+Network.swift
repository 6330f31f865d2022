/// The ways between the machines, and what has drifted from the specification.
extension ClusterDoctor {
    func network() -> [DoctorFinding] { paths() + overlay() }

    private func paths() -> [DoctorFinding] {
        guard let ways = facts.ways.value else {
            let advice = "mend what `ssh` says; the ways are tried from the machines themselves"
            return [.ports, .mtu].map { DoctorFinding($0, .unknown, facts.ways.reason, advice: advice) }
        }
        let shut = ways.shut.map { words in
            DoctorFinding(
                .ports, .failure, words,
                advice:
                    "open it in the cloud's firewall and in the hosts' own; `roadstead cluster repair` mends a firewall "
                    + "that Roadstead has made")
        }
        let ports = shut.isEmpty ? [DoctorFinding(.ports, .ok, "2377/tcp, 7946/tcp, 7946/udp, 4789/udp")] : shut
        return ports + [mtu(ways.mtu)]
    }

    private func mtu(_ mtu: Int?) -> DoctorFinding {
        guard let mtu else {
            return DoctorFinding(.mtu, .ok, "there is no way between two machines to measure")
        }
        guard mtu < 1500 else { return DoctorFinding(.mtu, .ok, "\(mtu) bytes") }
        if facts.specification.network.mtu == mtu {
            return DoctorFinding(.mtu, .ok, "\(mtu) bytes, as the specification says")
        }
        return DoctorFinding(
            .mtu, .warning, "packets between the machines may have \(mtu) bytes at most",
            advice: "give overlay networks the option com.docker.network.driver.mtu=\(mtu - 50), and the specification "
                + "network.mtu: \(mtu): larger packets get lost in silence")
    }

    private func overlay() -> [DoctorFinding] {
        switch facts.overlay {
        case .skipped(let reason): return [DoctorFinding(.overlay, .ok, reason)]
        case .failed(let reason):
            return [
                DoctorFinding(
                    .overlay, .unknown, reason,
                    advice:
                        "the check needs two active nodes that have an image with `sleep`: docker pull busybox there, and look again"
                )
            ]
        case .seen(let overlay):
            guard !overlay.faults.isEmpty else {
                let names = overlay.machines.joined(separator: ", ")
                return [DoctorFinding(.overlay, .ok, "carries packets and names between \(names)")]
            }
            return overlay.faults.map { words in
                DoctorFinding(
                    .overlay, .failure, words,
                    advice:
                        "see `ports` and `mtu`; when both are well, restart the engines of these two, drained before")
            }
        }
    }

    func drift() -> [DoctorFinding] {
        guard let drift = facts.drift.value else { return [DoctorFinding(.drift, .unknown, facts.drift.reason)] }
        guard !drift.isEmpty else { return [DoctorFinding(.drift, .ok, "as the specification says")] }
        return drift.map { line in
            DoctorFinding(
                .drift, .warning, line, advice: "roadstead cluster repair \(facts.specification.name) mends it")
        }
    }
}
