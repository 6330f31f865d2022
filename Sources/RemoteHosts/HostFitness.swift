import RoadsteadBasics

/// Whether a host suits, what has to be done on it, and what people should know of that. Pure.
struct HostFitness {
    let facts: HostFacts
    let wishes: EngineWishes
    let host: String

    /// The engine takes the cluster's own clients already. A worker does not know its Swarm's id: this tells whose it is.
    private var isOurs: Bool {
        facts.engineAuthority != nil && facts.engineAuthority == wishes.tls?.authority.words
    }

    private var running: Int { facts.engine?.running ?? 0 }

    /// A host that runs containers has its engine started anew when it becomes the cluster's, and never again.
    private var isTakenOver: Bool { running > 0 && !isOurs }

    // MARK: - What stands against it

    /// To follow the host's name; nil when it can be taken.
    var obstacle: String? {
        guard facts.hasSystemd else { return "has no systemd, which starts the engine" }
        return missingSpace ?? settingsOfOthers ?? (wishes.adopt || isOurs ? nil : stranger)
    }

    /// Why it is not taken without `adopt`.
    private var stranger: String? {
        guard let engine = facts.engine else {
            guard facts.hasDocker, !facts.isPrepared, facts.hasDockerState else { return nil }
            return "has a Docker that does not answer, with containers or a Swarm of its own; start it "
                + "(systemctl start docker) so that it can be looked at, or adopt it"
        }
        if engine.running > 0 { return "runs \(engine.running) containers; adopt it to take it as it is" }
        let isMember = wishes.clusterID != nil && engine.clusterID == wishes.clusterID
        guard engine.swarmState != "inactive", !isMember else { return nil }
        return "is in another Swarm; let it leave that one, or adopt it"
    }

    /// The engine refuses to start with a setting in both places.
    private var settingsOfOthers: String? {
        guard !facts.engineSettings.isEmpty else { return nil }
        return
            "sets \(facts.engineSettings.joined(separator: ", ")) in /etc/docker/daemon.json, and so would Roadstead "
            + "on the engine's command line, which the engine refuses; remove them there"
    }

    // MARK: - Space

    /// MiB that packages, their lists and the first images take: measured with Debian 12's docker.io, and rounded up.
    private static let needs = [("/usr", 400), ("/var/lib", 500), ("/var/cache/apt", 200)]

    /// Only before the first package: of an installation that was begun nobody knows what it takes yet.
    private var missingSpace: String? {
        guard !facts.hasDocker, !facts.isInstalling, facts.spaces.count == Self.needs.count else { return nil }
        var needed: [String: (folders: [String], sum: Int)] = [:]
        for (space, need) in zip(facts.spaces, Self.needs) {
            let known = needed[space.mount] ?? ([], 0)
            needed[space.mount] = (known.folders + [need.0], known.sum + need.1)
        }
        for space in facts.spaces {
            let (folders, sum) = needed[space.mount] ?? ([], 0)
            guard space.free < sum << 20 else { continue }
            return "has \(space.free >> 20) MiB free at \(space.mount), and \(sum) MiB are needed there "
                + "(\(folders.joined(separator: ", "))) for the engine's packages and first images; make room there"
        }
        return nil
    }

    // MARK: - Steps

    var steps: [HostPreparation.Step] {
        guard facts.hasDocker, !facts.isInstalling else {
            return HostPreparation.Step.allCases.filter { $0 != .dataDisk || wishes.dataDisk != nil }
        }
        guard running > 0 else { return [.waitForFirstBoot, .kernelSettings, .engineFiles, .startEngine] }
        let isDone = isOurs && !facts.isRestartDue
        return isDone || wishes.tls == nil ? [.kernelSettings] : [.kernelSettings, .engineFiles, .startEngine]
    }

    // MARK: - Warnings

    var warnings: [String] {
        guard facts.hasDocker, !facts.isPrepared, !facts.isInstalling, let engine = facts.engine else { return [] }
        let disk = wishes.dataDisk.map { _ in
            "\(host)'s Docker keeps its data where they are: data-disk changes nothing there"
        }
        return [kept(engine)] + [disk].compactMap(\.self) + (isTakenOver ? [takeover(engine)] : []) + goes(engine)
    }

    private func kept(_ engine: HostFacts.Engine) -> String {
        let driver = engine.storageDriver ?? "overlay2"
        let storage = ["overlay2", "overlayfs"].contains(driver) ? "" : ", with its storage driver \(driver)"
        return "\(host) has Docker \(engine.version) already: it is kept\(storage)"
    }

    private func takeover(_ engine: HostFacts.Engine) -> String {
        let restart = "\(host)'s engine is restarted once"
        guard engine.swarmState != "inactive" else {
            let names = Self.list(facts.containers.map(\.name), of: engine.running)
            return "\(restart); its \(Self.containers(engine.running)) run on meanwhile (\(names))"
        }
        let ends =
            "\(restart), which ends its \(Self.containers(engine.running)), for a Swarm's engine cannot spare them"
        let parts = [
            ("started again by the Swarm", facts.containers.filter(\.isTask)),
            ("started again by the engine", facts.containers.filter { $0.comesBack && !$0.isTask }),
            ("not started again", facts.containers.filter { !$0.comesBack && !$0.isTask }),
        ].filter { !$0.1.isEmpty }
        return ([ends] + parts.map { "\($0): \(Self.list($1.map(\.name), of: $1.count))" }).joined(separator: "; ")
    }

    private func goes(_ engine: HostFacts.Engine) -> [String] {
        guard engine.letsContainersLive, engine.swarmState == "inactive" else { return [] }
        return ["live-restore, which no Swarm can have, is switched off on \(host) once it is in one"]
    }

    private static func containers(_ count: Int) -> String { count == 1 ? "1 container" : "\(count) containers" }

    private static func list(_ names: [String], of count: Int) -> String {
        let shown = names.sorted().prefix(10)
        let rest = count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? ", and \(rest) more" : "")
    }
}
