import RoadsteadBasics

/// Gives a host's engine other packages, or another configuration, in two parts: what can be done while it runs, and the
/// change, during which its containers stand still. Both may be done again at any time.
public struct EngineChange: Sendable {
    private let preparation: HostPreparation

    /// Throws `unsuitable` for a system that cannot be prepared, `invalidInput` for a version that is none.
    public init(_ facts: HostFacts, wishes: EngineWishes, host: String) throws(RemoteHostError) {
        var wishes = wishes
        // It is the cluster's own: whatever runs on it was sent away, or stops with it.
        wishes.adopt = true
        preparation = try HostPreparation(facts, wishes: wishes, host: host)
    }

    /// Fetches the packages, and prints which version is there and which one would be.
    var fetching: String {
        """
        set -e
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        \(preparation.readLists)
        \(preparation.chooseVersions)
        apt-get -qqy \(preparation.lock) \(HostPreparation.options) --download-only --no-install-recommends --allow-change-held-packages \
          install $packages >/dev/null
        main=${versioned%% *}
        chosen=$(resolve "$main")
        case $chosen in
          *=*) chosen=${chosen#*=} ;;
          *) chosen=$(apt-cache policy "$main" | sed -n 's/^ *Candidate: *//p') ;;
        esac
        echo "chosen=$chosen"
        dpkg-query -W -f 'installed=${db:Status-Abbrev} ${Version}\\n' "$main" 2>/dev/null | sed -n 's/^installed=.i *//p' |
          sed 's/^/installed=/'
        """
    }

    /// - Parameter isOfPackages: whether they change, too; otherwise its files only.
    func changing(isOfPackages: Bool) -> [String] {
        [Self.stop, preparation.script(.engineFiles)] + (isOfPackages ? [install] : [])
            + [preparation.script(.startEngine)]
    }

    private static let stop =
        "systemctl stop docker.socket docker.service 2>/dev/null || ! systemctl -q is-active docker"

    /// With the lists that the fetching has read. A package that has started the engine has done so with the new files.
    private var install: String {
        """
        set -e
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        \(preparation.chooseVersions)
        \(HostPreparation.afterPowerLoss)
        # Other packages put dockerd elsewhere than the ones whose command line we took over.
        [ ! -e \(HostPreparation.unitFile) ] ||
          sed -i 's|^ExecStart=/usr/s*bin/dockerd |ExecStart=/usr/bin/env dockerd |' \(HostPreparation.unitFile)
        apt-get -qqy \(preparation.lock) \(HostPreparation.options) $again --no-install-recommends --allow-change-held-packages \
          install $packages >/dev/null
        sync
        rm -f "$begun"
        ! systemctl -q is-active docker || rm -f \(HostFacts.restartMark)
        """
    }
}

/// The versions of an engine's package: what is there, and what an install would bring.
public struct EngineFetch: Sendable, Hashable {
    /// nil: the engine is from other packages.
    public var installed: String?
    public var chosen: String

    public init(installed: String?, chosen: String) { (self.installed, self.chosen) = (installed, chosen) }

    public var isNeeded: Bool { installed != chosen }

    /// The engine's own: `26.1.4` of `5:26.1.4-1~debian.12~bookworm`.
    public var engineVersion: String {
        let text = chosen.firstIndex(of: ":").map { chosen[chosen.index(after: $0)...] } ?? chosen[...]
        return String(text.prefix { $0.isNumber || $0 == "." })
    }

    init?(parsing text: String) {
        var found: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            guard let sign = line.firstIndex(of: "=") else { continue }
            found[line[..<sign]] = String(line[line.index(after: sign)...])
        }
        guard let chosen = found["chosen"], !chosen.isEmpty, chosen != "(none)" else { return nil }
        self.init(installed: found["installed"], chosen: chosen)
    }
}

extension RemoteHost {
    /// The engine goes on meanwhile. Throws `commandFailed`, naming the versions that there are, when none suits.
    public func fetch(_ change: EngineChange) async throws(RemoteHostError) -> EngineFetch {
        let result = try await succeed(
            RemoteCommand(feeding: change.fetching, asRoot: true, timeLimit: .seconds(1800)))
        guard let fetch = EngineFetch(parsing: result.outputText) else { throw failure(of: result) }
        return fetch
    }

    /// Returns when the engine answers again.
    public func carryOut(_ change: EngineChange, isOfPackages: Bool) async throws(RemoteHostError) {
        for script in change.changing(isOfPackages: isOfPackages) {
            try await succeed(RemoteCommand(feeding: script, asRoot: true, timeLimit: .seconds(1800)))
        }
    }
}
