#!/usr/bin/env python3
"""compose-diff.py - differential test of a `stack deploy` implementation.

Runs a deploy command over the corpus of Tests/RoadsteadComposeTests (see
cases.json there), each case on a fresh stack called `gold`, reads back through
the Docker Engine API what the command created, normalises it, and compares it
with the goldens recorded from the real `docker stack deploy`.

Tests/LabTests/Stack/ComposeCorpusLabTests lays the corpus out and calls this.

  compose-diff.py --docker-host unix:///run/docker.sock \\
     --deploy 'docker stack deploy --detach=true --resolve-image never {args} {files} {stack}'

Placeholders in --deploy (it is run by /bin/sh):
  {files}  -c FILE [-c FILE ...]   (flag: --file-flag; absolute paths unless the case says otherwise)
  {stack}  the stack name (gold)
  {env}    K=V pairs of the case, shell-quoted, for `env {env} CMD`; the same
           variables are ALSO exported to the command, so {env} is optional
  {args}   extra flags of the step (only ever --prune)

The engine must be a private single-node swarm manager: everything that appears
during a case is taken as the command's work, and removed afterwards.
Only the Python standard library is used.
"""
import argparse, base64, copy, difflib, http.client, json, os, re, shlex, shutil
import signal, socket, subprocess, sys, tempfile, time, urllib.parse

HERE = os.path.dirname(os.path.realpath(__file__))
NS = "com.docker.stack.namespace"
MARK = "setup"
BUILTIN_NETS = {"ingress", "docker_gwbridge", "host", "none", "bridge"}


# ------------------------------------------------------------------ engine API
class UnixConn(http.client.HTTPConnection):
    def __init__(self, path, timeout=60):
        super().__init__("docker", timeout=timeout)
        self.path = path

    def connect(self):
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        s.settimeout(self.timeout)
        s.connect(self.path)
        self.sock = s


class ApiError(Exception):
    def __init__(self, status, msg):
        super().__init__("%s: %s" % (status, msg))
        self.status = status


class Api:
    def __init__(self, host, version="1.41"):
        self.host, self.version = host, "v" + version.lstrip("v")

    def conn(self):
        if self.host.startswith("unix://"):
            return UnixConn(self.host[len("unix://"):])
        u = urllib.parse.urlparse(self.host)
        return http.client.HTTPConnection(u.hostname, u.port or 2375, timeout=60)

    def call(self, method, path, body=None, query=None):
        c = self.conn()
        url = "/%s%s" % (self.version, path)
        if query:
            url += "?" + urllib.parse.urlencode(query)
        data, hdr = None, {}
        if body is not None:
            data, hdr = json.dumps(body), {"Content-Type": "application/json"}
        try:
            c.request(method, url, data, hdr)
            r = c.getresponse()
            raw = r.read()
        finally:
            c.close()
        if r.status >= 400:
            try:
                msg = json.loads(raw)["message"]
            except Exception:
                msg = raw[:300]
            raise ApiError(r.status, msg)
        return json.loads(raw) if raw.strip() else None

    def services(self): return self.call("GET", "/services") or []
    def networks(self): return self.call("GET", "/networks") or []
    def configs(self): return self.call("GET", "/configs") or []
    def secrets(self): return self.call("GET", "/secrets") or []
    def tasks(self): return self.call("GET", "/tasks") or []
    def volumes(self): return (self.call("GET", "/volumes") or {}).get("Volumes") or []


# -------------------------------------------------------------------- snapshot
class World:
    """Which objects existed before we began (never touched, never dumped)."""

    def __init__(self, api):
        self.api = api
        self.foreign = {"n": set(), "c": set(), "s": set(), "v": set()}

    def take(self):
        a = self.api
        self.foreign = {
            "n": {n["Id"] for n in a.networks()},
            "c": {c["ID"] for c in a.configs()},
            "s": {s["ID"] for s in a.secrets()},
            "v": {v["Name"] for v in a.volumes()},
        }

    def new_networks(self):
        return [n for n in self.api.networks()
                if n["Id"] not in self.foreign["n"] and n["Name"] not in BUILTIN_NETS]

    def new_configs(self):
        return [c for c in self.api.configs() if c["ID"] not in self.foreign["c"]]

    def new_secrets(self):
        return [s for s in self.api.secrets() if s["ID"] not in self.foreign["s"]]

    def new_volumes(self):
        return [v for v in self.api.volumes() if v["Name"] not in self.foreign["v"]]

    def purge(self, timeout=90):
        a, end, last = self.api, time.time() + timeout, None
        while True:
            left = 0
            for kind, items, path, key in (
                    ("service", a.services(), "/services/", "ID"),
                    ("config", self.new_configs(), "/configs/", "ID"),
                    ("secret", self.new_secrets(), "/secrets/", "ID"),
                    ("network", self.new_networks(), "/networks/", "Id"),
                    ("volume", self.new_volumes(), "/volumes/", "Name")):
                for it in items:
                    left += 1
                    try:
                        a.call("DELETE", path + urllib.parse.quote(it[key], safe=""))
                        left -= 1
                    except ApiError as e:
                        if e.status == 404:
                            left -= 1
                        else:
                            last = "%s %s: %s" % (kind, it[key], e)
            if not left and not a.services():
                return
            if time.time() > end:
                raise RuntimeError("cannot clean up: %s" % last)
            time.sleep(0.15)


# --------------------------------------------------------------- normalisation
DROP_NET_OPTS = {"com.docker.network.driver.overlay.vxlanid_list"}


class Normaliser:
    def __init__(self, world, subst):
        self.w, self.subst = world, subst

    def text(self, s):
        for path, token in self.subst:
            s = s.replace(path, token)
        return s

    def walk(self, x):
        if isinstance(x, dict):
            return {self.text(k): self.walk(v) for k, v in x.items()}
        if isinstance(x, list):
            return [self.walk(v) for v in x]
        return self.text(x) if isinstance(x, str) else x

    def dump(self):
        a = self.w.api
        nets, cfgs, secs = a.networks(), a.configs(), a.secrets()
        netname = {n["Id"]: n["Name"] for n in nets}
        cfgname = {c["ID"]: c["Spec"]["Name"] for c in cfgs}
        secname = {s["ID"]: s["Spec"]["Name"] for s in secs}
        out = {"services": {}, "networks": {}, "configs": {}, "secrets": {}, "volumes": {}}
        ids = {}
        for s in a.services():
            spec = copy.deepcopy(s["Spec"])
            name = spec.get("Name")
            tt = spec.get("TaskTemplate", {})
            for lst in (tt.get("Networks"), spec.get("Networks")):
                for n in lst or []:
                    tgt = n.get("Target") or ""
                    # the host network has a swarm id that /networks does not list
                    n["Target"] = netname.get(tgt) or (
                        "(predefined)" if re.fullmatch(r"[a-z0-9]{25}", tgt) else tgt)
            cs = tt.get("ContainerSpec", {})
            for r in cs.get("Configs") or []:
                r["ConfigID"] = "id:" + cfgname.get(r.get("ConfigID"), "?")
            for r in cs.get("Secrets") or []:
                r["SecretID"] = "id:" + secname.get(r.get("SecretID"), "?")
            # the CLI's order is random where one config is mounted twice
            for k, nm in (("Configs", "ConfigName"), ("Secrets", "SecretName")):
                if cs.get(k):
                    cs[k].sort(key=lambda r: (r.get(nm) or "", (r.get("File") or {}).get("Name") or ""))
            cred = (cs.get("Privileges") or {}).get("CredentialSpec") or {}
            if cred.get("Config"):
                cred["Config"] = "id:" + cfgname.get(cred["Config"], cred["Config"])
            out["services"][name] = spec
            ids["service " + name] = s["ID"]
        for n in nets:
            if n["Id"] in self.w.foreign["n"] or n["Name"] in BUILTIN_NETS:
                continue
            ipam = n.get("IPAM") or {}
            conf = []
            for c in ipam.get("Config") or []:
                sub = c.get("Subnet", "")
                if sub.startswith("10.") or MARK in (n.get("Labels") or {}):  # from a default pool
                    c = {"Subnet": "(auto)"}
                conf.append(c)
            key = n["Name"]
            while key in out["networks"]:
                key += " (again)"
            out["networks"][key] = {
                "Driver": n.get("Driver"), "Scope": n.get("Scope"),
                "Internal": n.get("Internal"), "Attachable": n.get("Attachable"),
                "Ingress": n.get("Ingress"), "EnableIPv6": n.get("EnableIPv6"),
                "ConfigOnly": n.get("ConfigOnly"),
                "Labels": n.get("Labels"),
                "Options": {k: v for k, v in (n.get("Options") or {}).items()
                            if k not in DROP_NET_OPTS},
                "IPAM": {"Driver": ipam.get("Driver"), "Options": ipam.get("Options"),
                         "Config": conf},
            }
            ids["network " + key] = n["Id"]
        for c in cfgs:
            if c["ID"] in self.w.foreign["c"]:
                continue
            spec = copy.deepcopy(c["Spec"])
            raw = base64.b64decode(spec.get("Data") or "")
            try:
                spec["Data"] = "text:" + raw.decode("utf-8")
            except UnicodeDecodeError:
                spec["Data"] = "base64:" + base64.b64encode(raw).decode()
            out["configs"][spec.pop("Name")] = spec
            ids["config " + c["Spec"]["Name"]] = c["ID"]
        for s in secs:
            if s["ID"] in self.w.foreign["s"]:
                continue
            spec = copy.deepcopy(s["Spec"])
            out["secrets"][spec.pop("Name")] = spec
            ids["secret " + s["Spec"]["Name"]] = s["ID"]
        for v in self.w.new_volumes():
            out["volumes"][v["Name"]] = {"Driver": v.get("Driver"),
                                         "Labels": v.get("Labels"),
                                         "Options": v.get("Options")}
            ids["volume " + v["Name"]] = v["Name"]
        return self.walk(out), ids


ANY_ORDER = {"Env", "Networks", "Secrets", "Configs", "Ports", "Ulimits", "CapabilityAdd",
             "CapabilityDrop", "Constraints", "Aliases", "GenericResources", "Mounts"}
KEEP_EMPTY_UNDER = {"Mode", "Labels", "Options", "Sysctls", "Env", "Args", "Command", "Test"}


def soften(x, key=None):
    """Drop what cannot matter to a running service: order of sets, empty values."""
    if isinstance(x, dict):
        o = {}
        for k, v in x.items():
            v = soften(v, k)
            if key not in KEEP_EMPTY_UNDER and (v is None or v == {} or v == [] or v == ""):
                continue
            o[k] = v
        return o
    if isinstance(x, list):
        y = [soften(v) for v in x]
        if key in ANY_ORDER:
            y.sort(key=lambda v: json.dumps(v, sort_keys=True))
        return y
    return x


def pretty(x):
    return json.dumps(x, indent=1, sort_keys=True, ensure_ascii=False)


def readable_diff(want, got, limit=60):
    """Path-wise diff: one line per leaf that differs."""
    out = []

    def short(v):
        s = json.dumps(v, sort_keys=True, ensure_ascii=False)
        return s if len(s) < 160 else s[:157] + "..."

    def rec(path, a, b):
        if a == b:
            return
        if isinstance(a, dict) and isinstance(b, dict):
            for k in sorted(set(a) | set(b)):
                p = path + "/" + k
                if k not in a:
                    out.append("    %s: unexpected %s" % (p, short(b[k])))
                elif k not in b:
                    out.append("    %s: missing, docker has %s" % (p, short(a[k])))
                else:
                    rec(p, a[k], b[k])
        elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            for i, (u, v) in enumerate(zip(a, b)):
                rec("%s[%d]" % (path, i), u, v)
        else:
            out.append("    %s: docker %s  !=  got %s" % (path, short(a), short(b)))

    rec("", want, got)
    if len(out) > limit:
        out = out[:limit] + ["    ... %d more" % (len(out) - limit)]
    return "\n".join(out)


# ----------------------------------------------------------------------- runner
NOISE = re.compile(r"^(Since --detach=false was not specified|In a future release, --detach=false)")


class Runner:
    def __init__(self, o):
        self.o = o
        self.api = Api(o.docker_host, o.api_version)
        self.corpus = os.path.realpath(o.corpus)
        self.world = World(self.api)
        self.tmp = os.path.realpath(tempfile.mkdtemp(prefix="compose-diff."))
        self.home = os.path.join(self.tmp, "home")
        self.cwd = os.path.join(self.tmp, "cwd")
        os.mkdir(self.home)
        os.mkdir(self.cwd)
        decoy = os.path.join(self.corpus, ".env")
        if os.path.exists(decoy):
            shutil.copy(decoy, os.path.join(self.cwd, ".env"))
        self.norm = Normaliser(self.world, [
            (self.corpus, "{CORPUS}"), (self.home, "{HOME}"), (self.cwd, "{CWD}"),
            (os.path.dirname(self.corpus) + "/", "{CORPUS_PARENT}/")])

    def close(self):
        shutil.rmtree(self.tmp, ignore_errors=True)

    # -- preparation of the engine
    def prepare(self):
        info = self.api.call("GET", "/info")
        if not info.get("Swarm", {}).get("ControlAvailable"):
            sys.exit("the engine at %s is not a swarm manager" % self.o.docker_host)
        others = sorted({s["Spec"]["Name"] for s in self.api.services()
                         if s["Spec"].get("Labels", {}).get(NS) != self.o.stack})
        if others:
            sys.exit("refusing: the engine runs services that are not ours: %s\n"
                     "(use a private engine; they would be removed)" % ", ".join(others))
        # leftovers of an earlier, interrupted run
        mine = lambda x: (x or {}).get(NS) == self.o.stack or MARK in (x or {})
        self.world.take()
        for k, items, idk, lab in (
                ("n", self.api.networks(), "Id", lambda i: i.get("Labels")),
                ("c", self.api.configs(), "ID", lambda i: i["Spec"].get("Labels")),
                ("s", self.api.secrets(), "ID", lambda i: i["Spec"].get("Labels")),
                ("v", self.api.volumes(), "Name", lambda i: i.get("Labels"))):
            for i in items:
                if mine(lab(i)):
                    self.world.foreign[k].discard(i[idk])
        self.world.purge()
        if not self.o.no_drain:
            self.drain("drain")

    def drain(self, availability):
        for n in self.api.call("GET", "/nodes"):
            if n["Spec"].get("Availability") != availability:
                spec = dict(n["Spec"], Availability=availability)
                self.api.call("POST", "/nodes/%s/update" % n["ID"], spec,
                              {"version": n["Version"]["Index"]})

    # -- actions a case can ask for before a step
    def action(self, act):
        a, kind = self.api, act["do"]
        lab = {MARK: "1"}
        if kind == "network":
            a.call("POST", "/networks/create", {
                "Name": act["name"], "Driver": act.get("driver", "overlay"),
                "Attachable": True, "CheckDuplicate": True,
                "Labels": dict(lab, **act.get("labels", {}))})
        elif kind in ("config", "secret"):
            a.call("POST", "/%ss/create" % kind, {
                "Name": act["name"], "Labels": dict(lab, **act.get("labels", {})),
                "Data": base64.b64encode(act.get("data", "x").encode()).decode()})
        elif kind == "volume":
            a.call("POST", "/volumes/create", {"Name": act["name"], "Labels": lab})
        elif kind == "patch-service":
            # as `docker service update` would: change the stored spec
            for s in a.services():
                if s["Spec"]["Name"] == act["name"]:
                    spec = s["Spec"]
                    for path, val in act["set"].items():
                        at = spec
                        keys = path.split("/")
                        for k in keys[:-1]:
                            at = at.setdefault(k, {})
                        at[keys[-1]] = val
                    for _ in range(5):
                        try:
                            cur = a.call("GET", "/services/" + s["ID"])
                            a.call("POST", "/services/%s/update" % s["ID"], spec,
                                   {"version": cur["Version"]["Index"]})
                            break
                        except ApiError as e:
                            if "out of sequence" not in str(e):
                                raise
        else:
            raise ValueError("unknown action " + kind)

    def command(self, step, cmd):
        where = step.get("cwd", "cwd")
        cwd = self.corpus if where == "corpus" else self.cwd
        stdin = None
        parts = []
        for f in step["files"]:
            full = os.path.join(self.corpus, f)
            if step.get("stdin"):
                stdin = full
                parts.append("%s -" % self.o.file_flag)
            elif step.get("relative"):
                parts.append("%s %s" % (self.o.file_flag, shlex.quote(os.path.relpath(full, cwd))))
            else:
                parts.append("%s %s" % (self.o.file_flag, shlex.quote(full)))
        env = step.get("env", {})
        for k, v in (("{files}", " ".join(parts)), ("{stack}", shlex.quote(self.o.stack)),
                     ("{env}", " ".join(shlex.quote("%s=%s" % kv) for kv in env.items())),
                     ("{args}", " ".join(step.get("args", [])))):
            cmd = cmd.replace(k, v)
        penv = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": self.home,
                "LANG": "C.UTF-8", "DOCKER_HOST": self.o.docker_host}
        for k in self.o.pass_env:
            if k in os.environ:
                penv[k] = os.environ[k]
        penv.update(env)
        return cmd, penv, cwd, stdin

    def run_step(self, step, deploy=None):
        cmd, env, cwd, stdin = self.command(step, deploy or self.o.deploy)
        fin = open(stdin, "rb") if stdin else subprocess.DEVNULL
        tries = 0
        while True:
            p = subprocess.Popen(["/bin/sh", "-c", cmd], stdin=fin, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=env, cwd=cwd,
                                 start_new_session=True)
            try:
                out, err = p.communicate(timeout=self.o.timeout)
                code = p.returncode
            except subprocess.TimeoutExpired:
                os.killpg(p.pid, signal.SIGKILL)     # the group we started ourselves
                out, err = p.communicate()
                code = "timeout"
            # a lost race with the swarm allocator says nothing about the command
            if code and b"update out of sequence" in out + err and tries < 3:
                tries += 1
                time.sleep(0.5)
                if stdin:
                    fin.seek(0)
                continue
            break
        if stdin:
            fin.close()
        return code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")

    def run_case(self, case, deploy=None):
        """deploy: another command for the first step (takeover)"""
        self.world.purge()
        res, prev, tasks0 = [], {}, set()
        try:
            for act in case.get("setup", []):
                self.action(act)
            for i, step in enumerate(case["steps"]):
                if i:
                    time.sleep(1.0)          # let the orchestrator settle
                    tasks0 = {t["ID"] for t in self.api.tasks()}
                for act in step.get("before", []):
                    self.action(act)
                if step.get("before"):
                    time.sleep(0.5)
                    tasks0 = {t["ID"] for t in self.api.tasks()}
                before, prev = self.norm.dump()
                code, out, err = self.run_step(step, deploy if deploy and not i else None)
                time.sleep(self.o.settle)
                state, ids = self.norm.dump()
                r = {"exit": code, "state": state, "ids": sorted(ids),
                     "stderr": [self.norm.text(l.rstrip()) for l in err.splitlines()
                                if l.strip() and not NOISE.match(l)],
                     "stdout": sorted(self.norm.text(l.rstrip()) for l in out.splitlines()
                                      if l.strip())}
                # ids inside messages are not comparable
                for k in ("stdout", "stderr"):
                    r[k] = [re.sub(r'^time="[^"]*" ', "", re.sub(r"\b[a-z0-9]{25}\b", "(ID)", l))
                            for l in r[k]]
                r["before"] = before
                if i:
                    r["kept"] = sorted(k for k, v in ids.items() if prev.get(k) == v)
                    r["recreated"] = sorted(k for k, v in ids.items() if k in prev and prev[k] != v)
                    if step.get("watch_tasks"):
                        time.sleep(2.0 if not deploy else 1.0)
                        svc = {s["ID"]: s["Spec"]["Name"] for s in self.api.services()}
                        r["new_tasks_in"] = sorted({svc.get(t["ServiceID"], "?")
                                                    for t in self.api.tasks()
                                                    if t["ID"] not in tasks0
                                                    and t["ServiceID"] in svc})
                res.append(r)
        finally:
            self.world.purge()
        return res


# ----------------------------------------------------------------------- verdict
def judge(case, want, got, o):
    """-> (verdict, text). verdict: same | alike | DIFF"""
    notes, verdict = [], "same"
    if len(want) != len(got):
        return "DIFF", "    %d steps recorded, %d run" % (len(want), len(got))
    for i, (w, g) in enumerate(zip(want, got)):
        step = case["steps"][i]
        tag = "  step %d (%s)%s:\n" % (i + 1, " ".join(step["files"]),
                                      " " + " ".join(step.get("args", []))) if len(want) > 1 else ""
        bad, cleaner = [], False
        if (w["exit"] == 0) != (g["exit"] == 0):
            bad.append("    exit status: docker %s, got %s%s" % (
                w["exit"], g["exit"],
                "" if g["exit"] == 0 else "\n      stderr: " + " | ".join(g["stderr"] or g["stdout"])[:600]))
            if w["exit"]:
                bad.append("      docker says: " + " | ".join(w["stderr"])[:400])
        elif w["exit"]:
            said = "\n".join(g["stderr"] + g["stdout"])
            if o.errors == "exact":
                if w["stderr"] != g["stderr"]:
                    bad.append("    message: docker %r\n             got    %r" % (
                        " | ".join(w["stderr"]), " | ".join(g["stderr"])))
            elif o.errors == "class":
                miss = [m for m in step.get("mention", []) if not re.search(m, said, re.I)]
                if miss:
                    bad.append("    message must mention %s\n      docker says: %s\n      got: %s" % (
                        ", ".join(repr(m) for m in miss), " | ".join(w["stderr"])[:400],
                        said.strip().replace("\n", " | ")[:400]))
        if o.warnings and not w["exit"] and sorted(w["stderr"]) != sorted(g["stderr"]):
            bad.append("    warnings: docker %r\n              got    %r" % (w["stderr"], g["stderr"]))
        if not step.get("state_undefined"):
            if w["state"] != g["state"]:
                a, b = soften(w["state"]), soften(g["state"])
                if w["exit"] and g["exit"] and g["state"] == g["before"]:
                    # docker leaves half a deployment behind; leaving nothing is no worse
                    notes.append(tag + "    cleaner than docker: nothing was changed before the refusal")
                    cleaner = True
                    if o.strict:
                        verdict = "DIFF"
                    elif verdict == "same":
                        verdict = "alike"
                elif a == b:
                    d = "    only order or empty values differ:\n" + readable_diff(w["state"], g["state"])
                    notes.append(tag + d)
                    if o.strict:
                        verdict = "DIFF"
                    elif verdict == "same":
                        verdict = "alike"
                else:
                    bad.append(readable_diff(a, b) if not o.strict else readable_diff(w["state"], g["state"]))
            for k in ("kept", "recreated", "new_tasks_in"):
                if not cleaner and k in w and w[k] != g.get(k):
                    bad.append("    %s: docker %s\n         got %s" % (k, w[k], g.get(k)))
        if bad:
            verdict = "DIFF"
            notes.append(tag + "\n".join(bad))
    return verdict, "\n".join(notes)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--deploy", help="shell command with {files} {stack} {env} {args}")
    p.add_argument("--docker-host", default=os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock"))
    p.add_argument("--only", action="append", default=[], help="case name or glob; repeatable")
    p.add_argument("--kind", choices=["valid", "invalid", "update"], help="only this kind of case")
    p.add_argument("--corpus", default=os.path.join(HERE, "corpus"))
    p.add_argument("--goldens", default=os.path.join(HERE, "goldens"))
    p.add_argument("--stack", default="gold", help="stack name (the goldens were recorded with gold)")
    p.add_argument("--file-flag", default="-c")
    p.add_argument("--api-version", default="1.41", help="to read the engine with; the goldens are of 1.41")
    p.add_argument("--pass-env", action="append", default=[], metavar="VAR",
                   help="environment variable to hand on (only PATH, HOME, LANG, DOCKER_HOST are set)")
    p.add_argument("--errors", choices=["class", "exact", "exit"], default="class",
                   help="invalid files: compare key words (default), whole stderr, or exit status only")
    p.add_argument("--strict", action="store_true", help="`alike` (order, empty values) fails too")
    p.add_argument("--warnings", action="store_true", help="compare stderr of successful deploys too")
    p.add_argument("--no-drain", action="store_true", help="leave the node's availability alone (slow)")
    p.add_argument("--settle", type=float, default=0.1)
    p.add_argument("--timeout", type=float, default=60)
    p.add_argument("--skip-quirks", action="store_true",
                   help="leave out the cases marked quirk (oddities of the docker CLI one may choose not to copy)")
    p.add_argument("--takeover", action="store_true",
                   help="valid cases only: deploy with --reference first, then with --deploy on top of it; "
                        "nothing may be recreated and no task replaced")
    p.add_argument("--reference", default="docker stack deploy --detach=true --resolve-image never "
                                          "{args} {files} {stack}")
    p.add_argument("--list", action="store_true")
    p.add_argument("--record", action="store_true", help="write goldens instead of comparing")
    p.add_argument("--quiet", action="store_true", help="print only what is not `same`")
    p.add_argument("--json", metavar="FILE", help="write the verdicts there too")
    o = p.parse_args()
    import fnmatch
    cases = json.load(open(os.path.join(o.corpus, "cases.json")))
    if o.only:
        cases = [c for c in cases if any(fnmatch.fnmatch(c["name"], g) for g in o.only)]
    if o.kind:
        cases = [c for c in cases if c["kind"] == o.kind]
    if o.skip_quirks:
        cases = [c for c in cases if not c.get("quirk")]
    if o.takeover:
        cases = [c for c in cases if c["kind"] == "valid"]
    if o.list:
        for c in cases:
            print("%-8s %-34s %s%s" % (c["kind"], c["name"], "[quirk] " if c.get("quirk") else "",
                                       c.get("about", "")))
        return 0
    if not o.deploy:
        p.error("--deploy is needed")
    if not cases:
        p.error("no such case")
    r = Runner(o)
    passed = failed = quirks = 0
    verdicts, t0 = {}, time.time()
    try:
        r.prepare()
        for c in cases:
            gold = os.path.join(o.goldens, c["name"] + ".json")
            if o.takeover:
                c = dict(c, steps=[c["steps"][0], dict(c["steps"][0], watch_tasks=True)])
            try:
                got = r.run_case(c, o.reference if o.takeover else None)
            except Exception as e:      # engine trouble: report, go on
                failed += 1
                verdicts[c["name"]] = "BROKEN"
                print("%-36s BROKEN %s: %s" % (c["name"], type(e).__name__, e), flush=True)
                continue
            if o.record:
                os.makedirs(o.goldens, exist_ok=True)
                for s in got:
                    s.pop("before", None)
                    s.pop("ids", None)
                with open(gold, "w") as f:
                    f.write(pretty({"case": c["name"], "kind": c["kind"], "steps": got}) + "\n")
                errf = os.path.join(o.goldens, c["name"] + ".err")
                if os.path.exists(errf):
                    os.unlink(errf)
                if any(s["exit"] for s in got):
                    with open(errf, "w") as f:
                        for i, s in enumerate(got):
                            if s["exit"]:
                                f.write("step %d exit %s\n%s\n" % (i + 1, s["exit"], "\n".join(s["stderr"])))
                want_fail = c["kind"] == "invalid"
                odd = want_fail != bool(got[-1]["exit"]) and c["kind"] != "update"
                miss = [m for s, st in zip(got, c["steps"]) for m in st.get("mention", [])
                        if not re.search(m, "\n".join(s["stderr"]), re.I)]
                print("%-36s recorded exit=%s%s%s" % (
                    c["name"], [s["exit"] for s in got], "  <-- NOT EXPECTED" if odd else "",
                    "  <-- mention %s" % miss if miss else ""), flush=True)
                if odd or miss or any(s["exit"] for s in got):
                    for s in got:
                        for l in s["stderr"]:
                            print("      " + l)
                passed += 1
                continue
            if not os.path.exists(gold):
                failed += 1
                print("%-36s NO GOLDEN" % c["name"])
                continue
            want = json.load(open(gold))["steps"]
            if o.takeover:
                ids = sorted(k for k in got[0]["ids"] if k in got[1]["ids"])
                # jobs run again on every update, docker's own included; and where one config is
                # mounted twice docker itself replaces tasks at random
                free = {n for n, s in want[0]["state"]["services"].items()
                        if any(k.endswith("Job") for k in s["Mode"])
                        or any(len({x[nm] for x in l}) < len(l) for l, nm in (
                            (s["TaskTemplate"]["ContainerSpec"].get("Configs") or [], "ConfigName"),
                            (s["TaskTemplate"]["ContainerSpec"].get("Secrets") or [], "SecretName")))}
                got[1]["new_tasks_in"] = [n for n in got[1].get("new_tasks_in", []) if n not in free]
                want = [want[0], dict(want[0], kept=ids, recreated=[], new_tasks_in=[])]
            v, text = judge(c, want, got, o)
            if v == "DIFF" and c.get("quirk"):
                quirks += 1
            verdicts[c["name"]] = v
            if v == "DIFF":
                failed += 1
            else:
                passed += 1
            if v != "same" or not o.quiet:
                print("%-36s %s" % (c["name"], v), flush=True)
            if text:
                print(text, flush=True)
    finally:
        try:
            r.world.purge()
            if not o.no_drain:
                r.drain("active")
        finally:
            r.close()
    if o.json:
        json.dump(verdicts, open(o.json, "w"), indent=1)
    if quirks:
        print("(%d of the failed are marked quirk: see --skip-quirks)" % quirks)
    print("%d passed, %d failed   (%.0f s)" % (passed, failed, time.time() - t0))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
