# network.bash: the lab's bridge, its rules on this machine, and the links of its hosts. Sourced.
# shellcheck shell=bash

# What this machine needs for the lab: TABLE CHAIN RULE. Nothing but these lines, all under the lab's comment.
# The bridge's own frames pass FORWARD too where br_netfilter is on, so the same two lines let them through.
# An uplink with a smaller MTU than the lab's 1500 would hang large downloads: hence the clamp. (The lab itself must keep
# 1500: VXLAN needs 1450 + 50.)
network_rules() {
  echo "filter FORWARD -i $BRIDGE -j ACCEPT"
  echo "filter FORWARD -o $BRIDGE -j ACCEPT"
  echo "nat POSTROUTING -s $LAB_NET.0/24 ! -d $LAB_NET.0/24 -j MASQUERADE"
  echo "mangle FORWARD -s $LAB_NET.0/24 ! -d $LAB_NET.0/24 -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu"
}
rules_ensure() {
  local table chain rule
  while read -r table chain rule; do
    # shellcheck disable=SC2086 # a rule is several words
    iptables -w -t "$table" -C "$chain" $rule -m comment --comment "$COMMENT" 2>/dev/null ||
      iptables -w -t "$table" -I "$chain" $rule -m comment --comment "$COMMENT"
  done < <(network_rules)
}
# By comment and not by text, so that rules of an earlier LAB_NET go too.
rules_remove() {
  local table line
  for table in filter nat mangle; do
    while read -r _ line; do
      # shellcheck disable=SC2086
      iptables -w -t $table -D $line
    done < <(iptables-save -t $table 2>/dev/null | grep -E -- "^-A .*--comment \"?$COMMENT\"?( |\$)" | tr -d '"')
  done
}

# All labs of the machine share these: an `up` at the same time as another's `down` must not cross it.
network_up() { with_lock "$LAB_RUN/lock" network_up_locked; }
network_up_locked() {
  need_net
  remember_net
  bridge_ensure
  forwarding_on
  rules_ensure
}
remember_net() {
  local before && before=$(cat "$LAB_DIR/net" 2>/dev/null || echo "$LAB_NET")
  [ "$before" = "$LAB_NET" ] || [ -z "$(all_hosts)" ] ||
    die "lab '$LAB_NAME' has hosts in $before: take it down before it moves to LAB_NET=$LAB_NET"
  echo "$LAB_NET" >"$LAB_DIR/net"
}
bridge_ensure() {
  local taken
  ! ip link show dev "$BRIDGE" >/dev/null 2>&1 || return 0
  taken=$(ip -o -4 addr show to "$LAB_NET.0/24" | awk '{print $2}' | sort -u | paste -sd' ')
  [ -z "$taken" ] || die "$LAB_NET.0/24 is already in use on this machine ($taken): choose another LAB_NET"
  ip link add "$BRIDGE" type bridge stp_state 0 forward_delay 0
  ip link set "$BRIDGE" alias "lab $LAB_NAME" up
  # /32, and a route for each host: a wider route of this machine stays what it is
  ip addr add "$GATEWAY/32" dev "$BRIDGE"
}
# Hosts reach the package mirror through this machine. The first lab notes the setting, the last one puts it back.
forwarding_on() {
  mkdir -p "$LAB_RUN/up"
  echo "$LAB_DIR" >"$LAB_RUN/up/$LAB_NAME"
  [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 0 ] || return 0
  echo 0 >"$LAB_RUN/ip_forward"
  echo 1 >/proc/sys/net/ipv4/ip_forward
}
labs_up() { find "$LAB_RUN/up" -type f -printf '%f\n' 2>/dev/null | sort | paste -sd' '; }
network_down() { with_lock "$LAB_RUN/lock" network_down_locked; }
network_down_locked() {
  rules_remove
  ip link del "$BRIDGE" 2>/dev/null || true
  rm -f "$LAB_RUN/up/$LAB_NAME"
  [ -z "$(labs_up)" ] || return 0
  cgroup_restore_root
  # an engine that was started on this machine meanwhile needs forwarding as well
  if [ -e "$LAB_RUN/ip_forward" ] && ! ip link show dev docker0 >/dev/null 2>&1; then
    cat "$LAB_RUN/ip_forward" >/proc/sys/net/ipv4/ip_forward
  fi
  rm -rf "$LAB_RUN/ip_forward" "$LAB_RUN/up"
}

# A fresh network namespace at each power-on: a power loss must not leave rules, bridges and tunnels behind.
link_up() { # HOST
  netns_empty "$(netns_of "$1")"
  local ip ns veth mac
  ip=$(conf "$1" ip) ns=$(netns_of "$1") veth=$(veth_of "$1")
  # shellcheck disable=SC2086
  mac=$(printf '02:d5:%02x:%02x:%02x:%02x' ${ip//./ })
  link_down "$1"
  ip netns add "$ns"
  ip link add "$veth" type veth peer name eth0 address "$mac" netns "$ns"
  ip link set "$veth" alias "lab $LAB_NAME, host $1" master "$BRIDGE" up
  ip -n "$ns" link set lo up
  ip -n "$ns" addr add "$ip/24" dev eth0
  ip -n "$ns" link set eth0 up
  ip -n "$ns" route add default via "$GATEWAY"
  ip route replace "$ip/32" dev "$BRIDGE" src "$GATEWAY"
}
# Whatever still runs in a host's network, for example when a start was broken off.
netns_empty() { # NETNS
  local pid
  for pid in $(ip netns pids "$1" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
}
link_down() { # HOST
  ip netns del "$(netns_of "$1")" 2>/dev/null || true
  ip link del "$(veth_of "$1")" 2>/dev/null || true
  ip route del "$(conf "$1" ip)/32" dev "$BRIDGE" 2>/dev/null || true
}

# A cut host loses frames in silence, with its carrier up: a switch that fails, not a cable that is pulled (which the host
# would see) and not a blackhole route (which answers at once).
port_state() { bridge link set dev "$(veth_of "$1")" state "$2"; } # HOST 0|3
# Drops what HOST gets from PEER.
pair_rule() { # -C|-I|-D HOST PEER
  ip netns exec "$(netns_of "$2")" iptables -w -t mangle "$1" PREROUTING -s "$(conf "$3" ip)/32" -m comment --comment lab-cut -j DROP
}
pair_cut() { pair_rule -C "$1" "$2" 2>/dev/null || pair_rule -I "$1" "$2"; }
pair_heal() { while pair_rule -D "$1" "$2" 2>/dev/null; do :; done; }
