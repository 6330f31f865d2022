#!/usr/bin/env python3
"""Figures of Roadstead beside the docker CLI, in one run on one machine. Prints; asserts nothing.

Wall times of whole commands, the two tools in turn, so that both meet the same noise. Memory from /proc."""
import argparse, calendar, http.client, os, shutil, signal, statistics, subprocess, sys, tempfile, time


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("binary", "tls", "manager", "image", "registry-password"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", default="1,5,20", help="services of the stacks; 50 of them take docker 15 minutes a round")
    parser.add_argument("--health", action="store_true", help="services with a health check")
    parser.add_argument("--stacks-only", action="store_true", help="no server: stack deploy beside docker's only")
    parser.add_argument("--deployments", type=int, default=100, help="how many for the memory figure")
    return parser.parse_args()


def compose(services, image, replicas=1, mark="a", health=False):
    lines = ["services:"]
    for i in range(services):
        lines += [f"  s{i}:", f"    image: {image}", "    command: sleep 100000", "    stop_grace_period: 0s",
                  "    environment:", f"      MARK: {mark if i == 0 else 'a'}"]
        if health:
            lines += ["    healthcheck:", "      test: [CMD, 'true']", "      interval: 1s"]
        lines += ["    deploy:", f"      replicas: {replicas}"]
    return "\n".join(lines) + "\n"


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Bench:
    def __init__(self, a):
        self.a = a
        self.dir = tempfile.mkdtemp(prefix="roadstead-bench-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = dict(os.environ, XDG_CONFIG_HOME=self.dir + "/config", ROADSTEAD_ADMIN_PASSWORD="Bench_1password",
                        DOCKER_CONFIG=self.dir + "/docker", DOCKER_HOST=f"tcp://{a.manager}:2376", DOCKER_TLS_VERIFY="1",
                        DOCKER_CERT_PATH=a.tls)
        self.server = None

    def run(self, *command, stdin=None, check=True):
        start = time.monotonic()
        r = subprocess.run(command, env=self.env, stdin=open(stdin) if stdin else subprocess.DEVNULL,
                           capture_output=True, text=True, timeout=600)
        if check and r.returncode:
            sys.exit(f"{' '.join(command)}: exit {r.returncode}\n{r.stdout[-2000:]}{r.stderr[-2000:]}")
        return time.monotonic() - start

    def roadstead(self, *words, **more): return self.run(self.a.binary, *words, **more)

    def docker(self, *words, **more): return self.run("docker", *words, **more)

    # ------------------------------------------------------------------ the server
    def start(self, data="data"):
        """Starts the server; seconds until its first answer."""
        begin = time.monotonic()
        self.server = subprocess.Popen([self.a.binary, "serve", "--data", f"{self.dir}/{data}", "--listen",
                                        f"127.0.0.1:{self.port}"], env=self.env, stdin=subprocess.DEVNULL,
                                       stdout=open(self.dir + "/server.log", "a"), stderr=subprocess.STDOUT)
        while time.monotonic() - begin < 20:
            try:
                c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                c.request("GET", "/api/cloud-entry-point")
                if c.getresponse().status == 200:
                    return time.monotonic() - begin
            except OSError:
                time.sleep(0.001)
        sys.exit("the server did not answer:\n" + open(self.dir + "/server.log").read()[-2000:])

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(30)

    def memory(self):
        status = dict(l.split(":", 1) for l in open(f"/proc/{self.server.pid}/status"))
        return tuple(int(status[k].split()[0]) / 1024 for k in ("VmRSS", "RssAnon"))

    # ------------------------------------------------------------------ the Swarm
    def clear(self, stack):
        self.docker("stack", "rm", stack, check=False)
        for _ in range(600):
            out = subprocess.run(["docker", "ps", "-aq", "--filter", "label=com.docker.stack.namespace=" + stack],
                                 env=self.env, capture_output=True, text=True).stdout
            nets = subprocess.run(["docker", "network", "ls", "-q", "--filter",
                                   "label=com.docker.stack.namespace=" + stack],
                                  env=self.env, capture_output=True, text=True).stdout
            if not out.strip() and not nets.strip():
                return
            time.sleep(0.1)

    def lag(self, stack):
        """Seconds between the last change of a task's state and now."""
        now = time.time()
        ids = subprocess.run(["docker", "stack", "ps", "-q", "--no-trunc", stack], env=self.env, capture_output=True, text=True).stdout.split()
        out = subprocess.run(["docker", "inspect", "--format", "{{.Status.State}} {{json .Status.Timestamp}}"] + ids, env=self.env,
                             capture_output=True, text=True).stdout.splitlines()
        stamps = [l.split()[1].strip('"') for l in out if l.startswith("running")]
        times = [calendar.timegm(time.strptime(s[:19], "%Y-%m-%dT%H:%M:%S")) + float("0" + s[19:26].rstrip("Z")) for s in stamps]
        return now - max(times)

    def measure(self, services, rounds):
        path = f"{self.dir}/{services}.yml"
        write = lambda mark: open(path, "w").write(compose(services, self.a.image, mark=mark, health=self.a.health))
        name = f"bench{services}"
        tools = {
            "docker stack deploy": (lambda: self.docker("stack", "deploy", "--detach=false", "--with-registry-auth", "-c", path, name),
                                    lambda: self.clear(name)),
            "roadstead stack deploy": (lambda: self.roadstead("stack", "deploy", "--with-registry-auth", "-c", path, name),
                                       lambda: self.clear(name)),
            "roadstead deploy": (lambda: self.roadstead("deploy", "-f", path, "--to", "bench", "--name", name, "--registry", "bench-registry"),
                                 lambda: self.roadstead("deployment", "stop", name)),
        }
        if self.a.stacks_only:
            del tools["roadstead deploy"]
        first, again, one, lags = ({t: [] for t in tools} for _ in range(4))
        for round in range(rounds):
            for tool, (deploy, clear) in tools.items():
                if round and services > 20 and tool.startswith("docker"):
                    continue
                write("a")
                first[tool].append(deploy())
                if not tool.endswith("d deploy"):
                    lags[tool].append(self.lag(name))
                again[tool].append(deploy())
                write("b")
                one[tool].append(deploy())
                clear()
        for tool, values in lags.items():
            if values:
                print(f"{services:3d} services, from the last task's state to the end of {tool}: {max(values):.2f} s at most")
        for label, times in (("first deploy", first), ("no change", again), ("one changed", one)):
            base = statistics.median(times["docker stack deploy"])
            for tool in tools:
                middle = statistics.median(times[tool])
                print(f"{services:3d} services, {label:12s}  {tool:24s} median {middle:7.2f} s  min {min(times[tool]):7.2f} s"
                      f"  ratio to docker {middle / base:5.2f}", flush=True)


def main():
    a = arguments()
    b = Bench(a)
    sizes = [int(s) for s in a.sizes.split(",")]
    try:
        if a.stacks_only:
            b.docker("login", "-u", "lab", "--password-stdin", a.image.split("/")[0], stdin=a.registry_password)
            for size in sizes:
                b.measure(size, a.rounds)
            return
        print(f"binary: {os.path.getsize(a.binary) / 1e6:.1f} MB")
        b.start("fresh")
        b.stop()
        starts = []
        for _ in range(10):
            starts.append(b.start("fresh"))
            b.stop()
        print(f"start to first answer: median {statistics.median(starts) * 1000:.0f} ms, min {min(starts) * 1000:.0f} ms (existing data)")
        b.start()
        time.sleep(2)
        print("server idle: resident %.1f MB, of it anonymous %.1f MB" % b.memory())
        password = b.dir + "/password"
        os.umask(0o077)
        open(password, "w").write(b.env["ROADSTEAD_ADMIN_PASSWORD"])
        b.roadstead("login", b.url, "--user", "admin", "--password-stdin", stdin=password)
        b.roadstead("infra", "add", "swarm", "bench", "--endpoint", f"https://{a.manager}:2376", "--ca", a.tls + "/ca.pem",
                    "--cert", a.tls + "/cert.pem", "--key", a.tls + "/key.pem")
        registry = a.image.split("/")[0]
        b.roadstead("infra", "add", "registry", "bench-registry", "--endpoint", "https://" + registry, "--ca", a.tls + "/ca.pem",
                    "--username", "lab", "--password-stdin", stdin=a.registry_password)
        b.docker("login", "-u", "lab", "--password-stdin", registry, stdin=a.registry_password)
        for size in sizes:
            b.measure(size, a.rounds)
        path = b.dir + "/none.yml"
        open(path, "w").write(compose(1, a.image, replicas=0))
        for i in range(a.deployments):
            b.roadstead("deploy", "-f", path, "--to", "bench", "--name", f"m{i}", "--registry", "bench-registry")
        time.sleep(2)
        print(f"server after {a.deployments} deployments: resident %.1f MB, of it anonymous %.1f MB" % b.memory())
    finally:
        if b.server and b.server.poll() is None:
            b.stop()
        shutil.rmtree(b.dir, ignore_errors=True)


main()
