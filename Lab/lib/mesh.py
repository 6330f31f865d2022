"""A stand-in for Swarm's routing mesh on kernels without IPVS. Started by `mesh up`; see there.

usage: mesh.py LAB_DIR TLS_DIR MANAGER_ADDRESS...

Each second it asks a manager for services and running tasks, and where something changed it writes the balancing that IPVS
would do as iptables rules into the namespaces that the engine made in each host:
  lb_NETWORK     a service's virtual address, on every overlay network
  ingress_sbox   published ports, once they have reached the ingress network
  the host       published ports, as they arrive

Not IPVS: the choice is random, a task that ends is taken out at the next look, connections are not drained, and the
client's address is masked (as the real mesh masks it too).
"""
import glob
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time

LAB_DIR, TLS, MANAGERS = sys.argv[1], sys.argv[2], sys.argv[3:]
REWRITE_AFTER = 15  # seconds: the engine may have made a namespace anew at the same place


class Manager:
    """Reads from the first manager that answers, and stays with it."""

    def __init__(self, addresses, tls):
        self.addresses = list(addresses)
        self.context = ssl.create_default_context(cafile=f"{tls}/ca.pem")
        self.context.load_cert_chain(f"{tls}/cert.pem", f"{tls}/key.pem")
        self.connection = None

    def get(self, path):
        problem = None
        for _ in range(len(self.addresses) + 1):
            try:
                return self.ask(path)
            except (OSError, http.client.HTTPException, ValueError) as error:
                problem = error
                if self.connection:
                    self.connection.close()
                self.connection = None
                self.addresses.append(self.addresses.pop(0))
        raise ConnectionError(f"no manager answers: {problem}")

    def ask(self, path):
        if self.connection is None:
            self.connection = http.client.HTTPSConnection(self.addresses[0], 2376, timeout=5, context=self.context)
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise ValueError(f"{self.addresses[0]}: {response.status} {body[:200]!r}")
        return json.loads(body)


class Swarm:
    """What has to be balanced: virtual addresses by network, and published ports."""

    def __init__(self, services, tasks):
        self.services = sorted(services, key=lambda service: service["ID"])
        self.backends = {}  # (service, network) -> addresses of running tasks
        self.ingress = None
        for task in tasks:
            if task["Status"]["State"] == "running":
                self.add_task(task)

    def add_task(self, task):
        for attachment in task.get("NetworksAttachments") or []:
            network = attachment["Network"]
            if network["Spec"].get("Ingress"):
                self.ingress = network["ID"]
            addresses = self.backends.setdefault((task["ServiceID"], network["ID"]), set())
            addresses.update(address.split("/")[0] for address in attachment.get("Addresses") or [])

    def running(self, service, network):
        return sorted(self.backends.get((service["ID"], network), []))

    def virtual_addresses(self):
        """network -> [(virtual address, backends)], the ingress network left out."""
        found = {}
        for service in self.services:
            for virtual in service.get("Endpoint", {}).get("VirtualIPs") or []:
                if virtual.get("Addr") and virtual["NetworkID"] != self.ingress:
                    entry = (virtual["Addr"].split("/")[0], self.running(service, virtual["NetworkID"]))
                    found.setdefault(virtual["NetworkID"], []).append(entry)
        return found

    def published_ports(self):
        """[(protocol, published port, target port, backends)], of services that have any."""
        return [
            (port["Protocol"], port["PublishedPort"], port["TargetPort"], backends)
            for service in self.services
            for port in service.get("Endpoint", {}).get("Ports") or []
            if port.get("PublishMode") == "ingress" and "PublishedPort" in port
            for backends in [self.running(service, self.ingress)]
            if backends
        ]


def run(namespace, *command, text=None):
    result = subprocess.run(["nsenter", f"--net={namespace}", *command], capture_output=True, text=True, input=text)
    if result.returncode:
        raise RuntimeError(f"{' '.join(command)} in {namespace}: {result.stderr.strip()[:300]}")
    return result.stdout


def succeeds(namespace, *command):
    return subprocess.run(["nsenter", f"--net={namespace}", *command], capture_output=True).returncode == 0


def spread(match, destinations):
    """Rules that send equal shares to each destination."""
    count = len(destinations)
    for index, destination in enumerate(destinations):
        share = f" -m statistic --mode random --probability {1 / (count - index):.6f}" if index < count - 1 else ""
        yield f"{match}{share} -j DNAT --to-destination {destination}"


class Programme:
    """What one namespace should hold: chains of the nat table, addresses on lo, and rules of the filter table."""

    def __init__(self):
        self.chains = []  # (name, hooks, rules)
        self.addresses = []
        self.accept = []
        self.settings = ["ip_forward"]  # below net/ipv4

    def chain(self, name, hooks, rules):
        self.chains.append((f"LABMESH-{name}", hooks, list(rules)))

    def emptied(self):
        empty = Programme()
        empty.chains = [(name, hooks, []) for name, hooks, _ in self.chains]
        return empty

    def key(self):
        return repr((self.chains, self.addresses, self.accept))

    def write(self, namespace):
        for setting in self.settings:
            run(namespace, "sh", "-c", f"echo 1 >/proc/sys/net/ipv4/{setting}")
        for address in self.addresses:
            if not run(namespace, "ip", "-4", "-o", "addr", "show", "dev", "lo", "to", f"{address}/32"):
                run(namespace, "ip", "addr", "add", f"{address}/32", "dev", "lo")
        for name, hooks, rules in self.chains:
            lines = ["*nat", f":{name} - [0:0]", f"-F {name}", *(f"-A {name} {rule}" for rule in rules), "COMMIT", ""]
            run(namespace, "iptables-restore", "-w", "--noflush", text="\n".join(lines))
            for hook in hooks:
                self.ensure(namespace, ["-t", "nat"], [*hook, "-j", name])
        for rule in self.accept:
            self.ensure(namespace, [], [*rule, "-j", "ACCEPT"])

    def ensure(self, namespace, table, rule):
        if not succeeds(namespace, "iptables", "-w", *table, "-C", *rule):
            run(namespace, "iptables", "-w", *table, "-I", *rule)


def virtual_programme(entries):
    programme = Programme()
    programme.addresses = [address for address, _ in entries]
    programme.chain("VIP", [["PREROUTING"]], (rule for address, backends in entries if backends for rule in spread(f"-d {address}", backends)))
    programme.chain("SNAT", [["POSTROUTING"]], ["-m conntrack --ctstate DNAT ! -d 127.0.0.0/8 -j MASQUERADE"])
    return programme


def ingress_programme(ports):
    programme = Programme()
    inner = []
    for protocol, published, target, backends in ports:
        inner += spread(f"-p {protocol} --dport {published}", [f"{address}:{target}" for address in backends])
    programme.chain("IN", [["PREROUTING", "-i", "eth1"]], inner)
    programme.chain("SNAT", [["POSTROUTING", "-o", "eth0"]], ["-m conntrack --ctstate DNAT -j MASQUERADE"])
    return programme


def host_programme(ports, gateway):
    programme = Programme()
    outer = [
        f"-p {protocol} --dport {published} -m addrtype --dst-type LOCAL -j DNAT --to-destination {gateway}:{published}"
        for protocol, published, _, _ in ports
    ]
    programme.chain("PUB", [["PREROUTING"], ["OUTPUT"]], outer)
    local = "-m conntrack --ctstate DNAT -m addrtype --src-type LOCAL -j MASQUERADE"
    programme.chain("LOCAL", [["POSTROUTING", "-o", "docker_gwbridge"]], [local])
    programme.settings.append("conf/docker_gwbridge/route_localnet")  # so that the host's own 127.0.0.1 answers too
    programme.accept = [["FORWARD", "-o", "docker_gwbridge", "-m", "conntrack", "--ctstate", "DNAT"]]
    return programme


class Hosts:
    """Writes programmes into the namespaces of the lab's hosts, and remembers what it wrote."""

    def __init__(self):
        self.written = {}  # (namespace, inode) -> (key, moment, programme)

    def running(self):
        """(name, pid of process 1); a pid is used again after its host has died, so the start time counts too."""
        for folder in sorted(glob.glob(f"{LAB_DIR}/hosts/*/")):
            try:
                with open(f"{folder}pid") as pid, open(f"{folder}starttime") as start:
                    pid, start = pid.read().strip(), start.read().strip()
                with open(f"/proc/{pid}/stat") as stat:
                    if stat.read().rsplit(")", 1)[1].split()[19] == start:
                        yield os.path.basename(folder[:-1]), pid
            except OSError:
                continue

    def write(self, namespace, programme):
        identity = (namespace, os.stat(namespace).st_ino)
        key, moment, _ = self.written.get(identity, (None, 0, None))
        if key == programme.key() and time.monotonic() - moment < REWRITE_AFTER:
            return
        programme.write(namespace)
        self.written[identity] = (programme.key(), time.monotonic(), programme)

    def empty(self):
        for (namespace, inode), (_, _, programme) in self.written.items():
            try:
                if os.stat(namespace).st_ino == inode:
                    programme.emptied().write(namespace)
            except (OSError, RuntimeError):
                continue  # the host has gone, and its rules with it


def is_live(folder, namespace):
    """The engine may leave the file of a namespace that is no longer mounted."""
    try:
        return os.stat(namespace).st_dev != os.stat(folder).st_dev
    except OSError:
        return False


def sandbox_gateway(namespace):
    found = run(namespace, "ip", "-4", "-o", "addr", "show", "dev", "eth1").split()
    return found[3].split("/")[0]


def balance(hosts, swarm):
    virtual, ports = swarm.virtual_addresses(), swarm.published_ports()
    for name, pid in hosts.running():
        folder = f"/proc/{pid}/root/run/docker/netns"
        try:
            for network, entries in virtual.items():
                namespace = f"{folder}/lb_{network[:9]}"
                if is_live(folder, namespace):
                    hosts.write(namespace, virtual_programme(entries))
            sandbox = f"{folder}/ingress_sbox"
            if is_live(folder, sandbox):
                gateway = sandbox_gateway(sandbox)
                hosts.write(sandbox, ingress_programme(ports))
                hosts.write(f"/proc/{pid}/ns/net", host_programme(ports, gateway))
        except (OSError, RuntimeError, IndexError) as error:  # the host is starting or stopping: the next look is soon
            print(f"{name}: {error}", flush=True)


def main():
    manager, hosts = Manager(MANAGERS, TLS), Hosts()
    filters = "%7B%22desired-state%22%3A%7B%22running%22%3Atrue%7D%7D"  # {"desired-state":{"running":true}}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while True:
            try:
                balance(hosts, Swarm(manager.get("/services"), manager.get(f"/tasks?filters={filters}")))
            except ConnectionError as error:
                print(error, flush=True)
            time.sleep(1)
    finally:
        hosts.empty()


if __name__ == "__main__":
    main()
