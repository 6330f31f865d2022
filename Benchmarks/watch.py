#!/usr/bin/env python3
"""The live watch at rest: a real server that watches DEPLOYMENTS deployments on ENGINES fake engines.

    Benchmarks/watch.py [--engines 20] [--deployments 1000] [--seconds 30] [--bin .build/release]

Builds nothing: `swift build -c release --product roadstead` and `--product fake-engines` come first. Prints memory and CPU
of the server while nothing happens. Asserts nothing.
"""

import argparse
import http.cookiejar
import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.request

arguments = argparse.ArgumentParser()
arguments.add_argument("--engines", type=int, default=20)
arguments.add_argument("--deployments", type=int, default=1000)
arguments.add_argument("--seconds", type=int, default=30)
arguments.add_argument("--bin", default=".build/release")
options = arguments.parse_args()

PASSWORD = "Bench-mark-1"
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{url}/api/{path}", data=data, method=method)
    request.add_header("content-type", "application/json")
    with opener.open(request, timeout=60) as answer:
        return json.loads(answer.read())


def add(kind, body):
    return call("POST", kind, body)["resource-id"]


def memory(pid):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def states():
    found = call("GET", "deployment?last=0&aggregation=terms:state")["aggregations"]["terms:state"]
    return {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}


def health():
    counts = {}
    for first in range(1, options.deployments + 1, 100):
        for document in call("GET", f"deployment?first={first}&last={first + 99}&select=health")["resources"]:
            counts[document.get("health")] = counts.get(document.get("health"), 0) + 1
    return counts


with tempfile.TemporaryDirectory() as folder:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    engines = subprocess.Popen(
        [f"{options.bin}/fake-engines", str(options.engines)], stdout=subprocess.PIPE, text=True)
    server = subprocess.Popen(
        [f"{options.bin}/roadstead", "serve", "--data", folder + "/data", "--listen", f"127.0.0.1:{port}",
         "--log-level", "error"], env={**os.environ, "ROADSTEAD_ADMIN_PASSWORD": PASSWORD})
    try:
        endpoints = [engines.stdout.readline().strip() for _ in range(options.engines)]
        for _ in range(1200):
            try:
                call("GET", "cloud-entry-point")
                break
            except OSError:
                time.sleep(0.05)
        add("session", {"template": {
            "href": "session-template/password", "username": "admin", "password": PASSWORD}})
        empty = memory(server.pid)
        targets = []
        for index, endpoint in enumerate(endpoints):
            service = add("infrastructure-service", {"name": f"swarm {index}", "template": {
                "href": "infrastructure-service-template/generic", "subtype": "swarm", "endpoint": endpoint}})
            targets.append(add("credential", {"name": f"key {index}", "template": {
                "href": "credential-template/infrastructure-service-swarm", "parent": service}}))
        add("module", {"subtype": "project", "path": "bench"})
        text = "services:\n  web: {image: 'busybox:1', command: sleep 1000}\n  db: {image: 'busybox:1'}\n"
        module = add("module", {"subtype": "application", "path": "bench/app", "name": "app", "content": {
            "author": "bench", "docker-compose": text}})
        start = time.monotonic()
        made = []
        for index in range(options.deployments):
            made.append(add("deployment", {
                "module": {"href": module}, "parent": targets[index % len(targets)], "stack-name": f"app{index}"}))
            call("POST", f"{made[-1]}/start")
        while states().get("STARTED", 0) < options.deployments:
            time.sleep(1)
            if states().get("ERROR", 0) or time.monotonic() - start > 3600:
                raise SystemExit(f"they did not start: {states()}")
        print(f"{options.deployments} deployments started in {time.monotonic() - start:.0f} s")
        time.sleep(10)
        before, begun = cpu(server.pid), time.monotonic()
        time.sleep(options.seconds)
        share = (cpu(server.pid) - before) / (time.monotonic() - begun) * 100
        print(f"states: {states()}, health: {health()}")
        print(f"memory: {memory(server.pid):.0f} MB (empty server {empty:.0f} MB)")
        print(f"cpu at rest: {share:.2f} % of a core over {options.seconds} s")
    finally:
        server.terminate()
        engines.kill()
        server.wait()
        engines.wait()
