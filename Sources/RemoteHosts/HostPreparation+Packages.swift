extension HostPreparation {
    /// Chooses versions: `resolve PACKAGE` prints what apt is to be given. The lists must be up to date.
    ///
    /// `26.1` takes `5:26.1.4-1~debian.12~bookworm`, and not `26.10`: the newest that begins with it, up to a number's end.
    var chooseVersions: String {
        """
        want=\(ShellWord.quoted(wishes.version ?? ""))
        versioned=\(ShellWord.quoted(wishes.packages.versioned.joined(separator: " ")))
        versions() { apt-cache madison "$1" | awk -F' *[|] *' '{print $2}'; }
        resolve() {
          case " $versioned " in *" $1 "*) ;; *) printf '%s\\n' "$1"; return ;; esac
          [ -n "$want" ] || { printf '%s\\n' "$1"; return; }
          v=$(versions "$1" | awk -v want="$want" '{u = $0; sub(/^[0-9]+:/, "", u)
            if (index(u, want) == 1 && substr(u, length(want) + 1, 1) !~ /[0-9]/) {print; exit}}')
          [ -n "$v" ] || {
            echo "its packages have no engine $want: of $1 there is $(versions "$1" | sort -u | tail -n 5 | paste -sd' ')" >&2
            exit 1
          }
          printf '%s=%s\\n' "$1" "$v"
        }
        packages=
        for p in \(packages.joined(separator: " ")); do packages="$packages $(resolve "$p")"; done
        """
    }

    /// Package lists, for packages of the wished kind. A mirror that is away for a moment is waited for; lists that could not
    /// be had are no failure to apt, and none to us where older ones know the engine. `DPkg::Lock::Timeout` waits for dpkg's
    /// lock; for that of the lists there is no such option. Descriptions in other languages are half of the lists and of no
    /// use here.
    var readLists: String {
        let repository =
            switch wishes.packages {
            case .distribution: ""
            case .docker(let repository): enter(repository)
            }
        return """
            update() { apt-get -qq \(lock) -o Acquire::Languages=none update 2>&1 >/dev/null; }
            lists() {
              n=0
              until said=$(update) && [ "${said#*Failed to fetch}" = "$said" ]; do
                n=$((n + 1)); [ $n -lt \(patience.tries) ] || break
                case $said in
                  *'Could not get lock'*) ;;
                  *) apt-cache policy \(ShellWord.quoted(packages.first ?? "")) | grep -q 'Candidate: [0-9]' && break ;;
                esac
                sleep 5
              done
            }
            \(repository)
            lists
            """
    }

    /// Options of apt-get: how long it waits for dpkg's lock.
    var lock: String { "-o DPkg::Lock::Timeout=\(patience.lock)" }

    /// The repository among apt's sources, with its key alone. Whoever can put another key, or one more, in the place of the
    /// right one does not get it in: the file must hold the one key of the fingerprint and no other.
    private func enter(_ repository: PackageRepository) -> String {
        """
        . /etc/os-release
        url=\(ShellWord.quoted(repository.url))/$ID
        key=\(ShellWord.quoted(repository.key ?? ""))
        fingerprint=\(repository.fingerprint)
        list=/etc/apt/sources.list.d/roadstead-docker.list ring=/etc/apt/keyrings/roadstead-docker.gpg
        line="deb [arch=$(dpkg --print-architecture) signed-by=$ring] $url $VERSION_CODENAME stable # $fingerprint"
        if [ ! -s "$ring" ] || [ "$(cat "$list" 2>/dev/null)" != "$line" ]; then
          rm -f "$list"
          if ! command -v gpg >/dev/null || [ ! -e /etc/ssl/certs/ca-certificates.crt ]; then
            lists
            apt-get -qqy \(lock) \(Self.options) install --no-install-recommends gpg ca-certificates >/dev/null
          fi
          d=$(mktemp -d)
          trap 'rm -rf "$d"' EXIT
          : "${key:=$url/gpg}"
          n=0
          until /usr/lib/apt/apt-helper download-file "$key" "$d/key" >/dev/null 2>"$d/why"; do
            n=$((n + 1))
            [ $n -lt 5 ] || { echo "the key of Docker's packages cannot be fetched: $(tail -n 1 "$d/why")" >&2; exit 1; }
            sleep 3
          done
          gpg --homedir "$d" --no-autostart --batch --quiet --import "$d/key" 2>"$d/why" || { tail -n 1 "$d/why" >&2; exit 1; }
          found=$(gpg --homedir "$d" --no-autostart --batch --with-colons --list-keys 2>/dev/null |
            awk -F: '$1 == "pub" {p = 1} $1 == "fpr" && p {print $10; p = 0}' | paste -sd' ')
          [ "$found" = "$fingerprint" ] || {
            echo "the key at $key is $found, and not $fingerprint: Docker's packages are not trusted" >&2
            exit 1
          }
          gpg --homedir "$d" --no-autostart --batch --export "$fingerprint" >"$d/ring"
          install -D -m 644 "$d/ring" "$ring"
          printf '%s\\n' "$line" >"$d/list"
          install -m 644 "$d/list" "$list"
        fi
        n=0
        until apt-get -qq -o Dir::Etc::sourcelist="$list" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 \
          -o APT::Update::Error-Mode=any \(lock) update >/dev/null; do
          n=$((n + 1)); [ $n -lt 5 ] || exit 1; sleep 3
        done
        """
    }
}
