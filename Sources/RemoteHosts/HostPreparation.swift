import RoadsteadBasics

/// What has to be done on a host so that its engine is as it is wished: steps that may be done again at any time.
public struct HostPreparation: Sendable {
    public enum Step: String, Sendable, CaseIterable {
        /// cloud-init has ended.
        case waitForFirstBoot
        /// Kernel settings, by a file of our own in /etc/sysctl.d.
        case kernelSettings
        /// The engine's configuration: before it is installed, so that its first start is the only one.
        case engineFiles
        /// The distribution's packages, and time synchronisation where there is none.
        case installEngine
        /// Enabled and answering; started anew only when its configuration has changed.
        case startEngine
    }

    public let steps: [Step]
    let wishes: EngineWishes
    let packages: [String]

    /// Decides from what was seen. A Docker that is there is kept; one that runs containers is not even configured.
    ///
    /// Throws `unsuitable`: another system than Debian 12 and 13 and Ubuntu 22.04 and 24.04, no systemd, containers that run
    /// or another Swarm without `adopt`, an engine that does not answer and may have either; `invalidInput` for a version
    /// that is none.
    public init(_ facts: HostFacts, wishes: EngineWishes, host: String) throws(RemoteHostError) {
        func refuse(_ message: String) -> RemoteHostError { RemoteHostError(.unsuitable, message, host: host) }
        let system = "\(facts.distribution ?? "an unknown system") \(facts.release ?? "")"
        guard let packages = Self.packages[system] else {
            throw refuse("\(host) runs \(system); Debian 12 and 13 and Ubuntu 22.04 and 24.04 can be prepared")
        }
        guard facts.hasSystemd else { throw refuse("\(host) has no systemd, which starts the engine") }
        if !wishes.adopt, let obstacle = Self.obstacle(facts, wishes) { throw refuse("\(host) \(obstacle)") }
        let running = facts.engine?.running ?? 0
        if let version = wishes.version, !Self.isVersion(version) {
            throw RemoteHostError(.invalidInput, "'\(version)' is no version of a package", host: host)
        }
        self.wishes = wishes
        self.packages = wishes.packages.all(packages)
        steps =
            switch (facts.hasDocker && !facts.isInstalling, running) {
            case (false, _): Step.allCases
            case (true, 0): [.waitForFirstBoot, .kernelSettings, .engineFiles, .startEngine]
            case (true, _): [.kernelSettings]
            }
    }

    /// Why a host is not taken without `adopt`, to follow its name.
    private static func obstacle(_ facts: HostFacts, _ wishes: EngineWishes) -> String? {
        // A worker does not know its Swarm's id; whose clients its engine takes tells whose it is.
        if let authority = facts.engineAuthority, authority == wishes.tls?.authority.words { return nil }
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
        case .engineFiles: Self.put + engineFiles
        case .installEngine: installEngine
        case .startEngine: Self.startEngine
        }
    }

    /// What cloud-init could not do is seen in `HostFacts.cloudInit`.
    fileprivate static let waitForFirstBoot =
        "if command -v cloud-init >/dev/null; then timeout 600 cloud-init status --wait >/dev/null 2>&1 || true; fi"

    /// `put FILE MODE` writes standard input when it differs, under a temporary name first, and notes that it did.
    private static let put = """
        set -e
        umask 077
        put() {
          install -d -m 755 "${1%/*}"
          t=$(mktemp -- "$1.XXXXXXXX")
          cat >"$t"
          if cmp -s "$t" "$1"; then rm -f "$t"; else chmod "$2" "$t"; mv -f "$t" "$1"; changed=yes; fi
        }

        """

    /// The kernel may refuse a setting, as in a container: the file counts at the next boot all the same.
    private static let kernelSettings = """
        put /etc/sysctl.d/90-roadstead.conf 644 <<'END'
        net.ipv4.ip_forward = 1
        vm.max_map_count = 262144
        END
        [ -z "$changed" ] || sysctl -q -p /etc/sysctl.d/90-roadstead.conf >/dev/null 2>&1 || true
        """

    private var engineFiles: String {
        var text = """
            install -d -m 755 /var/lib/roadstead
            : >>\(HostFacts.preparedMark)
            [ -e /etc/docker/daemon.json ] || put /etc/docker/daemon.json 644 <<'END'
            \(daemonJSON)
            END

            """
        if let tls = wishes.tls {
            let files = [
                ("ca.pem", tls.authority), ("server.pem", tls.certificate), ("server-key.pem", tls.key.exposed),
            ]
            text += "install -d -m 755 /etc/docker\ninstall -d -m 700 /etc/docker/tls\n"
            for (name, content) in files {
                text += "printf '%s\\n' \(ShellWord.quoted(content)) | put /etc/docker/tls/\(name) 600\n"
            }
            text += "put /etc/systemd/system/docker.service.d/10-roadstead.conf 644 <<'END'\n\(Self.unit)\nEND\n"
        }
        // Kept until the engine has been started with it, even when we are ended in between.
        return text
            + "[ -z \"$changed\" ] || : >/var/lib/roadstead/engine-changed\n"
    }

    private var daemonJSON: String {
        let mtu = wishes.mtu.map { ", \"mtu\": \($0)" } ?? ""
        return #"{"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "3"}\#(mtu)}"#
    }

    /// The packages' units say `-H fd://`, with which `hosts` in daemon.json would be refused: the command line is replaced.
    /// Where dockerd lies differs between the systems, hence env(1), which becomes it.
    private static let unit = """
        [Service]
        ExecStart=
        ExecStart=/usr/bin/env dockerd -H fd:// -H tcp://0.0.0.0:2376 --containerd=/run/containerd/containerd.sock \
        --tlsverify --tlscacert=/etc/docker/tls/ca.pem --tlscert=/etc/docker/tls/server.pem \
        --tlskey=/etc/docker/tls/server-key.pem
        """

    private static let startEngine = """
        set -e
        systemctl daemon-reload
        systemctl -q enable docker
        if [ -e /var/lib/roadstead/engine-changed ]; then systemctl restart docker; else systemctl start docker; fi
        rm -f /var/lib/roadstead/engine-changed
        n=0
        until timeout 10 docker version >/dev/null 2>&1; do
          n=$((n + 1)); [ $n -lt 60 ] || { echo 'the engine does not answer' >&2; exit 1; }; sleep 1
        done
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
    /// Throws `commandFailed` with the last words of what failed; done again, it goes on where it is needed.
    public func prepare(
        _ preparation: HostPreparation, began: @Sendable (HostPreparation.Step) async -> Void = { _ in }
    ) async throws(RemoteHostError) {
        for step in preparation.steps {
            await began(step)
            try await succeed(
                RemoteCommand(feeding: preparation.script(step), asRoot: true, timeLimit: .seconds(1800)))
        }
    }
}
