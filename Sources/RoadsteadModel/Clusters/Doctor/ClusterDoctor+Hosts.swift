import RoadsteadBasics

/// The ways in, and the machines from inside.
extension ClusterDoctor {
    func ways() -> [DoctorFinding] {
        let ssh = each(.ssh) { machine in
            guard machine.host.value == nil else { return Judgement(.ok, "answers") }
            return Judgement(
                .failure, machine.host.reason,
                "see that it runs and lets the server in (roadstead machine status \(machine.name)); "
                    + "`roadstead cluster repair` replaces one that is gone for good")
        }
        let engine = each(.engine) { machine in
            switch machine.engine {
            case .seen(let version): Judgement(.ok, version)
            case .skipped(let reason): Judgement(.unknown, reason)
            case .failed(let reason):
                Judgement(
                    .failure, reason,
                    "look at it there: roadstead machine ssh \(machine.name) -- sudo systemctl status docker; and see that "
                        + "the server may reach port 2376")
            }
        }
        return ssh + engine
    }

    func hosts() -> [DoctorFinding] {
        certificates() + clocks() + rooms() + names() + kernel() + logs() + leftovers()
    }

    // MARK: - Certificates

    private func certificates() -> [DoctorFinding] {
        eachHost(.certificate) { machine, host in
            guard let certificate = host.certificate else {
                return Judgement(
                    .unknown, "none is set up by Roadstead",
                    "the engine is not served with TLS by Roadstead: see its own")
            }
            return judge(certificate, host, machine.name)
        }
    }

    private func judge(_ certificate: DoctorHost.Certificate, _ host: DoctorHost, _ name: String) -> Judgement {
        let renew = "roadstead machine regenerate-certs \(name)"
        guard certificate.isTrusted else {
            return Judgement(.failure, "was not signed by the cluster's authority", renew)
        }
        if let address = host.address, !certificate.isFor(address) {
            return Judgement(.failure, "is not for \(address), at which the engine is reached", renew)
        }
        return judge(until: certificate.expiry, advice: renew)
    }

    /// Something that ends at a time.
    func judge(until expiry: Instant, advice: String) -> Judgement {
        let left = expiry - facts.now
        let days = left.components.seconds / 86_400
        if left <= .zero { return Judgement(.failure, "ended at \(expiry)", advice) }
        if left < Limit.expiry { return Judgement(.warning, "ends in \(days) days, at \(expiry)", advice) }
        return Judgement(.ok, "good for \(days) days")
    }

    // MARK: - Clock

    private func clocks() -> [DoctorFinding] {
        eachHost(.clock) { machine, host in
            guard let ahead = host.clockAhead else { return Judgement(.unknown, "it did not tell its time") }
            let (off, sync) = (
                abs(ahead) - host.clockError, "install and start one: systemctl enable --now systemd-timesyncd"
            )
            let words = "\(Double(abs(ahead)) / 1000) s \(ahead < 0 ? "behind" : "ahead of") the server"
            if off > Limit.clockFailure { return Judgement(.failure, words, "set it; " + sync) }
            if off > Limit.clockWarning { return Judgement(.warning, words, "set it; " + sync) }
            guard host.isClockSynchronized != false else {
                return Judgement(.warning, words + "; nothing keeps it right", sync)
            }
            return Judgement(.ok, "\(abs(ahead)) ms off")
        }
    }

    // MARK: - Room

    private func rooms() -> [DoctorFinding] {
        let clean = { (name: String) in
            "see what it holds: roadstead machine ssh \(name) -- sudo docker system df; docker system prune frees what nothing uses"
        }
        let disk = eachHost(.disk) { machine, host in
            guard let disk = host.disk else { return Judgement(.unknown, "its size could not be read") }
            return Self.judge(disk, "\(Self.size(disk.free)) of \(Self.size(disk.total)) free", clean(machine.name))
        }
        let inodes = eachHost(.inodes) { machine, host in
            // File systems without a fixed number of them say 0.
            guard let inodes = host.inodes, inodes.total > 0 else { return Judgement(.ok, "no limit") }
            return Self.judge(inodes, Self.percent(inodes), clean(machine.name))
        }
        let memory = eachHost(.memory) { _, host in
            guard let memory = host.memory else { return Judgement(.unknown, "it did not tell") }
            let words = "\(Self.size(memory.free)) of \(Self.size(memory.total)) available"
            guard memory.freePercent < Limit.memory else { return Judgement(.ok, words) }
            return Judgement(
                .warning, words, "give services limits and reservations, or the cluster more or larger machines")
        }
        return disk + inodes + memory
    }

    private static func judge(_ room: DoctorHost.Room, _ words: String, _ advice: String) -> Judgement {
        if room.freePercent < Limit.roomFailure { return Judgement(.failure, words, advice) }
        if room.freePercent < Limit.roomWarning { return Judgement(.warning, words, advice) }
        return Judgement(.ok, words)
    }

    // MARK: - Names, kernel, logs

    private func names() -> [DoctorFinding] {
        eachHost(.dns) { machine, host in
            let names = host.lookedUp.joined(separator: ", ")
            switch host.isNameFound {
            case true?: return Judgement(.ok, "resolves")
            case nil: return Judgement(.unknown, "names could not be looked up")
            case false?:
                return Judgement(
                    .warning, "resolves none of \(names)",
                    "see /etc/resolv.conf on \(machine.name): images are pulled by name, and containers ask the same servers"
                )
            }
        }
    }

    private func kernel() -> [DoctorFinding] {
        eachHost(.kernel) { machine, host in
            if host.forwardsPackets == false {
                return Judgement(
                    .failure, "net.ipv4.ip_forward is 0: containers reach nothing",
                    "roadstead machine ssh \(machine.name) -- sudo sysctl -w net.ipv4.ip_forward=1, and look which file in "
                        + "/etc/sysctl.d sets it to 0")
            }
            if host.hasIPVS == false {
                return Judgement(
                    .warning, "the kernel has no IPVS: ports are published only where a task runs",
                    "use a kernel with the module ip_vs, or publish ports with mode host")
            }
            return Judgement(.ok, "forwards packets")
        }
    }

    private func logs() -> [DoctorFinding] {
        eachHost(.logs) { machine, host in
            guard let driver = host.loggingDriver else { return Judgement(.unknown, "its engine did not tell") }
            guard driver == "json-file", host.hasLogLimit == false else { return Judgement(.ok, driver) }
            return Judgement(
                .warning, "json-file without max-size: logs grow until the disk is full",
                "set \"log-opts\": {\"max-size\": \"10m\", \"max-file\": \"3\"} in /etc/docker/daemon.json of "
                    + "\(machine.name) and restart its engine, drained before")
        }
    }

    // MARK: - Leftovers

    private func leftovers() -> [DoctorFinding] {
        eachHost(.leftovers) { machine, host in
            let large = host.leftovers.filter { $0.reclaimable > 0 }.sorted { $0.reclaimable > $1.reclaimable }
            let sum = large.reduce(0) { $0 + $1.reclaimable }
            guard sum >= Limit.leftovers else { return Judgement(.ok, "\(Self.size(sum)) unused") }
            let parts = large.map { "\($0.kind.lowercased()) \(Self.size($0.reclaimable)) of \(Self.size($0.size))" }
            let commands = large.compactMap { Self.commands[$0.kind] }
            return Judgement(
                .warning, "\(Self.size(sum)) are used by nothing: " + parts.joined(separator: ", "),
                "on \(machine.name): " + commands.joined(separator: "; ")
                    + (large.contains { $0.kind == "Local Volumes" } ? " (volumes are data: look first)" : ""))
        }
    }

    private static let commands = [
        "Images": "docker image prune -a", "Containers": "docker container prune",
        "Local Volumes": "docker volume ls -f dangling=true, then docker volume rm NAME",
        "Build Cache": "docker builder prune",
    ]
}
