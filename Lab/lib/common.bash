# common.bash: names, paths and small functions that every script of the lab shares. Sourced, never run.
# shellcheck shell=bash disable=SC2034 # names are for the others
set -euo pipefail

LAB_HOME=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # `su` and cron may leave them out

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# The comment block at the top of a script is its usage text.
usage() { awk 'NR > 1 && !/^#/ {exit} NR > 1 {sub(/^# ?/, ""); print}' "$0"; }

LAB_NAME=${LAB_NAME:-roadstead}
[[ $LAB_NAME =~ ^[a-z][a-z0-9-]{0,30}$ ]] || die "LAB_NAME '$LAB_NAME': use a small letter, then small letters, digits and '-', at most 31"
LAB_DIR=${LAB_DIR:-/var/tmp/$LAB_NAME-lab}
LAB_CACHE=${LAB_CACHE:-/var/tmp/roadstead-lab-cache}
LAB_SUITE=${LAB_SUITE:-bookworm}
LAB_RUN=/run/roadstead-lab # what all labs of this machine share: which are up, settings before the first one
HOSTS=$LAB_DIR/hosts
KEY=$LAB_DIR/id_ed25519
TLS=$LAB_DIR/tls

# The address range is told, remembered from the first use, or the default lab's.
LAB_NET=${LAB_NET:-$(cat "$LAB_DIR/net" 2>/dev/null || true)}
[ -n "$LAB_NET" ] || [ "$LAB_NAME" != roadstead ] || LAB_NET=10.213.0
GATEWAY=$LAB_NET.1
export LAB_NAME LAB_DIR LAB_CACHE LAB_SUITE LAB_NET

need_net() {
  [ -n "$LAB_NET" ] || die "lab '$LAB_NAME' has no address range yet: set LAB_NET, for example LAB_NET=10.214.0"
  [[ $LAB_NET =~ ^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$ ]] || die "LAB_NET '$LAB_NET': give the first three numbers of a /24, for example 10.214.0"
}
need_root() { [ "$(id -u)" = 0 ] || die "a lab needs root: run it as root, or with sudo"; }

# Kernel names of interfaces have 15 characters: a hash of the lab's name, and the host's last number.
LAB_TAG=rl$(printf '%06x' $(($(printf %s "$LAB_NAME" | cksum | cut -d' ' -f1) % 16777216)))
BRIDGE=$LAB_TAG-br
COMMENT=lab-$LAB_NAME # of iptables rules, and the source of small disks
CGROUP=lab-$LAB_NAME

conf() { cat "$HOSTS/$1/$2" 2>/dev/null || true; }
netns_of() { echo "$LAB_NAME.$1"; }
veth_of() { local ip && ip=$(conf "$1" ip) && echo "$LAB_TAG-v${ip##*.}"; }
all_hosts() { local d && for d in "$HOSTS"/*/; do if [ -e "$d/ip" ]; then basename "$d"; fi; done; }
need_host() {
  [ $# -ge 1 ] || die "name a host"
  [ -d "$HOSTS/$1" ] || die "no host '$1' in lab '$LAB_NAME' (there are: $(all_hosts | paste -sd' '))"
}

# Runs a command under an exclusive lock, in a shell of its own.
with_lock() { # FILE COMMAND...
  local file=$1
  shift
  mkdir -p "$(dirname "$file")"
  (
    flock 9
    "$@"
  ) 9>"$file"
}

# A process is told by its pid and its start time, since pids are used again.
start_time() { awk '{print $22}' "/proc/$1/stat" 2>/dev/null || true; }
same_process() { [ -n "${1:-}" ] && [ -n "${2:-}" ] && [ "$(start_time "$1")" = "$2" ]; }

# The host's process 1 as seen from here; empty when the host is off.
init_pid() {
  local pid && pid=$(conf "$1" pid)
  if same_process "$pid" "$(conf "$1" starttime)"; then echo "$pid"; fi
}
is_up() { [ -n "$(init_pid "$1")" ]; }
need_up() {
  need_host "$@"
  is_up "$1" || die "host '$1' is off: $LAB_HOME/lab start $1"
}

# Runs FUNCTION once for each argument, all at the same time; fails when one of them fails.
in_parallel() { # FUNCTION ARG...
  local parallel_function=$1 arg pids=() failed=0
  shift
  for arg in "$@"; do
    "$parallel_function" "$arg" &
    pids+=($!)
  done
  for arg in ${pids[@]+"${pids[@]}"}; do wait "$arg" || failed=1; done
  return $failed
}

# Before a process that stays: it must hold neither locks nor the pipes of whoever called (who would wait for their end).
close_inherited() {
  local file number
  for file in "/proc/$BASHPID/fd"/*; do
    number=${file##*/}
    if [ "$number" -gt 2 ] && [ "$number" != 255 ]; then eval "exec $number>&-"; fi
  done
}

retry() { # SECONDS COMMAND...: until it succeeds
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.2
  done
}

ssh_options() {
  printf '%s\n' -i "$KEY" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=10 -o LogLevel=ERROR \
    -o UserKnownHostsFile="$LAB_DIR/known_hosts" -o StrictHostKeyChecking=yes
}
# ssh to a host as root, with the key and the host keys that the lab knows.
host_ssh() { # HOST ARG...
  local host=$1 options
  shift
  mapfile -t options < <(ssh_options)
  # shellcheck disable=SC2029 # expanded here on purpose
  ssh "${options[@]}" "root@$(conf "$host" ip)" "$@"
}
