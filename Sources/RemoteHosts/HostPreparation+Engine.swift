import RoadsteadBasics

/// The engine's configuration, and its start.
extension HostPreparation {
    /// `put FILE MODE` writes standard input when it differs, under a temporary name first, and notes that it did.
    static let put = """
        set -e
        umask 077
        put() {
          install -d -m 755 "${1%/*}"
          t=$(mktemp -- "$1.XXXXXXXX")
          cat >"$t"
          if cmp -s "$t" "$1"; then rm -f "$t"; else chmod "$2" "$t"; mv -f "$t" "$1"; changed=yes; fi
        }

        """

    var engineFiles: String {
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
            text += unit
        }
        // Kept until the engine has been started with it, even when we are ended in between.
        return text
            + "[ -z \"$changed\" ] || printf %s \"$first\" >\(HostFacts.restartMark)\n"
    }

    private var daemonJSON: String {
        let mtu = wishes.mtu.map { ", \"mtu\": \($0)" } ?? ""
        return #"{"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "3"}\#(mtu)}"#
    }

    static let unitFile = "/etc/systemd/system/docker.service.d/10-roadstead.conf"

    /// The packages' units say `-H fd://`, with which `hosts` in daemon.json would be refused: the command line is replaced.
    /// That of a Docker which is there goes on. Where there is none yet, nobody knows where dockerd will lie, hence env(1),
    /// which becomes it.
    private var unit: String {
        let everywhere = wishes.isOverIPv6 ? "[::]" : "0.0.0.0"
        return #"""
            if [ ! -e \#(Self.unitFile) ]; then
              first=first
              line=$(systemctl cat docker 2>/dev/null | \#(Self.commandLine))
              [ -n "$line" ] || line='/usr/bin/env dockerd -H fd:// --containerd=/run/containerd/containerd.sock '
              put \#(Self.unitFile) 644 <<END
            [Service]
            ExecStart=
            ExecStart=$line-H tcp://\#(everywhere):2376 --tlsverify --tlscacert=/etc/docker/tls/ca.pem \
            --tlscert=/etc/docker/tls/server.pem --tlskey=/etc/docker/tls/server-key.pem
            END
            fi

            """#
    }

    /// Reads a unit and prints its last command line, with a space behind it, without what is to be another's: the ways in at
    /// port 2376, their certificates, and live-restore, which goes with no Swarm.
    static let commandLine = #"""
        awk '
          /^[#;]/ { next }
          { line = line $0 }
          line ~ /\\$/ { sub(/\\$/, " ", line); next }
          line ~ /^ExecStart=./ { last = substr(line, 11) }
          { line = "" }
          END {
            count = split(last, word)
            for (i = 1; i <= count; i++) {
              if (word[i] ~ /^--tls(cacert|cert|key)$/) { i++; continue }
              if (word[i] ~ /^--(tls|tlsverify|live-restore)(=|$)/ || word[i] ~ /^--tls(cacert|cert|key)=/) continue
              if (word[i] ~ /^(-H|--host)$/ && word[i + 1] ~ /^tcp:.*:2376$/) { i++; continue }
              if (word[i] ~ /^(-H|--host)=?tcp:.*:2376$/) continue
              if (word[i] ~ /^(-H|--host)/) hosts = 1
              printf "%s ", word[i]
            }
            if (count && !hosts) printf "-H unix:///var/run/docker.sock "
          }'
        """#

    /// An engine that answered and does not start with what is new gets back what it had.
    static let startEngine = """
        set -e
        mark=\(HostFacts.restartMark)
        \(EngineRestart.functions)
        was=$(info '{{.ServerVersion}}')
        systemctl daemon-reload
        systemctl -q enable docker
        if [ -e $mark ]; then
          if ! restart_engine; then
            if [ "$(cat $mark)" = first ] && [ -n "$was" ]; then
              rm -f \(unitFile) $mark
              systemctl daemon-reload
              systemctl reset-failed docker 2>/dev/null || true
              restart_plainly || true
              echo 'the engine does not start with its certificates, and was given back what it had' >&2
            fi
            exit 1
          fi
        else
          systemctl start docker
          answers
        fi
        rm -f $mark
        """
}
