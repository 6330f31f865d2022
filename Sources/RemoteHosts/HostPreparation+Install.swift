extension HostPreparation {
    /// What apt writes to standard error tells why packages did not come.
    var installEngine: String {
        """
        set -e
        export DEBIAN_FRONTEND=noninteractive LC_ALL=C
        \(readLists)
        \(chooseVersions)
        \(Self.afterPowerLoss)
        if ! dpkg-query -W -f '${Package} ${Status}\\n' chrony ntp ntpsec systemd-timesyncd 2>/dev/null | grep -q ' installed$'; then
          packages="$packages systemd-timesyncd"
        fi
        if ! failed=$(apt-get -qqy \(lock) \(Self.options) $again install --no-install-recommends $packages 2>&1 >/dev/null); then
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
    static let options =
        "-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io "
        + "-o Dpkg::Options::=--path-exclude='/usr/share/man/*' -o Dpkg::Options::=--path-exclude='/usr/share/doc/*' "
        + "-o Dpkg::Options::=--path-include='/usr/share/doc/*/copyright'"

    /// A host that lost its power before the end may have files without contents: what was unpacked since then is
    /// unpacked anew.
    static let afterPowerLoss = """
        begun=\(HostFacts.installingMark) again=
        if [ -e "$begun" ]; then
          dpkg --configure -a >/dev/null 2>&1 || true
          for p in $(find /var/lib/dpkg/info -name '*.list' -newer "$begun" | sed 's|.*/||; s|\\(:[^:]*\\)\\{0,1\\}\\.list$||'); do
            again=--reinstall
            case " $packages " in *" $p "* | *" $p="*) ;; *) packages="$packages $p" ;; esac
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
