/// How an engine is started anew without its containers noticing.
public enum EngineRestart {
    /// Functions of POSIX sh. `restart_engine` restarts it and returns when it answers; other than 0, with words, when it
    /// does not. `info FORMAT` asks the engine, and says nothing when it does not answer.
    ///
    /// Containers that run go on: for the time of the restart the engine is told to let them live (live-restore, which an
    /// engine takes without a restart). An engine in a Swarm cannot, and ends them. A setting that is missing in the file does
    /// not switch it off again, `false` does; then the file is as it was before, but for a `true` that no Swarm goes with.
    public static let functions = #"""
        settings=/etc/docker/daemon.json kept=/var/lib/roadstead/daemon.json
        info() { timeout 20 docker info --format "$1" 2>/dev/null || true; }
        answers() {
          n=0
          until timeout 10 docker version >/dev/null 2>&1; do
            n=$((n + 1)); [ $n -lt 60 ] || { echo 'the engine does not answer' >&2; return 1; }; sleep 1
          done
        }
        restart_plainly() {
          if systemctl restart docker && answers; then return 0; fi
          journalctl -u docker -o cat -n 30 --no-pager 2>/dev/null |
            grep -E 'failed to start daemon|unable to configure|level=(error|fatal)' | tail -n 1 | cut -c 1-300 >&2
          return 1
        }
        live() {
          perl -0777 -pe 'BEGIN { $v = shift } s/("live-restore"\s*:\s*)(?:true|false)/$1$v/ or s/\{/{"live-restore": $v, /;
            s/,\s*\}\s*\z/}\n/' "$1" $kept >$settings
        }
        reread() {
          kill -HUP "$(systemctl show -p MainPID --value docker)" || return 1
          n=0
          until [ "$(info '{{.LiveRestoreEnabled}}')" = "$1" ]; do
            n=$((n + 1)); [ $n -lt 20 ] || return 1; sleep 0.5
          done
        }
        restart_engine() {
          [ ! -s $kept ] || mv -f $kept $settings
          case $(info '{{.Swarm.LocalNodeState}} {{.ContainersRunning}}') in
            'inactive 0')
              if grep -qs '"live-restore"' $settings; then cp -p $settings $kept; live false; rm -f $kept; fi
              restart_plainly
              return ;;
            inactive*) ;;
            *) restart_plainly; return ;;
          esac
          trap '' HUP
          install -d -m 755 /etc/docker /var/lib/roadstead
          [ -s $settings ] || echo '{}' >$settings
          cp -p $settings $kept.new && mv -f $kept.new $kept && live true || return 1
          if [ "$(info '{{.LiveRestoreEnabled}}')" != true ] && ! reread true; then
            mv -f $kept $settings
            echo 'the engine cannot spare its containers (live-restore): stop them, and ask again' >&2
            return 1
          fi
          s=0; restart_plainly || s=1
          live false
          [ $s != 0 ] || reread false || { echo 'live-restore cannot be switched off again' >&2; s=1; }
          if grep -q '"live-restore"' $kept; then rm -f $kept; else mv -f $kept $settings; fi
          return $s
        }
        """#
}
