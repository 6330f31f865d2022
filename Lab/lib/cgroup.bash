# cgroup.bash: one cgroup for each host in every hierarchy: v1, v1 with v2 beside it (hybrid), or v2 alone. Sourced.
# shellcheck shell=bash

# One line for each hierarchy: mount point, type (cgroup or cgroup2), options.
cgroup_mounts() {
  awk '($3 == "cgroup" || $3 == "cgroup2") && $2 ~ "^/sys/fs/cgroup(/|$)" {print $2, $3, $4}' /proc/mounts | sort -u
}
cgroup_layout() {
  local types && types=$(cgroup_mounts | cut -d' ' -f2 | sort -u | paste -sd' ')
  case $types in
    cgroup2) echo v2 ;;
    cgroup) echo v1 ;;
    "cgroup cgroup2") echo "v1 with v2 beside it" ;;
    *) echo none ;;
  esac
}

# v1: a new cpuset is empty and refuses every process until its parent's CPUs are copied, level by level.
cpuset_inherit() { # PARENT CHILD
  [ -e "$1/cpuset.cpus" ] && [ -e "$2/cgroup.clone_children" ] || return 0
  cat "$1/cpuset.cpus" >"$2/cpuset.cpus"
  cat "$1/cpuset.mems" >"$2/cpuset.mems"
  echo 1 >"$2/cgroup.clone_children"
}
# v2: hands the controllers that hosts use down to the children of a cgroup, and prints those it had to switch on.
controllers_on() {
  local controller
  for controller in cpu io memory pids cpuset; do
    grep -qw "$controller" "$1/cgroup.controllers" || continue
    ! grep -qw "$controller" "$1/cgroup.subtree_control" || continue
    if echo "+$controller" 2>/dev/null >"$1/cgroup.subtree_control"; then echo "$controller"; fi
  done
}

cgroup_make() { # HOST
  local host=$1 root type _ parent
  while read -r root type _; do
    parent=$root/$CGROUP
    mkdir -p "$parent"
    if [ "$type" = cgroup2 ]; then
      mkdir -p "$LAB_RUN"
      controllers_on "$root" >>"$LAB_RUN/v2-controllers"
      controllers_on "$parent" >/dev/null
    fi
    cpuset_inherit "$root" "$parent"
    mkdir -p "$parent/$host"
    cpuset_inherit "$parent" "$parent/$host"
  done < <(cgroup_mounts)
  cgroup_limit "$host" "$(conf "$host" memory)"
}
cgroup_limit() { # HOST BYTES: a number with K, M or G, or nothing
  local root _ file
  [ -n "$2" ] || return 0
  while read -r root _; do
    for file in "$root/$CGROUP/$1"/memory.{limit_in_bytes,max}; do
      if [ -e "$file" ]; then echo "$2" >"$file" && return 0; fi
    done
  done < <(cgroup_mounts)
  die "memory of host '$1' cannot be limited to $2: this machine has no memory cgroup"
}

# Moves the calling shell into the host's cgroups. In v2 a cgroup with children refuses processes, so there the place of
# the host's own process 1 is taken.
cgroup_join() { # HOST [PID of its process 1]
  local root type _ path
  while read -r root type _; do
    path=$root/$CGROUP/$1
    if [ "$type" = cgroup2 ] && [ -n "${2:-}" ]; then path=$root$(sed -n 's/^0:://p' "/proc/$2/cgroup"); fi
    if [ -d "$path" ]; then echo "$BASHPID" >"$path/cgroup.procs" || true; fi
  done < <(cgroup_mounts) 2>/dev/null
}

# Deepest first; a cgroup stays busy for a moment after its last process has gone.
cgroup_remove() { # HOST
  local try
  for try in $(seq 100); do
    if cgroup_try_remove "$1"; then return 0; fi
    sleep 0.1
  done
  die "cgroup $CGROUP/$1 is still busy after $((try / 10)) s: look at its cgroup.procs"
}
cgroup_try_remove() {
  local root _ left=0
  while read -r root _; do
    [ -d "$root/$CGROUP/$1" ] || continue
    find "$root/$CGROUP/$1" -depth -type d -exec rmdir {} + 2>/dev/null || left=1
  done < <(cgroup_mounts)
  return $left
}
cgroup_remove_parent() {
  local root _
  while read -r root _; do rmdir "$root/$CGROUP" 2>/dev/null || true; done < <(cgroup_mounts)
}
# The last lab switches off again what labs switched on at the root of v2.
cgroup_restore_root() {
  local root type _ controller
  [ -e "$LAB_RUN/v2-controllers" ] || return 0
  while read -r root type _; do
    [ "$type" = cgroup2 ] || continue
    while read -r controller; do
      echo "-$controller" 2>/dev/null >"$root/cgroup.subtree_control" || true
    done <"$LAB_RUN/v2-controllers"
  done < <(cgroup_mounts)
  rm -f "$LAB_RUN/v2-controllers"
}

# Memory of a host for people: what its processes hold for themselves, and what it keeps of files.
cgroup_memory() { # HOST
  local root _ file
  while read -r root _; do
    file=$root/$CGROUP/$1/memory.stat
    [ -e "$file" ] || continue
    awk '/^(total_rss|anon) /{own=$2} /^(total_cache|file) /{files=$2} END{printf "%d+%d", own/1048576, files/1048576}' "$file"
    return 0
  done < <(cgroup_mounts)
  echo -
}
