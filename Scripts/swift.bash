# shellcheck shell=bash
# What ./run and ./test share: the compiler's needs, and a build whose progress is drawn.

# Debian packages that a build of Roadstead needs beside the Swift toolchain.
SWIFT_PACKAGES=(libsqlite3-dev zlib1g-dev git ca-certificates)

swift_needs_install() {
  command -v swift >/dev/null || {
    echo "Swift is not on the PATH: install Swift 6.3 or newer (https://www.swift.org/install/linux/) and try again" >&2
    return 1
  }
  local version missing=() package
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -1)
  [ "$(printf '%s\n6.2\n' "$version" | sort -V | head -1)" = 6.2 ] || {
    echo "Swift $version is too old: install 6.3 or newer (https://www.swift.org/install/linux/)" >&2
    return 1
  }
  for package in "${SWIFT_PACKAGES[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || {
    echo "missing Debian packages: ${missing[*]}; install them as root: apt-get install ${missing[*]}" >&2
    return 1
  }
  DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${missing[@]}" >/dev/null ||
    { apt-get -q update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get -qy install --no-install-recommends "${missing[@]}" >/dev/null; }
}

# beside FILE COMMAND...: starts COMMAND beside what follows; `joined FILE` waits for its end and has its status.
# By a file: a shell forgets the status of a child once another process got the same id, and a long build uses up all ids.
beside() {
  local file=$1
  shift
  rm -f "$file"
  (
    set +e
    "$@"
    echo $? >"$file.part"
    mv "$file.part" "$file"
  ) &
}
joined() {
  local tries
  for ((tries = 0; tries < 7200; tries++)); do
    [ ! -e "$1" ] || return "$(cat "$1")"
    sleep 0.5
  done
  return 124
}

# swift_progress LOG COMMAND...: runs a build into LOG; draws [done/all] on a terminal, else says it every half minute.
swift_progress() {
  local log=$1 pid last=$SECONDS
  shift
  "$@" >"$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.5
    if [ -t 1 ]; then swift_bar "$log"
    elif [ $((SECONDS - last)) -ge 30 ]; then last=$SECONDS; echo "   build $(swift_position "$log")"
    fi
  done
  [ ! -t 1 ] || printf '\r\033[K'
  wait "$pid"
}
swift_position() { tail -c 4096 "$1" | grep -oE '^\[[0-9]+/[0-9]+\]' | tail -1; }
swift_bar() {
  local position done all width
  position=$(swift_position "$1" | tr -d '[]')
  [ -n "$position" ] || return 0
  done=${position%/*} all=${position#*/} width=$((${position%/*} * 40 / ${position#*/}))
  printf '\r\033[K   build [%-40s] %d/%d' "$(printf '%*s' "$width" '' | tr ' ' '#')" "$done" "$all"
}

# The release binary: the Swift runtime linked in, symbols stripped, so that the one file can be copied to a host.
swift_release() { # LOG
  swift_progress "$1" swift build -c release --product roadstead --static-swift-stdlib -Xlinker -s
}
SWIFT_RELEASE_BINARY=.build/release/roadstead
