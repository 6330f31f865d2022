#!/usr/bin/env python3
"""The API under load, in one run on one machine. Prints; asserts nothing.

Posts data-records over HTTP (a tenth of them owned by an ordinary user), which gives the rate of durable POSTs. Then, for each size:
stops the server, seeds the store with what is missing, starts it again, and runs the cases in turn, several rounds, each beside the
plain-text route, so that all meet the same noise. Ratios are medians of requests a second."""
import argparse, json, os, re, signal, statistics, subprocess, sys, tempfile, time, urllib.parse, urllib.request
import shutil, socket

SEED = """
local n, base = 0, %(base)d
math.randomseed(%(seed)d)
request = function()
  n = n + 1
  local owner = math.random(10) == 1 and "%(user)s" or "user/00000000-0000-0000-0000-00000000000" .. math.random(9)
  local body = string.format('{"infrastructure-service":"infrastructure-service/11111111-2222-3333-4444-555555555555",' ..
    '"name":"record %%d","content-type":"type/%%d","bytes":%%d,"timestamp":"2026-%%02d-%%02dT%%02d:%%02d:00.000Z","tags":["bench","t%%d"],' ..
    '"description":"A record of the benchmark, as long as such records are: it says where it came from and why.",' ..
    '"acl":{"owners":["%%s"]}}', base + n, math.random(0, 9), math.random(100000), math.random(12), math.random(28),
    math.random(0, 23), math.random(0, 59), math.random(0, 99), owner)
  return wrk.format("POST", "/api/data-record", {["Content-Type"]="application/json", ["Cookie"]="%(cookie)s"}, body)
end
"""
GET = """
local ids = {}
for line in io.lines("%(ids)s") do ids[#ids + 1] = line end
request = function()
  return wrk.format("GET", "/api/" .. ids[math.random(#ids)], {["Cookie"]="%(cookie)s"})
end
"""
PAGE = """
request = function()
  local filter = "content-type='type/" .. math.random(0, 9) .. "'"
  return wrk.format("GET", "/api/data-record?last=20&orderby=created:desc&filter=" .. filter:gsub("'", "%%%%27"):gsub("=", "%%%%3D"):gsub("/", "%%%%2F"),
    {["Cookie"]="%(cookie)s"})
end
"""
# The same questions in a hundred thousand spellings, so that no answer is one that was given before.
ANEW = """
local blanks = function() return string.rep("%%20", math.random(0, 9)) end
request = function()
  return wrk.format("GET", "/api/data-record?last=20&orderby=created:desc&filter=content-type" .. blanks() .. "%%3D" .. blanks() ..
    "%%27type%%2F" .. math.random(0, 9) .. "%%27" .. blanks() .. blanks(), {["Cookie"]="%(cookie)s"})
end
"""
PLAIN = """
request = function() return wrk.format("GET", "/health") end
"""


class Server:
    def __init__(self, binary, directory):
        self.binary, self.data = binary, directory + "/data"
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(directory + "/server.log", "w")
        self.start()

    def start(self):
        environment = dict(os.environ, ROADSTEAD_ADMIN_PASSWORD="Bench_1password")
        self.process = subprocess.Popen([self.binary, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"],
                                        env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 30
        while True:
            try:
                self.call("GET", "/health")
                return
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None: sys.exit("the server did not start")
                time.sleep(0.05)

    def call(self, method, path, body=None, cookie=None, form=None):
        data = urllib.parse.urlencode(form).encode() if form is not None else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if body is not None: request.add_header("Content-Type", "application/json")
        if form is not None: request.add_header("Content-Type", "application/x-www-form-urlencoded")
        if cookie: request.add_header("Cookie", cookie)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return answer.status, answer.headers, json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, json.loads(error.read() or b"{}")

    def login(self, user, password):
        status, headers, answer = self.call("POST", "/api/session", {"template": {
            "href": "session-template/password", "username": user, "password": password}})
        if status != 201: sys.exit(f"login of {user}: {status} {answer}")
        return headers["Set-Cookie"].split(";")[0]

    def memory(self):
        text = open(f"/proc/{self.process.pid}/status").read()
        return {name: int(re.search(name + r":\s+(\d+)", text)[1]) // 1024 for name in ("VmRSS", "RssAnon")}

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


class Load:
    def __init__(self, server, directory, connections):
        self.server, self.directory, self.connections = server, directory, connections

    def run(self, script, seconds, threads=1):
        path = self.directory + "/load.lua"
        with open(path, "w") as file: file.write(script)
        before = self.server.cpu()
        r = subprocess.run(["wrk", f"-t{threads}", f"-c{self.connections}", f"-d{seconds}s", "--latency", "-s", path, self.server.url],
                           capture_output=True, text=True, timeout=seconds + 60)
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", r.stdout)[1])
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", r.stdout)
        total = int(re.search(r"(\d+) requests in", r.stdout)[1])
        p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", r.stdout)
        return {"rate": rate, "bad": int(bad[1]) if bad else 0, "total": total,
                "p99": float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]],
                "cpu": (self.server.cpu() - before) / max(total, 1) * 1e6}


def windows(server, cookie, path, wanted=20000):
    """Ids from all over the store: those of short windows of time."""
    ids = []
    for month in range(1, 13):
        for day in range(1, 29):
            if len(ids) >= wanted: break
            form = {"filter": f"timestamp>='2026-{month:02}-{day:02}T00:00:00Z' and timestamp<'2026-{month:02}-{day:02}T06:00:00Z'",
                    "last": 200, "select": "id"}
            status, _, answer = server.call("PUT", "/api/data-record", cookie=cookie, form=form)
            if status != 200: sys.exit(f"ids: {status} {answer}")
            ids += [r["id"] for r in answer["resources"]]
    with open(path, "w") as file: file.write("\n".join(ids) + "\n")
    return len(ids)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--sizes", default="100000,1000000")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=64)
    a = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="roadstead-api-bench-")
    server = Server(a.binary, directory)
    try:
        measure(a, directory, server)
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def measure(a, directory, server):
    admin = server.login("admin", "Bench_1password")
    _, _, me = server.call("GET", "/api/session", cookie=admin)
    status, _, answer = server.call("POST", f"/api/{me['resources'][0]['id']}/switch-group", {"claim": "group/nuvla-admin"}, cookie=admin)
    if status != 200: sys.exit(f"switch-group: {answer}")
    admin = _["Set-Cookie"].split(";")[0]
    status, _, answer = server.call("POST", "/api/user", {"template": {"href": "user-template/username-password", "username": "bench",
                                                                       "password": "Bench_1password"}}, cookie=admin)
    if status != 201: sys.exit(f"user: {answer}")
    user, reader = answer["resource-id"], server.login("bench", "Bench_1password")
    load, posted = Load(server, directory, a.connections), 0
    posts = []
    for _ in range(a.rounds):
        posts.append(load.run(SEED % {"base": posted, "seed": posted + 1, "user": user, "cookie": admin}, a.seconds))
        if posts[-1]["bad"]: sys.exit(f"{posts[-1]['bad']} of {posts[-1]['total']} posts failed")
        posted += posts[-1]["total"]
    own = [int(subprocess.run([a.store, "rate", f"{directory}/own{i}.sqlite", "20000", str(a.connections)], capture_output=True,
                              text=True, check=True).stdout) for i in range(a.rounds)]
    rate, own = statistics.median(p["rate"] for p in posts), statistics.median(own)
    print(f"durable POST {rate:.0f}/s, the store alone {own:.0f}/s: ratio {rate / own:.2f}")
    count = server.call("PUT", "/api/data-record", cookie=admin, form={"last": 0, "aggregation": "value_count:id"})[2][
        "aggregations"]["value_count:id"]["value"]
    for size in map(int, a.sizes.split(",")):
        if size > count: seed(a, server, count, size, user)
        count = max(size, count)
        print(f"{count} data-records", flush=True)
        cases(a, directory, server, load, admin, reader, user)


def seed(a, server, count, size, user):
    server.stop()
    subprocess.run([a.store, "seed", server.data, str(count), str(size - count), user], check=True)
    began = time.monotonic()
    server.start()
    print(f"start to first answer with {size} records: {time.monotonic() - began:.2f} s")


def cases(a, directory, server, load, admin, reader, user):
    ids = directory + "/ids"
    print(f"  {windows(server, admin, ids)} ids sampled", flush=True)
    scripts = {"plain text": PLAIN, "GET by id": GET % {"ids": ids, "cookie": admin},
               "page of 20, filtered, ordered, under an ACL": ANEW % {"cookie": reader},
               "the same, asked before and unchanged": PAGE % {"cookie": reader}}
    results = {name: [] for name in scripts}
    # The file's pages come into the system's cache; a disk is not what is measured.
    for script in scripts.values(): load.run(script, a.seconds)
    for _ in range(a.rounds):
        for name, script in scripts.items(): results[name].append(load.run(script, a.seconds))
    plain = statistics.median(r["rate"] for r in results["plain text"])
    for name, rounds in results.items():
        rate = statistics.median(r["rate"] for r in rounds)
        print(f"  {name}: {rate:.0f}/s, ratio {rate / plain:.2f}, p99 {statistics.median(r['p99'] for r in rounds):.1f} ms, "
              f"server CPU {statistics.median(r['cpu'] for r in rounds):.0f} us a request"
              + (f", {sum(r['bad'] for r in rounds)} FAILED" if any(r["bad"] for r in rounds) else ""), flush=True)
    began = time.monotonic()
    status, _, answer = server.call("PUT", "/api/data-record", cookie=admin, form={"filter": "acme:nothing='x'", "last": 20})
    print(f"  filter without an index: {status} after {time.monotonic() - began:.2f} s: {answer.get('message', answer.get('count'))}")
    memory = server.memory()
    print(f"  memory: resident {memory['VmRSS']} MB, anonymous {memory['RssAnon']} MB", flush=True)


main()
