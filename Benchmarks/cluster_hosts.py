#!/usr/bin/env python3
"""Seconds from bare hosts to a Swarm: `cluster create` beside the old script's algorithm. Prints; asserts nothing.

The script: one host after the other over SSH, packages, then `swarm init` on the first and `swarm join` on each other, without
TLS. Its connections are shared, as ours are, and its packages the same. The hosts are made anew before each."""
import argparse, http.client, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

LAB = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "Lab", "lab")
INSTALL = """export DEBIAN_FRONTEND=noninteractive
apt-get -qq update && apt-get -qqy -o Dpkg::Use-Pty=0 install --no-install-recommends docker.io
until docker version; do sleep 0.2; done"""


def lab(*words):
    return subprocess.run([LAB, *words], check=True, capture_output=True, text=True).stdout.strip()


class Bench:
    def __init__(self, binary):
        self.binary = binary
        self.dir = tempfile.mkdtemp(prefix="roadstead-bench-")
        self.key = os.path.join(os.environ.get("LAB_DIR", f"/var/tmp/{os.environ['LAB_NAME']}-lab"), "id_ed25519")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.env = dict(os.environ, XDG_CONFIG_HOME=self.dir + "/config", DOCKER_CONFIG=self.dir + "/docker",
                        ROADSTEAD_ADMIN_PASSWORD="Bench_1password")

    def hosts(self, count):
        names = [f"h{i + 1}" for i in range(count)]
        for name in names:
            subprocess.run([LAB, "destroy", name], capture_output=True)
        lab("up", str(count))
        addresses = [lab("ip", name) for name in names]
        for address in addresses:
            while subprocess.run(self.ssh(address, "true"), capture_output=True).returncode:
                time.sleep(0.1)
            subprocess.run(["ssh", "-O", "exit", "-S", self.dir + "/" + address, "x"], capture_output=True)
        return addresses

    def ssh(self, address, script):
        options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "ControlMaster=auto",
                   f"ControlPath={self.dir}/{address}", "ControlPersist=60"]
        return ["ssh", "-i", self.key] + [w for o in options for w in ("-o", o)] + ["root@" + address, script]

    def on(self, address, script):
        r = subprocess.run(self.ssh(address, script), capture_output=True, text=True, timeout=600)
        if r.returncode:
            sys.exit(f"{address}: {r.stdout[-1000:]}{r.stderr[-1000:]}")
        return r.stdout.strip()

    def script(self, addresses):
        for address in addresses:
            self.on(address, INSTALL)
        first = addresses[0]
        self.on(first, f"docker swarm init --advertise-addr {first}")
        token = self.on(first, "docker swarm join-token -q worker")
        for address in addresses[1:]:
            self.on(address, f"docker swarm join --advertise-addr {address} --token {token} {first}:2377")
        self.on(first, f"until [ $(docker node ls --format '{{{{.Status}}}}' | grep -c Ready) = {len(addresses)} ]; do sleep 0.2; done")

    def roadstead(self, *words, stdin=None):
        r = subprocess.run([self.binary, *words], env=self.env, input=stdin, capture_output=True, text=True, timeout=900)
        if r.returncode:
            sys.exit(f"{' '.join(words)}: exit {r.returncode}\n{r.stdout[-2000:]}{r.stderr[-2000:]}")
        return r.stdout

    def create(self, addresses):
        self.roadstead("cluster", "create", "bench", "--ssh-key", self.key, "--yes", "--managers", "1",
                       *[w for a in addresses for w in ("--host", "root@" + a)])

    def start(self):
        self.server = subprocess.Popen([self.binary, "serve", "--data", self.dir + "/data", "--listen", f"127.0.0.1:{self.port}"],
                                       env=self.env, stdin=subprocess.DEVNULL, stdout=open(self.dir + "/server.log", "a"),
                                       stderr=subprocess.STDOUT)
        for _ in range(2000):
            try:
                c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                c.request("GET", "/api/cloud-entry-point")
                if c.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.01)
        self.roadstead("login", f"http://127.0.0.1:{self.port}", "--user", "admin", "--password-stdin", stdin="Bench_1password")

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(60)
        shutil.rmtree(self.dir, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--sizes", default="3,5")
    parser.add_argument("--rounds", type=int, default=1)
    a = parser.parse_args()
    bench = Bench(a.binary)
    bench.start()
    try:
        for size in map(int, a.sizes.split(",")):
            times = {"script": [], "create": []}
            for _ in range(a.rounds):
                for name in times:
                    addresses = bench.hosts(size)
                    start = time.monotonic()
                    getattr(bench, name)(addresses)
                    times[name].append(time.monotonic() - start)
                bench.roadstead("cluster", "terminate", "bench", "--yes")
                bench.roadstead("cluster", "rm", "bench")
            medians = {name: statistics.median(t) for name, t in times.items()}
            load = os.getloadavg()[0]
            print(f"{size} hosts: script {medians['script']:.1f} s, cluster create {medians['create']:.1f} s, "
                  f"ratio {medians['create'] / medians['script']:.2f} ({a.rounds} rounds, load {load:.1f})", flush=True)
    finally:
        bench.stop()


if __name__ == "__main__":
    main()
