/// How a host that carries an engine is: what fills up, what runs out, what is set. Nothing on it is changed by the look.
/// What could not be read is nil.
public struct HostHealth: Sendable, Hashable {
    /// Bytes, or numbers of inodes.
    public struct Room: Sendable, Hashable {
        public var free: Int
        public var total: Int
    }

    /// One line of `docker system df`; sizes in bytes.
    public struct Usage: Sendable, Hashable {
        public var kind: String
        public var size: Int
        public var reclaimable: Int
    }

    /// Where Docker keeps its data.
    public var disk: Room?
    public var inodes: Room?
    public var memory: Room?
    public var hostName: String?
    public var machineID: String?
    /// Whether something keeps its clock right, as systemd knows.
    public var isClockSynchronized: Bool?
    /// Names that were looked up: where packages come from, and Docker's registry.
    public var lookedUp: [String] = []
    public var isNameFound: Bool?
    public var loggingDriver: String?
    /// Whether the engine's configuration limits the size of logs.
    public var hasLogLimit: Bool?
    public var forwardsPackets: Bool?
    public var hasIPVS: Bool?
    public var usage: [Usage] = []
    /// PEM of the engine's certificate and its authority, where Roadstead puts them.
    public var certificate: String?
    public var authority: String?

    public init() {}
}

extension HostHealth {
    /// POSIX sh that prints one `KEY=VALUE` a line, and PEM texts with `|` for line ends. Each question stands alone.
    static let script = #"""
        export LC_ALL=C
        say() { [ -z "$2" ] || printf '%s=%s\n' "$1" "$(printf %s "$2" | tr '\n' '|')"; }
        d=$(timeout 3 docker info --format '{{.DockerRootDir}}' 2>/dev/null)
        [ -d "$d" ] || d=/var/lib/docker
        [ -d "$d" ] || d=/var/lib
        say disk-kb "$(df -Pk "$d" 2>/dev/null | awk 'NR == 2 {print $4, $2}')"
        say inodes "$(df -Pi "$d" 2>/dev/null | awk 'NR == 2 {print $4, $2}')"
        say memory-kb "$(awk '$1 == "MemAvailable:" {f = $2} $1 == "MemTotal:" {t = $2} END {print f, t}' /proc/meminfo 2>/dev/null)"
        say host-name "$(uname -n)"
        say machine-id "$(cat /etc/machine-id 2>/dev/null)"
        if command -v timedatectl >/dev/null; then
          say synchronized "$(timeout 3 timedatectl show -p NTPSynchronized --value 2>/dev/null)"
        fi
        names=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
          sed -n 's|^[^#]*https\{0,1\}://\([A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*\).*|\1|p' | sort -u | head -n 3)
        say names "$names registry-1.docker.io"
        found=no
        for n in $names registry-1.docker.io; do
          if timeout 2 getent ahosts "$n" >/dev/null 2>&1; then found=yes; break; fi
        done
        say resolves $found
        say forwarding "$(cat /proc/sys/net/ipv4/ip_forward 2>/dev/null)"
        if [ -e /proc/net/ip_vs ] || modprobe -n -q ip_vs 2>/dev/null; then say ipvs yes; else say ipvs no; fi
        say logging "$(timeout 3 docker info --format '{{.LoggingDriver}}' 2>/dev/null)"
        if grep -qs '"max-size"' /etc/docker/daemon.json; then say log-limit yes; else say log-limit no; fi
        say authority "$(cat /etc/docker/tls/ca.pem 2>/dev/null)"
        say certificate "$(cat /etc/docker/tls/server.pem 2>/dev/null)"
        timeout 8 docker system df --format 'usage={{.Type}};{{.Size}};{{.Reclaimable}}' 2>/dev/null
        echo end=yes
        """#

    /// Nil unless the script came to its end.
    init?(parsing text: String) {
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let sign = line.firstIndex(of: "=") else { continue }
            let (key, value) = (String(line[..<sign]), String(line[line.index(after: sign)...]))
            if key == "usage" { usage += Usage(parsing: value).map { [$0] } ?? [] } else { found[key] = value }
        }
        guard found["end"] == "yes" else { return nil }
        disk = found["disk-kb"].flatMap { Room(parsing: $0, unit: 1024) }
        inodes = found["inodes"].flatMap { Room(parsing: $0, unit: 1) }
        memory = found["memory-kb"].flatMap { Room(parsing: $0, unit: 1024) }
        hostName = found["host-name"]
        machineID = found["machine-id"]
        isClockSynchronized = found["synchronized"].map { $0 == "yes" }
        lookedUp = (found["names"] ?? "").split { $0 == " " || $0 == "|" }.map(String.init)
        isNameFound = found["resolves"].map { $0 == "yes" }
        loggingDriver = found["logging"]
        hasLogLimit = found["log-limit"].map { $0 == "yes" }
        forwardsPackets = found["forwarding"].map { $0 == "1" }
        hasIPVS = found["ipvs"].map { $0 == "yes" }
        certificate = found["certificate"]?.replacing("|", with: "\n")
        authority = found["authority"]?.replacing("|", with: "\n")
    }
}

extension HostHealth.Room {
    /// Free and total, in units of so many.
    fileprivate init?(parsing text: String, unit: Int) {
        let numbers = text.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 2, numbers.allSatisfy({ $0 >= 0 && $0 < 1 << 50 }) else { return nil }
        self.init(free: numbers[0] * unit, total: numbers[1] * unit)
    }
}

extension HostHealth.Usage {
    /// `Images;1.2GB;600MB (50%)`
    fileprivate init?(parsing text: String) {
        let fields = text.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 3, let size = Self.bytes(fields[1]), let reclaimable = Self.bytes(fields[2]) else {
            return nil
        }
        self.init(kind: fields[0], size: size, reclaimable: reclaimable)
    }

    /// Docker's own way to write sizes: `0B`, `12.5kB`, `1.2GB (50%)`, in powers of 1000.
    static func bytes(_ text: String) -> Int? {
        let word = text.prefix { $0 != " " }
        let digits = word.prefix { $0.isNumber || $0 == "." }
        let units = ["B": 1.0, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15]
        guard let number = Double(digits), let unit = units[String(word.dropFirst(digits.count))],
            number * unit < 1e18
        else { return nil }
        return Int(number * unit)
    }
}

extension RemoteHost {
    /// Looks at the host as root, at most 15 s long.
    public func health() async throws(RemoteHostError) -> HostHealth {
        let result = try await run(RemoteCommand(feeding: HostHealth.script, asRoot: true, timeLimit: .seconds(15)))
        guard let health = HostHealth(parsing: result.outputText) else { throw failure(of: result) }
        return health
    }

    /// Milliseconds since 1970 by the host's own clock.
    public func time() async throws(RemoteHostError) -> Int {
        let result = try await succeed(RemoteCommand("date +%s%3N", timeLimit: .seconds(10)))
        guard let time = Int(result.outputText.words) else { throw failure(of: result) }
        return time
    }
}
