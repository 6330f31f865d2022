# needs.bash: what a machine must have to run a lab: programs, and abilities of the kernel. Sourced.
# shellcheck shell=bash

# PROGRAM PACKAGE. Parts of a minimal Debian (util-linux, coreutils, perl) are left out.
tools() {
  cat <<'END'
debootstrap debootstrap
ip iproute2
bridge iproute2
iptables iptables
ssh openssh-client
ssh-keygen openssh-client
openssl openssl
curl curl
python3 python3
gpg gpg
END
}
missing_tools() { local tool && while read -r tool _; do command -v "$tool" >/dev/null || echo "$tool"; done < <(tools); }
package_of() { tools | awk -v tool="$1" '$1 == tool {print $2}'; }
need_tools() {
  local tool
  for tool in "$@"; do command -v "$tool" >/dev/null || die "'$tool' is missing: run $LAB_HOME/lab install"; done
}

tools_install() {
  local missing packages
  mapfile -t missing < <(missing_tools)
  [ ${#missing[@]} -gt 0 ] || { echo "install: nothing is missing" && return 0; }
  need_root
  mapfile -t packages < <(for tool in "${missing[@]}"; do package_of "$tool"; done | sort -u)
  echo "install: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt_install "${packages[@]}" 2>/dev/null || { apt_quiet update && apt_install "${packages[@]}"; }
}
apt_quiet() { apt-get -q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" >/dev/null; }
apt_install() { apt_quiet install -y --no-install-recommends "$@"; }

# Each check prints nothing when all is well, else what is wrong and what to do about it.
check_root() { [ "$(id -u)" = 0 ] || echo "you are '$(id -un)': a lab needs root (sudo $LAB_HOME/lab doctor)"; }
check_tools() {
  local missing && missing=$(missing_tools | paste -sd' ')
  [ -z "$missing" ] || echo "missing programs: $missing. Run: $LAB_HOME/lab install"
}
check_namespaces() {
  unshare --mount --uts --ipc --net --pid --cgroup --fork true 2>/dev/null ||
    echo "namespaces (mount, uts, ipc, net, pid, cgroup) are refused: in a container, run it privileged; else use a machine or VM"
}
check_cgroups() {
  local root _ probe=lab-doctor-$$ closed=
  [ "$(cgroup_layout)" != none ] || echo "no cgroups are mounted at /sys/fs/cgroup: mount them (Debian does at boot)"
  while read -r root _; do
    if mkdir "$root/$probe" 2>/dev/null; then rmdir "$root/$probe"; else closed+=" $root"; fi
  done < <(cgroup_mounts)
  [ -z "$closed" ] || echo "no cgroups can be made in$closed: mounted read-only? In a container, run it privileged"
}
check_overlay() {
  modprobe overlay 2>/dev/null || true
  grep -qw overlay /proc/filesystems || echo "the kernel has no overlayfs, which hosts share their base with: use a kernel that has it"
}
check_links() {
  # shellcheck disable=SC2016
  unshare --net sh -ec 'ip link add b0 type bridge; ip link add v0 type veth peer name v1; ip link set v0 master b0' 2>/dev/null ||
    echo "bridge and veth interfaces cannot be made: the kernel lacks them, or ip is missing"
}
check_firewall() {
  command -v iptables >/dev/null || return 0 # told by check_tools
  # shellcheck disable=SC2016
  unshare --net sh -ec 'iptables -w -A FORWARD -m comment --comment lab -j ACCEPT; iptables -w -t nat -A POSTROUTING -j MASQUERADE
    iptables -w -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu' 2>/dev/null ||
    echo "iptables does not work here (comment, MASQUERADE, TCPMSS): load the kernel's modules, or use update-alternatives --set iptables /usr/sbin/iptables-legacy"
}
check_space() {
  local dir=$LAB_CACHE free
  while [ ! -d "$dir" ]; do dir=$(dirname "$dir"); done
  free=$(df -Pm "$dir" | awk 'NR == 2 {print $4}')
  [ "$free" -ge 4000 ] || echo "$dir has $free MB free: a lab of three hosts needs 4000 MB; set LAB_CACHE and LAB_DIR elsewhere"
}
check_address() {
  local taken
  [ -n "$LAB_NET" ] || { echo "lab '$LAB_NAME' has no address range: set LAB_NET, for example LAB_NET=10.214.0" && return 0; }
  taken=$(ip -o -4 addr show to "$LAB_NET.0/24" 2>/dev/null | awk -v own="$BRIDGE" '$2 != own {print $2}' | sort -u | paste -sd' ')
  [ -z "$taken" ] || echo "$LAB_NET.0/24 is already in use on this machine ($taken): choose another LAB_NET"
}

has_ipvs() { modprobe ip_vs 2>/dev/null || true; [ -e /proc/net/ip_vs ]; }

doctor() {
  local check checks=(root tools namespaces cgroups overlay links firewall space address) words failed=0
  if [ "$(id -u)" != 0 ]; then checks=(root tools space); fi # the rest can be asked by root only
  for check in "${checks[@]}"; do
    words=$("check_$check")
    if [ -z "$words" ]; then echo "ok       $check"; else
      failed=1
      while read -r line; do echo "MISSING  $check: $line"; done <<<"$words"
    fi
  done
  echo "note     cgroups: $(cgroup_layout)"
  if has_ipvs; then echo "note     IPVS: the kernel has it; published ports work by themselves"; else
    echo "note     IPVS: the kernel lacks it; published ports need $LAB_HOME/mesh up MANAGER"
  fi
  [ -e /dev/fuse ] || echo "note     /dev/fuse is missing: no FUSE file systems (GlusterFS) in hosts"
  [ $failed = 0 ] && echo "doctor: this machine can run a lab" || echo "doctor: this machine cannot run a lab yet"
  return $failed
}
