extension HostFacts {
    /// Written before anything of the engine is changed.
    static let preparedMark = "/var/lib/roadstead/engine"
    /// There as long as packages are being installed.
    static let installingMark = "/var/lib/roadstead/installing"
    /// There from a change of the engine's configuration until the engine has been started with it.
    static let restartMark = "/var/lib/roadstead/engine-changed"

    /// POSIX sh that prints one `KEY=VALUE` a line. Each question stands alone: what a host lacks is left out.
    static let script = """
        export LC_ALL=C
        say() { [ -z "$2" ] || printf '%s=%s\\n' "$1" "$(printf %s "$2" | tr '\\n' ' ')"; }
        . /etc/os-release 2>/dev/null
        say distribution "$ID"
        say release "$VERSION_ID"
        say architecture "$(uname -m)"
        say kernel "$(uname -r)"
        [ ! -d /run/systemd/system ] || say systemd yes
        say memory-kb "$(awk '$1 == "MemTotal:" {print $2}' /proc/meminfo 2>/dev/null)"
        say cores "$(getconf _NPROCESSORS_ONLN 2>/dev/null)"
        say disk-kb "$(df -Pk /var/lib 2>/dev/null | awk 'NR == 2 {print $2, $4}')"
        say spaces "$(df -Pk /usr /var/lib /var/cache/apt 2>/dev/null | awk 'NR > 1 {print $6 "|" $4}')"
        say host-name "$(uname -n)"
        say machine-id "$(cat /etc/machine-id 2>/dev/null)"
        if command -v ip >/dev/null; then
          say addresses "$(ip -o addr show scope global 2>/dev/null | awk '{split($4, a, "/"); print a[1]}')"
          i=$(ip -o route show default 2>/dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)
          say interface "$i"
          [ -z "$i" ] || say mtu "$(cat "/sys/class/net/$i/mtu" 2>/dev/null)"
        fi
        [ ! -e \(preparedMark) ] || say prepared yes
        [ ! -e \(installingMark) ] || say installing yes
        [ ! -e \(restartMark) ] || say restart-due yes
        if command -v dockerd >/dev/null; then
          say docker yes
          say engine-package "$(dpkg-query -W -f '${Status} ${Package}\\n' docker-ce docker.io 2>/dev/null | sed -n 's/^[a-z]* ok installed //p' | head -n 1)"
          say authority "$(cat /etc/docker/tls/ca.pem 2>/dev/null)"
          say engine-settings "$(grep -Eo '"(hosts|tls|tlsverify|tlscacert|tlscert|tlskey)"' /etc/docker/daemon.json 2>/dev/null | tr -d '"')"
          d=/var/lib/docker
          if grep -Eqs '"(data-root|graph)"' /etc/docker/daemon.json || [ -e $d/swarm/docker-state.json ] ||
            [ -n "$(ls -A $d/containers 2>/dev/null)" ]; then say docker-state yes; fi
          if command -v docker >/dev/null && pgrep -x dockerd >/dev/null; then
            say engine "$(timeout 20 docker info --format '{{.ServerVersion}}|{{.Driver}}|{{.ContainersRunning}}|{{.Swarm.LocalNodeState}}|{{.Swarm.NodeID}}|{{.Swarm.ControlAvailable}}|{{with .Swarm.Cluster}}{{.ID}}{{end}}|{{.LiveRestoreEnabled}}' 2>/dev/null)"
            say containers "$(timeout 20 docker ps -q 2>/dev/null | head -n 100 | xargs -r timeout 20 docker inspect --format '{{.Name}}|{{.HostConfig.RestartPolicy.Name}}|{{index .Config.Labels "com.docker.swarm.task.id"}}' 2>/dev/null)"
          fi
        fi
        n=$(stat -c %i /var/lib/dpkg/lock-frontend 2>/dev/null)
        if [ -n "$n" ] && grep -q ":$n 0 EOF" /proc/locks 2>/dev/null; then say package-lock held; fi
        if command -v cloud-init >/dev/null; then
          say cloud-init "$(timeout 20 cloud-init status 2>/dev/null | sed -n 's/^status: *//p')"
        fi
        say time "$(date +%s)"
        """

    /// Reads what the script printed. Lines that it does not know are skipped; nil when there is no line at all that it
    /// knows, as when something else answered.
    init?(parsing text: String) {
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let sign = line.firstIndex(of: "=") else { continue }
            found[String(line[..<sign])] = String(line[line.index(after: sign)...]).words
        }
        guard found["kernel"] != nil, found["time"] != nil else { return nil }
        distribution = found["distribution"]
        release = found["release"]
        architecture = found["architecture"]
        kernel = found["kernel"]
        hasSystemd = found["systemd"] == "yes"
        memory = found["memory-kb"].flatMap(Self.kilobytes)
        cores = found["cores"].flatMap { Int($0) }
        let disk = (found["disk-kb"] ?? "").split(separator: " ").compactMap { Self.kilobytes(String($0)) }
        (totalDisk, freeDisk) = disk.count == 2 ? (disk[0], disk[1]) : (nil, nil)
        time = found["time"].flatMap { Int($0) }
        hostName = found["host-name"]
        machineID = found["machine-id"]
        addresses = (found["addresses"] ?? "").split(separator: " ").map(String.init)
        defaultInterface = found["interface"]
        mtu = found["mtu"].flatMap { Int($0) }
        hasDocker = found["docker"] == "yes"
        isPrepared = found["prepared"] == "yes"
        isInstalling = found["installing"] == "yes"
        engineAuthority = found["authority"]
        enginePackage = found["engine-package"]
        hasDockerState = found["docker-state"] == "yes"
        engine = found["engine"].flatMap { Engine(parsing: $0) }
        containers = Self.parts(found["containers"]).compactMap { Container(parsing: $0) }
        engineSettings = Self.parts(found["engine-settings"])
        isRestartDue = found["restart-due"] == "yes"
        spaces = Self.parts(found["spaces"]).compactMap { part in
            let fields = part.split(separator: "|")
            guard fields.count == 2, let free = Self.kilobytes(String(fields[1])) else { return nil }
            return Space(mount: String(fields[0]), free: free)
        }
        packageLockHeld = found["package-lock"] == "held"
        cloudInit = found["cloud-init"]
    }

    private static func parts(_ text: String?) -> [String] { (text ?? "").split(separator: " ").map(String.init) }

    private static func kilobytes(_ text: String) -> Int? {
        guard let number = Int(text), number >= 0, number < 1 << 50 else { return nil }
        return number * 1024
    }
}

extension HostFacts.Engine {
    /// The fields of the script's template, by `|`. Nil without a version: no engine answered.
    init?(parsing line: String) {
        let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 8, !fields[0].isEmpty else { return nil }
        func text(_ index: Int) -> String? { fields[index].isEmpty ? nil : fields[index] }
        self.init(
            version: fields[0], storageDriver: text(1), running: Int(fields[2]) ?? 0,
            swarmState: text(3) ?? "inactive", nodeID: text(4), clusterID: text(6), isManager: fields[5] == "true",
            letsContainersLive: fields[7] == "true")
    }
}

extension String {
    /// With one space between words, none around.
    var words: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

extension RemoteHost {
    /// Looks at the host in one round trip, as root. Throws `commandFailed` when what answers is no Unix shell.
    public func facts() async throws(RemoteHostError) -> HostFacts {
        let result = try await run(RemoteCommand(feeding: HostFacts.script, asRoot: true, timeLimit: .seconds(90)))
        guard let facts = HostFacts(parsing: result.outputText) else { throw failure(of: result) }
        return facts
    }
}
