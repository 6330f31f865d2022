# base.bash: the Debian that all hosts share, and layers on top of it, in the cache. Sourced.
# shellcheck shell=bash

# A new number when the recipe below changes: a base must never change under hosts that run on it.
BASE_RECIPE=1
BASE_PACKAGES=systemd-sysv,dbus,openssh-server,iproute2,iptables,ca-certificates,procps,iputils-ping,netbase,curl,sudo,kmod
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
# What makes no sense without hardware, or would touch the kernel that all hosts share.
MASKED_UNITS="systemd-sysctl.service systemd-modules-load.service systemd-udevd.service systemd-timesyncd.service
  getty.target console-getty.service sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount
  sys-fs-fuse-connections.mount systemd-binfmt.service proc-sys-fs-binfmt_misc.automount apt-daily.timer
  apt-daily-upgrade.timer"

need_suite() { [[ $1 =~ ^[a-z]+$ ]] || die "suite '$1': give a Debian suite by name, for example bookworm or trixie"; }
suite_dir() { echo "$LAB_CACHE/$1-$BASE_RECIPE"; }
base_dir() { echo "$(suite_dir "$1")/base"; }
layer_dir() { echo "$(suite_dir "$1")/layers/$2"; } # SUITE NAME
layer_exists() { [ -d "$(layer_dir "$1" "$2")/files" ]; }

# The lower directories of a host, top first, as overlayfs wants them.
lower_dirs() { # SUITE [LAYER]
  local layer=${2:-} dirs=
  while [ -n "$layer" ]; do
    dirs+=$(layer_dir "$1" "$layer")/files:
    layer=$(cat "$(layer_dir "$1" "$layer")/parent")
  done
  echo "$dirs$(base_dir "$1")"
}

base_ensure() { # SUITE
  need_suite "$1"
  [ ! -d "$(base_dir "$1")" ] || return 0
  need_tools debootstrap
  umask 022
  mkdir -p "$LAB_CACHE"
  chmod 700 "$LAB_CACHE" # it holds setuid programs that this machine does not update
  with_lock "$(suite_dir "$1")/lock" base_make "$1"
}
base_make() {
  local suite=$1 base new start=$SECONDS
  base=$(base_dir "$suite") new=$base.new
  [ ! -d "$base" ] || return 0
  echo "base $suite: making it once, in $base"
  rm -rf --one-file-system "$new"
  # shellcheck disable=SC2046 # no mirror, no argument
  unshare --mount debootstrap --variant=minbase --include="$BASE_PACKAGES" "$suite" "$new" $(mirror_of main) \
    >"$base.log" 2>&1 || die "debootstrap of $suite failed: $(tail -n 3 "$base.log" | paste -sd' ')"
  base_sources "$suite" "$new"
  # shellcheck disable=SC2016
  unshare --mount bash -euc '. "$1/lib/lab.bash"; mount -t proc proc "$2/proc"; base_settle "$2"' _ "$LAB_HOME" "$new"
  mv "$new" "$base"
  echo "base $suite: ready after $((SECONDS - start)) s, $(du -sm "$base" | cut -f1) MB"
}

# The package sources of this machine, in whatever format they are written: RELEASE COMPONENT URI.
machine_sources() {
  # shellcheck disable=SC2016 # apt's own variables
  local format='$(CREATED_BY) $(TARGET_OF) $(RELEASE) $(COMPONENT) $(REPO_URI)'
  if [ -z "$(apt-get indextargets --format "$format" 2>/dev/null)" ]; then apt-get -q update >/dev/null; fi
  apt-get indextargets --format "$format" | awk '$1 == "Packages" && $2 == "deb" {print $3, $4, $5}' | sort -u
}
machine_codename() { (. /etc/os-release && echo "${VERSION_CODENAME:-}"); }
mirror_of() { machine_sources | awk -v release="$(machine_codename)" '$1 == release && $2 == "main" && !n++ {print $3}'; }

# Hosts use the machine's mirror, with the suite changed, and its settings of apt (a proxy, an odd clock).
base_sources() { # SUITE ROOT
  local codename lines
  codename=$(machine_codename)
  lines=$(machine_sources | awk -v from="$codename" -v to="$1" -v key="$KEYRING" '
    $1 ~ "^" from "(-updates|-security)?$" && $2 == "main" { sub(from, to, $1); print "deb [signed-by=" key "]", $3, $1, $2 }')
  if [ -n "$lines" ]; then echo "$lines" >"$2/etc/apt/sources.list"; fi
  apt-config dump | grep -E '^Acquire::(https?::Proxy|Check-Valid-Until|Check-Date)' >"$2/etc/apt/apt.conf.d/99lab" || true
}

# As a golden image: what has to be unique is made at first boot. machine-id twice, since systemd would take dbus's.
base_settle() { # ROOT
  : >"$1/etc/machine-id"
  ln -sf /etc/machine-id "$1/var/lib/dbus/machine-id"
  rm -f "$1"/etc/ssh/ssh_host_* "$1/etc/hostname" "$1/usr/sbin/policy-rc.d" "$1"/var/cache/apt/archives/*.deb
  : >"$1/etc/fstab"
  printf 'UseDNS no\nPasswordAuthentication no\n' >"$1/etc/ssh/sshd_config.d/lab.conf"
  chroot "$1" systemctl -q enable ssh
  # shellcheck disable=SC2086 # a list; older and newer suites miss some of it
  chroot "$1" systemctl -q mask $MASKED_UNITS || true
  chroot "$1" systemctl -q set-default multi-user.target
}

# A layer from a script that is run in the base by chroot: nothing is started, no host is needed.
layer_make() { # SUITE NAME SCRIPT
  local dir new start=$SECONDS
  dir=$(layer_dir "$1" "$2") new=$(layer_dir "$1" "$2").new
  [ ! -d "$dir" ] || return 0
  rm -rf --one-file-system "$new"
  mkdir -p "$new/files" "$new/work" "$new/root"
  LAYER_LOWER=$(base_dir "$1") LAYER_NEW=$new unshare --mount "$LAB_HOME/lib/in-layer" "$3" >"$dir.log" 2>&1 ||
    die "layer $2 for $1 failed: $(tail -n 3 "$dir.log" | paste -sd' ') (all of it: $dir.log)"
  layer_settle "$new/files"
  rm -rf --one-file-system "$new/work" "$new/root"
  echo >"$new/parent"
  mv "$new" "$dir"
  echo "layer $2 for $1: ready after $((SECONDS - start)) s, $(du -sm "$dir" | cut -f1) MB"
}

# A layer must not carry what belongs to one host.
layer_settle() { # FILES
  (
    cd "$1" || exit
    if [ -d etc ]; then : >etc/machine-id; fi
    rm -rf etc/ssh/ssh_host_* etc/hostname etc/hosts etc/resolv.conf root/.ssh home/*/.ssh var/lib/lab tmp/* run/* \
      var/lib/dbus/machine-id var/log/journal/* var/cache/apt/archives/*.deb usr/sbin/policy-rc.d etc/docker/key.json \
      etc/docker/tls etc/docker/certs.d etc/systemd/system/docker.service.d \
      var/lib/glusterd/glusterd.info var/lib/glusterd/peers var/lib/glusterd/vols
  )
}
