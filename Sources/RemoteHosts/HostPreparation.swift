import RoadsteadBasics

/// What has to be done on a host so that its engine is as it is wished: steps that may be done again at any time.
public struct HostPreparation: Sendable {
    public enum Step: String, Sendable, CaseIterable {
        /// cloud-init has ended.
        case waitForFirstBoot
        /// Kernel settings, by a file of our own in /etc/sysctl.d.
        case kernelSettings
        /// Docker's folder on a disk of its own, where one is wished.
        case dataDisk
        /// The engine's configuration: before it is installed, so that its first start is the only one.
        case engineFiles
        /// The distribution's packages, and time synchronisation where there is none.
        case installEngine
        /// Enabled and answering; started anew only when its configuration has changed.
        case startEngine
    }

    public let steps: [Step]
    /// What people should know before it is done: what is kept, and what stops meanwhile.
    public let warnings: [String]
    let wishes: EngineWishes
    let packages: [String]
    let patience: PackagePatience

    /// Decides from what was seen. A Docker that is there is kept; one that runs containers is configured only when it is
    /// adopted, and started anew once for that.
    ///
    /// Throws `unsuitable`: another system than Debian 12 and 13 and Ubuntu 22.04 and 24.04, no systemd, too little space,
    /// containers that run or another Swarm without `adopt`, an engine that does not answer and may have either, one that
    /// has settings which exclude ours; `invalidInput` for a version that is none.
    public init(
        _ facts: HostFacts, wishes: EngineWishes, host: String, patience: PackagePatience = PackagePatience()
    ) throws(RemoteHostError) {
        func refuse(_ message: String) -> RemoteHostError { RemoteHostError(.unsuitable, message, host: host) }
        let system = "\(facts.distribution ?? "an unknown system") \(facts.release ?? "")"
        guard let packages = Self.packages[system] else {
            throw refuse("\(host) runs \(system); Debian 12 and 13 and Ubuntu 22.04 and 24.04 can be prepared")
        }
        let fitness = HostFitness(facts: facts, wishes: wishes, host: host)
        if let obstacle = fitness.obstacle { throw refuse("\(host) \(obstacle)") }
        if let version = wishes.version, !Self.isVersion(version) {
            throw RemoteHostError(.invalidInput, "'\(version)' is no version of a package", host: host)
        }
        if let disk = wishes.dataDisk, !Self.isDataDisk(disk) {
            throw RemoteHostError(.invalidInput, "'\(disk)' is no disk: give auto, or a path below /dev", host: host)
        }
        (self.wishes, self.packages, self.patience) = (wishes, wishes.packages.all(packages), patience)
        (steps, warnings) = (fitness.steps, fitness.warnings)
    }

    private static let packages = [
        "debian 12": ["docker.io"], "debian 13": ["docker.io", "docker-cli"], "ubuntu 22.04": ["docker.io"],
        "ubuntu 24.04": ["docker.io"],
    ]

    /// deb-version(7), without the characters that mean something to a shell.
    private static func isVersion(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return text.utf8.allSatisfy { HostAddress.isLetterOrDigit($0) || ".+-~:".utf8.contains($0) }
    }

    // MARK: - Scripts

    /// The POSIX sh of a step. It may hold the engine's private key: it goes to the host by standard input only.
    func script(_ step: Step) -> String {
        switch step {
        case .waitForFirstBoot: Self.waitForFirstBoot
        case .kernelSettings: Self.put + Self.kernelSettings
        case .dataDisk: Self.put + dataDisk
        case .engineFiles: Self.put + engineFiles
        case .installEngine: installEngine
        case .startEngine: Self.startEngine
        }
    }

    /// What cloud-init could not do is seen in `HostFacts.cloudInit`.
    fileprivate static let waitForFirstBoot =
        "if command -v cloud-init >/dev/null; then timeout 600 cloud-init status --wait >/dev/null 2>&1 || true; fi"

    /// The kernel may refuse a setting, as in a container: the file counts at the next boot all the same.
    private static let kernelSettings = """
        put /etc/sysctl.d/90-roadstead.conf 644 <<'END'
        net.ipv4.ip_forward = 1
        vm.max_map_count = 262144
        END
        [ -z "$changed" ] || sysctl -q -p /etc/sysctl.d/90-roadstead.conf >/dev/null 2>&1 || true
        """
}

extension RemoteHost {
    /// Returns when cloud-init has ended, well or not, or after ten minutes; at once where there is none.
    public func waitForFirstBoot() async throws(RemoteHostError) {
        try await succeed(
            RemoteCommand(feeding: HostPreparation.waitForFirstBoot, asRoot: true, timeLimit: .seconds(620)))
    }

    /// Does all steps of a preparation, one after the other, as root. `began` is told each before it begins.
    ///
    /// Throws what `InstallFailure` tells of packages, else `commandFailed` with the last words of what failed; done again, it
    /// goes on where it is needed.
    public func prepare(
        _ preparation: HostPreparation, began: @Sendable (HostPreparation.Step) async -> Void = { _ in }
    ) async throws(RemoteHostError) {
        for step in preparation.steps {
            await began(step)
            let result = try await run(
                RemoteCommand(feeding: preparation.script(step), asRoot: true, timeLimit: .seconds(1800)))
            guard result.status == 0 else {
                throw InstallFailure(result.errorText, in: step)?.error(on: name) ?? failure(of: result)
            }
        }
    }
}
