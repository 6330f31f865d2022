# hosts.bash: the life of a host: create, start, kill, stop, destroy, cut, heal, bake. Sourced.
# shellcheck shell=bash

state_ensure() {
  umask 022
  mkdir -p "$HOSTS"
  chmod 700 "$LAB_DIR" # keys, and setuid programs of hosts
  with_lock "$LAB_DIR/lock" key_ensure
}
key_ensure() { [ -e "$KEY" ] || ssh-keygen -q -t ed25519 -N '' -C "lab-$LAB_NAME" -f "$KEY"; }
host_locked() { # HOST FUNCTION ARG...: two commands for one host wait for each other
  with_lock "$LAB_DIR/locks/$1" "$2" "$1" "${@:3}"
}

# Creating.

host_create() { # HOST IP MEMORY LAYER SUITE USER_DATA KEYFILE...
  [ -d "$HOSTS/$1" ] || with_lock "$LAB_DIR/lock" host_seed "$@"
  host_start "$1"
}
host_seed() {
  local host=$1 ip=$2 memory=$3 layer=$4 suite=$5 user_data=$6 dir=$LAB_DIR/seeds/$1 owner
  shift 6
  owner=$(grep -lsx "$ip" "$HOSTS"/*/ip | head -n 1 || true)
  [ -z "$owner" ] || die "address $ip of '$host' is taken by host '$(basename "$(dirname "$owner")")'"
  rm -rf --one-file-system "$dir"
  mkdir -p "$dir"/{upper/etc,work,root,disk/docker,disk/containerd,disk/data}
  echo "$ip" >"$dir/ip"
  echo "$memory" >"$dir/memory"
  echo "$suite" >"$dir/suite"
  echo "$layer" >"$dir/layer"
  seed_files "$host" "$dir/upper" "$user_data" "$@"
  mv "$dir" "$HOSTS/$host"
}
seed_files() { # HOST UPPER USER_DATA KEYFILE...
  local host=$1 upper=$2 user_data=$3 seed=$2/var/lib/lab/seed units=$2/etc/systemd/system unit
  shift 3
  mkdir -p "$upper/usr/local/sbin" "$units/multi-user.target.wants" "$seed"
  chmod 700 "$seed"
  cat "$KEY.pub" "$@" >"$seed/authorized_keys"
  if [ -n "$user_data" ]; then install -m 700 "$user_data" "$seed/user-data"; fi
  # shellcheck disable=SC2153
  install -m 755 "$LAB_HOME/lib/firstboot" "$upper/usr/local/sbin/lab-firstboot"
  for unit in lab-firstboot-early lab-firstboot-final; do
    install -m 644 "$LAB_HOME/lib/$unit.service" "$units/"
    ln -s "/etc/systemd/system/$unit.service" "$units/multi-user.target.wants/"
  done
  echo "$host" >"$upper/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost ip6-localhost\n' "$host" >"$upper/etc/hosts"
  cat "$(resolver_file)" >"$upper/etc/resolv.conf"
}
# A resolver that listens on this machine's loopback is of no use to a host; behind systemd's there is a real one.
resolver_file() {
  if grep -q '^nameserver 127\.' /etc/resolv.conf && [ -e /run/systemd/resolve/resolv.conf ]; then
    echo /run/systemd/resolve/resolv.conf
  else echo /etc/resolv.conf; fi
}

# Power.

host_start() { # HOST
  local was=already
  if ! is_up "$1"; then
    was=
    host_boot "$1"
  fi
  retry 120 host_answers_or_died "$1" || host_failed "$1" "does not answer ssh after 120 s"
  is_up "$1" || host_failed "$1" "ended while it booted"
  known_hosts_add "$1"
  echo "$1:${was:+ $was} up at $(conf "$1" ip)"
}

host_boot() { # HOST
  network_up
  link_up "$1"
  cuts_apply "$1"
  cgroup_remove "$1"
  cgroup_make "$1"
  host_launch "$1"
  retry 60 test -s "$HOSTS/$1/starttime" || true
}
host_launch() { # HOST
  local dir=$HOSTS/$1
  rm -f "$dir/pid" "$dir/starttime"
  (
    close_inherited
    cgroup_join "$1"
    export LAB_HOST=$1 LAB_HOST_DIR=$dir LAB_LOWER && LAB_LOWER=$(lower_dirs "$(conf "$1" suite)" "$(conf "$1" layer)")
    exec setsid nsenter --net="/run/netns/$(netns_of "$1")" \
      unshare --mount --uts --ipc --pid --cgroup --fork --propagation private "$LAB_HOME/lib/boot"
  ) </dev/null >"$dir/console.log" 2>&1 &
  disown
}
host_answers_or_died() { ! is_up "$1" || ssh_answers "$1"; }
ssh_answers() { # HOST; asked from its own network, since it may be cut
  # shellcheck disable=SC2016
  [ "$(timeout 2 nsenter --net="/run/netns/$(netns_of "$1")" bash -c 'exec 3<>"/dev/tcp/$1/22" && head -c4 <&3' _ "$(conf "$1" ip)" 2>/dev/null)" = SSH- ]
}
host_failed() { # HOST WORDS
  tail -n 5 "$HOSTS/$1/console.log" >&2
  die "host '$1' $2: see $HOSTS/$1/console.log, and if it is on: $LAB_HOME/lab exec $1 journalctl -b"
}
host_key_line() { # HOST: as a cloud's console would tell it
  local file=$HOSTS/$1/upper/etc/ssh/ssh_host_ed25519_key.pub
  [ -s "$file" ] || die "host '$1' has no host key yet: it is made at its first boot"
  echo "$(conf "$1" ip) $(cut -d' ' -f1,2 "$file")"
}
known_hosts_add() { with_lock "$LAB_DIR/lock" known_hosts_write "$1"; }
known_hosts_write() {
  local file=$LAB_DIR/known_hosts line && line=$(host_key_line "$1")
  ! grep -Fxsq -- "$line" "$file" || return 0
  known_hosts_drop "$1"
  echo "$line" >>"$file"
}
known_hosts_drop() {
  local file=$LAB_DIR/known_hosts
  [ -e "$file" ] || return 0
  awk -v ip="$(conf "$1" ip)" '$1 != ip' "$file" >"$file.new"
  mv "$file.new" "$file"
}

host_kill() { # HOST: power loss
  local pid && pid=$(init_pid "$1")
  [ -n "$pid" ] || { echo "$1: already off" && return 0; }
  kill -9 "$pid"
  host_off "$1"
  echo "$1: power lost"
}
host_stop() { # HOST: clean shutdown
  local pid && pid=$(init_pid "$1")
  [ -n "$pid" ] || { echo "$1: already off" && return 0; }
  kill -s RTMIN+3 "$pid"
  retry 60 is_off "$1" || kill -9 "$pid"
  host_off "$1"
  echo "$1: stopped"
}
is_off() { ! is_up "$1"; }
host_off() { # what a host leaves outside itself
  retry 30 is_off "$1" || die "process 1 of host '$1' does not end"
  link_down "$1"
  cgroup_remove "$1"
  rm -f "$HOSTS/$1/pid" "$HOSTS/$1/starttime"
}
host_destroy() { # HOST
  [ -d "$HOSTS/$1" ] || { echo "$1: not there" && return 0; }
  if is_up "$1"; then host_kill "$1" >/dev/null; else
    netns_empty "$(netns_of "$1")"
    host_off "$1"
  fi
  with_lock "$LAB_DIR/lock" known_hosts_drop "$1"
  cuts_forget "$1"
  rm -rf --one-file-system "${HOSTS:?}/$1"
  echo "$1: destroyed"
}

# Cuts are remembered, so that a host which loses power while it is cut comes back cut.

cut_file() { # HOST [PEER]
  local first=$1 second=${2:-}
  if [[ -n $second && $second < $first ]]; then first=$2 second=$1; fi
  echo "$LAB_DIR/cuts/$first${second:+ $second}"
}
host_cut() { # HOST [PEER]
  mkdir -p "$LAB_DIR/cuts"
  touch "$(cut_file "$@")"
  if [ $# -eq 1 ]; then if_linked "$1" port_state "$1" 0; else
    if_linked "$1" pair_cut "$1" "$2"
    if_linked "$2" pair_cut "$2" "$1"
  fi
}
host_heal() { # HOST [PEER]
  rm -f "$(cut_file "$@")"
  if [ $# -eq 1 ]; then if_linked "$1" port_state "$1" 3; else
    if_linked "$1" pair_heal "$1" "$2"
    if_linked "$2" pair_heal "$2" "$1"
  fi
}
if_linked() { # HOST COMMAND...: a host that is off has no link
  if [ -e "/run/netns/$(netns_of "$1")" ]; then "${@:2}"; fi
}
cuts_apply() { # HOST that is about to start
  local file pair
  for file in "$LAB_DIR"/cuts/*; do
    [ -e "$file" ] || continue
    read -ra pair <<<"$(basename "$file")"
    [[ " ${pair[*]} " != *" $1 "* ]] || host_cut "${pair[@]}"
  done
}
cuts_forget() { # HOST
  local file
  for file in "$LAB_DIR"/cuts/*; do
    if [[ " $(basename "$file") " == *" $1 "* ]]; then rm -f "$file"; fi
  done
}

# Baking: what was installed on a host becomes a layer. Whiteouts and trusted attributes survive `cp -a` as root.
host_bake() { # HOST LAYER
  local suite dir new
  suite=$(conf "$1" suite) dir=$(layer_dir "$suite" "$2") new=$(layer_dir "$suite" "$2").new
  [ ! -d "$dir" ] || die "there is a layer '$2' for $suite already, and hosts may run on it: choose another name"
  host_stop "$1" >/dev/null
  rm -rf --one-file-system "$new"
  mkdir -p "$new"
  cp -a "$HOSTS/$1/upper" "$new/files"
  layer_settle "$new/files"
  conf "$1" layer >"$new/parent"
  mv "$new" "$dir"
  echo "layer $2 for $suite: $(du -sm "$dir" | cut -f1) MB"
}

# A command at the host's console: works while the host is cut, and runs inside the host's cgroups.
host_exec() { # HOST COMMAND...
  local pid && pid=$(init_pid "$1")
  (
    cgroup_join "$1" "$pid"
    exec nsenter -t "$pid" -m -u -i -n -p -C --root --wdns=/root env -i HOME=/root TERM="${TERM:-dumb}" \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "${@:2}"
  )
}
