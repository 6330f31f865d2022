#!/usr/bin/env python3
"""Records what a real Swarm says about services while they come up, or fail to: the food of VerdictRecordingTests.

  eval "$(Lab/swarm env h1)"; docker login REGISTRY; ./record.py REGISTRY/busybox [NAME...]

Without names all scenarios are recorded, four at a time. Needs a Swarm of three lab hosts (Lab/swarm form h1 h2 h3), the docker CLI, and the images busybox:1 and busybox:2 in a
registry that the hosts can pull from. Each scenario is one file NAME.json: the ticks (milliseconds since 1970) and, for
each tick at which something changed, what `GET /services` and `GET /tasks` answered, cut to what a verdict reads.
"""
import concurrent.futures, datetime, http.client, json, os, ssl, subprocess, sys, time, urllib.parse

HERE = os.path.dirname(os.path.realpath(__file__))
IMAGE = sys.argv[1]
FOREVER = ["sleep", "3600"]
FAST = ["--restart-delay", "500ms"]
UPDATE = ["--update-monitor", "3s", "--update-parallelism", "1", "--stop-grace-period", "1s"]

# name: seconds, steps; a step is (seconds to wait before it, docker arguments); {n} is the service's name.
SCENARIOS = {
    "healthy": (12, [(0, ["create", "--replicas", "3", IMAGE + ":1", *FOREVER])]),
    "global": (12, [(0, ["create", "--mode", "global", IMAGE + ":1", *FOREVER])]),
    "health-checked": (10, [(0, ["create", "--replicas", "2", "--health-cmd", "true", "--health-interval", "1s",
                                 IMAGE + ":1", *FOREVER])]),
    "no-replicas": (3, [(0, ["create", "--replicas", "0", IMAGE + ":1", *FOREVER])]),
    "global-on-no-node": (6, [(0, ["create", "--mode", "global", "--constraint", "node.labels.gpu==yes", IMAGE + ":1",
                                   *FOREVER])]),
    "job": (8, [(0, ["create", "--mode", "replicated-job", "--replicas", "3", "--max-concurrent", "2", IMAGE + ":1",
                     "true"])]),
    "global-job": (8, [(0, ["create", "--mode", "global-job", IMAGE + ":1", "true"])]),
    "one-shot": (8, [(0, ["create", "--restart-condition", "none", IMAGE + ":1", "true"])]),
    "crash-loop": (20, [(0, ["create", *FAST, IMAGE + ":1", "sh", "-c", "echo cannot open the data file; exit 3"])]),
    "keeps-ending": (20, [(0, ["create", *FAST, IMAGE + ":1", "true"])]),
    "exits-once": (8, [(0, ["create", "--restart-condition", "none", IMAGE + ":1", "sh", "-c", "exit 4"])]),
    "attempts-used-up": (14, [(0, ["create", *FAST, "--restart-max-attempts", "1", IMAGE + ":1", "false"])]),
    "job-fails": (14, [(0, ["create", *FAST, "--mode", "replicated-job", "--restart-max-attempts", "1", IMAGE + ":1",
                            "sh", "-c", "exit 5"])]),
    "image-not-found": (16, [(0, ["create", *FAST, "--no-resolve-image", IMAGE + ":nowhere", *FOREVER])]),
    "bind-source-missing": (12, [(0, ["create", *FAST, "--mount", "type=bind,source=/no/such/folder,target=/x",
                                      IMAGE + ":1", *FOREVER])]),
    "no-suitable-node": (20, [(0, ["create", "--constraint", "node.labels.gpu==yes", IMAGE + ":1", *FOREVER])]),
    "unhealthy": (40, [(0, ["create", *FAST, "--health-cmd", "false", "--health-interval", "1s", "--health-retries",
                            "1", IMAGE + ":1", *FOREVER])]),
    "never-healthy": (20, [(0, ["create", "--health-cmd", "false", "--health-interval", "1s", "--health-start-period",
                                "5m", IMAGE + ":1", *FOREVER])]),
    "recovers": (30, [(0, ["create", *FAST, "--constraint", "node.hostname==h1", "--env", "ID={{.Service.ID}}",
                           "--mount", "type=bind,source=/run,target=/count", IMAGE + ":1", "sh", "-c",
                           "f=/count/recovers-$ID; echo x >>$f; [ $(wc -l <$f) -gt 2 ] || exit 1; sleep 3600"])]),
    "update": (25, [(0, ["create", "--replicas", "2", *UPDATE, IMAGE + ":1", *FOREVER]),
                    (8, ["update", "--image", IMAGE + ":2", "{n}"])]),
    "update-paused": (30, [(0, ["create", "--replicas", "2", *UPDATE, *FAST, IMAGE + ":1", *FOREVER]),
                           (8, ["update", "--args", "false", "{n}"])]),
    "update-rolled-back": (40, [(0, ["create", "--replicas", "2", *UPDATE, *FAST, "--update-failure-action",
                                     "rollback", "--rollback-monitor", "2s", IMAGE + ":1", *FOREVER]),
                                (8, ["update", "--args", "false", "{n}"])]),
    "update-on-no-node": (35, [(0, ["create", "--replicas", "2", *UPDATE, IMAGE + ":1", *FOREVER]),
                               (8, ["update", "--constraint-add", "node.labels.gpu==yes", "--env-add", "A=1", "{n}"])]),
    "endpoint-update": (30, [(0, ["create", "--replicas", "2", *UPDATE, IMAGE + ":1", *FOREVER]),
                             (8, ["update", "--publish-add", "30999:80", "{n}"])]),
    "scaled": (20, [(0, ["create", "--replicas", "1", *UPDATE, IMAGE + ":1", *FOREVER]),
                    (8, ["update", "--replicas", "3", "{n}"])]),
}

SERVICE = ("ID", "Version", "CreatedAt", "UpdatedAt", "Spec", "UpdateStatus", "JobStatus")
TASK = ("ID", "CreatedAt", "Spec", "ServiceID", "Slot", "NodeID", "Status", "DesiredState", "JobIteration")


class Engine:
    def __init__(self):
        folder = os.environ["DOCKER_CERT_PATH"]
        self.context = ssl.create_default_context(cafile=folder + "/ca.pem")
        self.context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
        where = urllib.parse.urlparse(os.environ["DOCKER_HOST"])
        self.connection = http.client.HTTPSConnection(where.hostname, where.port, context=self.context, timeout=30)

    def get(self, path, **filters):
        text = json.dumps({key: [value] for key, value in filters.items()})
        self.connection.request("GET", "/v1.41/%s?filters=%s" % (path, urllib.parse.quote(text)))
        return json.loads(self.connection.getresponse().read())


def docker(*arguments):
    subprocess.run(["docker", "service", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def act(name, arguments):
    arguments = [text.replace("{n}", name) for text in arguments]
    common = ["--detach", "--with-registry-auth"] + (["--name", name] if arguments[0] == "create" else [])
    docker(arguments[0], *common, *arguments[1:])


def snapshot(engine, name):
    services = [s for s in engine.get("services", name=name) if s["Spec"]["Name"] == name]
    tasks = [t for s in services for t in engine.get("tasks", service=s["ID"])]
    cut = lambda what, keys: {key: what[key] for key in keys if key in what}
    for task in tasks:
        task["Status"].pop("PortStatus", None)
    return {"services": [cut(s, SERVICE) for s in services], "tasks": [cut(t, TASK) for t in tasks]}


def record(name):
    seconds, steps = SCENARIOS[name]
    engine, ticks, start = Engine(), [], time.time()
    nodes = {n["ID"]: n["Description"]["Hostname"] for n in engine.get("nodes")}
    pending, acted = list(steps), []
    while time.time() - start < seconds:
        if pending and time.time() - start >= pending[0][0]:
            act(name, pending.pop(0)[1])
            acted.append(int(time.time() * 1000))
        now, seen = int(time.time() * 1000), snapshot(engine, name)
        if ticks and ticks[-1]["seen"] == seen:
            ticks[-1]["until"] = now
        else:
            ticks.append({"at": now, "until": now, "seen": seen})
        time.sleep(0.3)
    docker("rm", name)
    write(name, acted, ticks, nodes)
    return name


def write(name, acted, ticks, nodes):
    """Each state of an object is written once; the ticks name it by its number."""
    objects, numbers = [], {}

    def number(thing):
        text = json.dumps(thing, sort_keys=True)
        if text not in numbers:
            numbers[text] = len(objects)
            objects.append(thing)
        return numbers[text]

    rows = [{"at": t["at"], "until": t["until"], "services": [number(s) for s in t["seen"]["services"]],
             "tasks": [number(s) for s in t["seen"]["tasks"]]} for t in ticks]
    services = sorted({n for row in rows for n in row["services"]})
    tasks = sorted({n for row in rows for n in row["tasks"]})
    for row in rows:
        row["services"] = [services.index(n) for n in row["services"]]
        row["tasks"] = [tasks.index(n) for n in row["tasks"]]
    with open(os.path.join(HERE, name + ".json"), "w") as file:
        json.dump({"acted": acted, "nodes": nodes, "services": [objects[n] for n in services],
                   "tasks": [objects[n] for n in tasks], "ticks": rows}, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


def main():
    names = sys.argv[2:] or list(SCENARIOS)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for done in pool.map(record, names):
            print(done, datetime.datetime.now().strftime("%H:%M:%S"), flush=True)


main()
