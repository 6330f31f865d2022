extension HostPreparation {
    /// `DPkg::Lock::Timeout` waits for dpkg's lock; for that of the package lists there is no such option. Descriptions in
    /// other languages are half of the lists and of no use here. Lists that could not be had are no failure to apt, and
    /// none to us where older ones know the engine.
    var installEngine: String {
        let pin = wishes.version.map { "=" + $0 } ?? ""
        let words = packages.map { $0 == "docker.io" ? ShellWord.quoted($0 + pin) : $0 }.joined(separator: " ")
        let lock = "-o DPkg::Lock::Timeout=\(patience.lock)"
        return """
            set -e
            export DEBIAN_FRONTEND=noninteractive LC_ALL=C
            packages=\(ShellWord.quoted(words))
            \(Self.afterPowerLoss)
            update() { apt-get -qq \(lock) -o Acquire::Languages=none update 2>&1 >/dev/null; }
            n=0
            until said=$(update) && [ "${said#*Failed to fetch}" = "$said" ]; do
              n=$((n + 1)); [ $n -lt \(patience.tries) ] || break
              case $said in
                *'Could not get lock'*) ;;
                *) apt-cache policy \(ShellWord.quoted(packages.first ?? "")) | grep -q 'Candidate: [0-9]' && break ;;
              esac
              sleep 5
            done
            if ! dpkg-query -W -f '${Package} ${Status}\\n' chrony ntp ntpsec systemd-timesyncd 2>/dev/null | grep -q ' installed$'; then
              packages="$packages systemd-timesyncd"
            fi
            if ! failed=$(eval "apt-get -qqy \(lock) \(Self.options) $again install --no-install-recommends $packages" 2>&1 >/dev/null); then
              printf '%s\\n%s\\n' "$said" "$failed" | tail -c 16000 >&2
              case $failed in *'Unable to acquire the dpkg frontend lock'*) \(Self.lockHolder) ;; esac
              exit 1
            fi
            sync
            rm -f "$begun"
            # The package has started the engine, with the files that were there before.
            rm -f \(HostFacts.restartMark)
            """
    }

    /// apt names the holder only when it does not wait for the lock: the kernel knows it too (proc(5), /proc/locks).
    private static let lockHolder = """
        f=/var/lib/dpkg/lock-frontend
        p=$(awk -v end=":$(stat -c %i $f)" '$6 ~ end "$" {print $5; exit}' /proc/locks)
        [ -z "$p" ] || echo "Could not get lock $f. It is held by process $p ($(cat "/proc/$p/comm" 2>/dev/null))" >&2
        """

    /// Manual pages are hundreds of small files in Debian 13's `docker-cli`. What is unpacked is written to the disk once, at
    /// the end, instead of file by file.
    private static let options =
        "-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io "
        + "-o Dpkg::Options::=--path-exclude='/usr/share/man/*' -o Dpkg::Options::=--path-exclude='/usr/share/doc/*' "
        + "-o Dpkg::Options::=--path-include='/usr/share/doc/*/copyright'"

    /// A host that lost its power before the end may have files without contents: what was unpacked since then is
    /// unpacked anew.
    private static let afterPowerLoss = """
        begun=\(HostFacts.installingMark) again=
        if [ -e "$begun" ]; then
          dpkg --configure -a >/dev/null 2>&1 || true
          for p in $(find /var/lib/dpkg/info -name '*.list' -newer "$begun" | sed 's|.*/||; s|\\(:[^:]*\\)\\{0,1\\}\\.list$||'); do
            again=--reinstall
            [ "$p" = docker.io ] || packages="$packages $p"
          done
        else
          install -d -m 755 /var/lib/roadstead
          : >"$begun"
          sync "$begun"
        fi
        """
}

/// How long packages are waited for in one go. A step that ends with it is tried again, and says so.
public struct PackagePatience: Sendable, Hashable {
    /// Seconds for dpkg's lock, which another process may hold.
    public var lock: Int
    /// How often the lists are asked for, five seconds apart.
    public var tries: Int

    public init(lock: Int = 120, tries: Int = 12) { (self.lock, self.tries) = (lock, tries) }
}
