extension HostPreparation {
    /// `DPkg::Lock::Timeout` waits for dpkg's lock; for that of the package lists there is no such option.
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
        apt-get -qqy \(Self.options) $again install --no-install-recommends $packages >/dev/null
        sync
        rm -f "$begun"
        # The package has started the engine, with the files that were there before.
        rm -f /var/lib/roadstead/engine-changed
        """
    }

    /// Manual pages are hundreds of small files in Debian 13's `docker-cli`. What is unpacked is written to the disk once, at
    /// the end, instead of file by file.
    static let options =
        "-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-unsafe-io "
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
