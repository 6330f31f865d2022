"""Exoscale for tests: holds every request and answer to Exoscale's own OpenAPI document, checks signatures with the code
of its own Python package, does things by operations that are pending first, and goes wrong on request.

    exoscale_double.py PORT_FILE [--lab DIR]

With --lab the instances are hosts that DIR/lab makes (LAB_NAME, LAB_NET), from address .120 on. The URL of a zone is
http://127.0.0.1:PORT/ZONE/v2; any API key is known, and its secret is "right"; one that begins with EXOREADER may
change nothing. GET /leaks?cluster=ID tells, past the API, how many things of each kind are that cluster's.
"""
import base64, datetime, ipaddress, json, os, re, sys, time, urllib.parse, uuid

import requests
from exoscale_auth import ExoscaleV2Auth

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Doubles"))
import door
import exoscale_document as document
import machines
from door import Refused

SECRET = "right"
ZONES = ["at-vie-1", "ch-gva-2", "de-fra-1"]
PENDING = 0.03


def stable(name):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def size(family, name, cpus, gib, authorized=True):
    return {"id": stable(f"{family}.{name}"), "family": family, "size": name, "cpus": cpus,
            "memory": int(gib * 2**30), "authorized": authorized, "zones": ZONES}


def template(name, user, day, visibility="public", with_key=True):
    return {"id": stable(name + day), "name": name, "default-user": user, "created-at": day + "T06:00:00Z",
            "visibility": visibility, "ssh-key-enabled": with_key, "password-enabled": True, "boot-mode": "legacy",
            "size": 10 * 2**30, "zones": ZONES, "family": name.split()[1].lower(), "build": day}


SIZES = [size("standard", "micro", 1, 0.5), size("standard", "tiny", 1, 1), size("standard", "small", 2, 2),
         size("standard", "medium", 2, 4), size("standard", "large", 4, 8), size("standard", "extra-large", 4, 16),
         size("memory", "large", 2, 16), size("gpu", "small", 12, 56, authorized=False)]
TEMPLATES = [template("Linux Debian 12 (Bookworm) 64-bit", "debian", "2026-01-10"),
             template("Linux Debian 12 (Bookworm) 64-bit", "debian", "2026-09-02"),
             template("Linux Debian 13 (Trixie) 64-bit", "debian", "2026-09-02"),
             template("Linux Ubuntu 24.04 LTS 64-bit", "ubuntu", "2026-08-20"),
             template("Linux Debian 12 (Bookworm) 64-bit", "mine", "2026-11-01", visibility="private"),
             template("Windows Server 2022", "Administrator", "2026-08-20", with_key=False)]


def refused(status, message, **headers):
    return Refused(status, json.dumps({"message": message}).encode(), {"Content-Type": "application/json", **headers})


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Exoscale:
    def __init__(self, machines):
        self.machines = machines
        self.instances, self.networks, self.groups, self.spread, self.keys = {}, {}, {}, {}, {}
        self.operations, self.full, self.public = {}, set(), {}

    # Who asks for what.

    def who(self, request):
        self.settle()
        if request.path == "/leaks":
            kinds = dict(machine=self.instances, network=self.networks, firewall=self.groups, placement=self.spread,
                         key=self.keys)
            cluster = urllib.parse.parse_qs(request.query)["cluster"][0]
            raise Refused(200, json.dumps({kind: sum(cluster in json.dumps(thing) for thing in things.values())
                                           for kind, things in kinds.items()}).encode(), {})
        found = re.fullmatch(r"/([a-z0-9-]+)/v2(/.*)", request.path)
        place = document.find(request.method, found[2]) if found and found[1] in ZONES else None
        if not place:
            raise refused(404, "Not Found")
        self.zone, (self.operation, self.parameters) = found[1], place
        name = self.operation["operationId"]
        if name == "list-zones" and "authorization" not in request.headers:
            return "", name
        key = signer(request)
        if key.startswith("EXOREADER") and request.method != "GET":
            raise refused(403, "Forbidden by role policy for compute")
        return key, name

    def perform(self, request, call, key, fault):
        match fault:
            case "limited":
                raise refused(429, "Too many requests", **{"Retry-After": "7"})
            case "fails":
                raise refused(500, "Internal server error")
            case "quota":
                self.full.add(key)
                raise refused(409, "Operation not possible")
        query = dict(urllib.parse.parse_qsl(request.query, keep_blank_values=True))
        body = json.loads(request.body) if request.body else None
        problems = document.broken_request(self.operation, self.parameters, query, body)
        if problems:
            raise refused(400, "; ".join(problems))
        self.key, self.fault = key, fault
        do = getattr(self, call.replace("-", "_"))
        answer = do(query | (body or {}), **{name.replace("-", "_"): value for name, value in self.parameters.items()})
        if fault == "twice":
            do(query | (body or {}), **{name.replace("-", "_"): value for name, value in self.parameters.items()})
        problems = document.broken_answer(self.operation, answer)
        if problems:
            raise refused(501, f"the double's answer to {call} breaks the document: " + "; ".join(problems))
        return 200, json.dumps(answer).encode(), {"Content-Type": "application/json"}

    # Operations.

    def settle(self):
        for operation in self.operations.values():
            if operation["state"] == "pending" and operation["ready"]():
                operation["state"] = "success"
                operation["then"](operation)

    def begin(self, command, id=None, then=lambda operation: None, on=None, ready=None):
        due = time.monotonic() + PENDING
        reference = {"command": command, "link": f"/v2/{command.removeprefix('get-')}/{id}", **({"id": id} if id else {})}
        operation = {"id": str(uuid.uuid4()), "state": "pending", "reference": reference, "on": on, "then": then,
                     "ready": ready or (lambda: time.monotonic() > due)}
        self.operations[operation["id"]] = operation
        return shown(operation)

    def get_operation(self, _, id):
        return shown(self.get(self.operations, id))

    @staticmethod
    def get(things, id):
        if id not in things:
            raise refused(404, "Not Found")
        return things[id]

    # The catalogue.

    def list_zones(self, _):
        return {"zones": [{"name": name, "api-endpoint": f"https://api-{name}.exoscale.com/v2"} for name in ZONES]}

    def list_instance_types(self, _):
        return {"instance-types": SIZES}

    def list_templates(self, asked):
        return {"templates": [t for t in TEMPLATES if t["visibility"] == asked.get("visibility", "public")]}

    def get_template(self, _, id):
        return self.get({t["id"]: t for t in TEMPLATES}, id)

    def get_quota(self, _, entity):
        usage = len(self.instances)
        limit = usage if self.key in self.full else usage + 100
        self.full.discard(self.key)
        return {"resource": entity, "usage": usage, "limit": limit}

    # Keys, and groups that keep machines apart.

    def register_ssh_key(self, body):
        if body["name"] in self.keys:
            raise refused(409, f"ssh-key {body['name']} exists")
        self.keys[body["name"]] = {"name": body["name"], "fingerprint": "00:" * 15 + "00"}
        self.public[body["name"]] = body["public-key"]
        return self.begin("get-ssh-key")

    def list_ssh_keys(self, _):
        return {"ssh-keys": list(self.keys.values())}

    def get_ssh_key(self, _, name):
        return self.get(self.keys, name)

    def delete_ssh_key(self, _, name):
        self.get(self.keys, name)
        del self.keys[name]
        return self.begin("get-ssh-key")

    def create_anti_affinity_group(self, body):
        group = {"id": str(uuid.uuid4()), **body}
        self.spread[group["id"]] = group
        return self.begin("get-anti-affinity-group", group["id"])

    def list_anti_affinity_groups(self, _):
        return {"anti-affinity-groups": list(self.spread.values())}

    def get_anti_affinity_group(self, _, id):
        group = self.get(self.spread, id)
        return {**group, "instances": [{"id": i["id"]} for i in self.users("anti-affinity-groups", id)]}

    def delete_anti_affinity_group(self, _, id):
        """Refused late, by the operation."""
        self.get(self.spread, id)

        def remove(operation):
            if self.users("anti-affinity-groups", id):
                operation.update(state="failure", reason="conflict", message="the group has members")
            else:
                self.spread.pop(id, None)
        return self.begin("get-anti-affinity-group", id, remove)

    def users(self, member, id):
        return [i for i in self.instances.values() if any(thing["id"] == id for thing in i[member])]

    # Security groups.

    def create_security_group(self, body):
        if any(group["name"] == body["name"] for group in self.groups.values()):
            raise refused(409, f"security-group {body['name']} exists")
        group = {"id": str(uuid.uuid4()), **body, "rules": []}
        self.groups[group["id"]] = group
        return self.begin("get-security-group", group["id"])

    def list_security_groups(self, _):
        return {"security-groups": list(self.groups.values())}

    def get_security_group(self, _, id):
        return self.get(self.groups, id)

    def delete_security_group(self, _, id):
        self.get(self.groups, id)
        rules = [rule for group in self.groups.values() for rule in group["rules"]]
        if self.users("security-groups", id) or any(rule.get("security-group", {}).get("id") == id for rule in rules):
            raise refused(409, "the group is in use")
        del self.groups[id]
        return self.begin("get-security-group", id)

    def add_rule_to_security_group(self, body, id):
        group = self.get(self.groups, id)
        rule = {"id": str(uuid.uuid4()), **body}
        if "network" in body:
            try:
                rule["network"] = str(ipaddress.ip_network(body["network"]))
            except ValueError as error:
                raise refused(400, str(error))
        elif "security-group" in body:
            other = self.get(self.groups, body["security-group"]["id"])
            rule["security-group"] = {"id": other["id"], "name": other["name"]}
        without = ("id", "description")
        if any(strip(rule, without) == strip(old, without) for old in group["rules"]):
            raise refused(409, "the rule exists")
        group["rules"].append(rule)
        return self.begin("get-security-group", id)

    def delete_rule_from_security_group(self, _, id, rule_id):
        group = self.get(self.groups, id)
        rest = [rule for rule in group["rules"] if rule["id"] != rule_id]
        if len(rest) == len(group["rules"]):
            raise refused(404, "Not Found")
        group["rules"] = rest
        return self.begin("get-security-group", id)

    # Private networks.

    def here(self, things):
        return {id: thing for id, thing in things.items() if thing["zone"] == self.zone}

    def create_private_network(self, body):
        ipaddress.ip_network(f"{body['start-ip']}/{body['netmask']}", strict=False)
        id = str(uuid.uuid4())
        self.networks[id] = {"zone": self.zone, "shown": {"id": id, **body, "vni": len(self.networks) + 1, "leases": []}}
        return self.begin("get-private-network", id)

    def list_private_networks(self, _):
        """Leases are told of one network only."""
        return {"private-networks": [strip(n["shown"], ["leases"]) for n in self.here(self.networks).values()]}

    def get_private_network(self, _, id):
        return self.get(self.here(self.networks), id)["shown"]

    def delete_private_network(self, _, id):
        self.get(self.here(self.networks), id)
        if self.users("private-networks", id):
            raise refused(409, "the network is in use")
        del self.networks[id]
        return self.begin("get-private-network", id)

    def attach_instance_to_private_network(self, body, id):
        network, instance = self.get(self.here(self.networks), id)["shown"], self.idle(body["instance"]["id"])
        if any(thing["id"] == id for thing in instance["private-networks"]):
            raise refused(409, "the instance is in the network")
        machine = None
        if "ip" in body:
            range = ipaddress.ip_network(f"{network['start-ip']}/{network['netmask']}", strict=False)
            taken = [lease["ip"] for lease in network["leases"]]
            if ipaddress.ip_address(body["ip"]) not in range or body["ip"] in taken:
                raise refused(409, f"{body['ip']} is taken or outside of the network")
            network["leases"].append({"ip": body["ip"], "instance-id": instance["id"]})
            machine = self.machines.attach(instance["id"], f"{body['ip']}/{range.prefixlen}")
        instance["private-networks"].append({"id": id, "mac-address": "0a:00:00:00:00:01"})
        return self.begin("get-private-network", id, on=instance["id"], ready=machine and machine.is_done)

    # Instances.

    def idle(self, id):
        """The instance, when no operation is under way on it."""
        instance = self.get(self.here(self.instances), id)
        if any(o["on"] == id and o["state"] == "pending" for o in self.operations.values()):
            raise refused(409, "the instance is busy")
        return instance

    def create_instance(self, body):
        chosen = next((s for s in SIZES if s["id"] == body["instance-type"]["id"] and s["authorized"]), None)
        made_of = next((t for t in TEMPLATES if t["id"] == body["template"]["id"]), None)
        if not chosen or not made_of:
            raise refused(404, "Not Found")
        for member, things in (("security-groups", self.groups), ("anti-affinity-groups", self.spread)):
            for thing in body.get(member, []):
                self.get(things, thing["id"])
        keys = [self.get(self.keys, key["name"]) for key in body.get("ssh-keys", [])]
        id = str(uuid.uuid4())
        if self.fault == "capacity":
            return self.begin("get-instance", id, lambda operation: operation.update(
                state="failure", reason="unavailable", message="insufficient capacity in the zone"))
        instance = {"security-groups": [], "anti-affinity-groups": [], **body, "zone": self.zone, "id": id,
                    "state": "starting", "created-at": now(), "private-networks": [], "instance-type": chosen,
                    "template": made_of, "ssh-keys": keys}
        self.instances[id] = instance
        boots = self.fault != "boot"
        machine = boots and self.machines.make(
            id, body.get("name", "vm"), [self.public[key["name"]] for key in keys], base64.b64decode(body.get("user-data", "")))

        def up(operation):
            if not boots or machine.failure:
                instance["state"] = "error"
                operation.update(state="failure", reason="fault", message=machine and machine.failure or "no boot device")
            else:
                instance.update({"state": "running", "public-ip": machine.address})
        return self.begin("get-instance", id, up, on=id, ready=machine and machine.is_done or None)

    def list_instances(self, _):
        return {"instances": [self.listed(i) for i in self.here(self.instances).values()]}

    def listed(self, instance):
        groups = [strip(self.groups[g["id"]], ["rules"]) for g in instance["security-groups"] if g["id"] in self.groups]
        item = strip(instance, ["zone", "user-data", "disk-size", "anti-affinity-groups", "auto-start"])
        return {**item, "security-groups": groups}

    def get_instance(self, _, id):
        return strip(self.get(self.here(self.instances), id), ["zone", "auto-start"])

    def delete_instance(self, _, id):
        instance = self.idle(id)
        if instance["state"] == "destroying":
            raise refused(409, "the instance is being destroyed")
        instance["state"] = "destroying"
        machine = self.machines.remove(id)

        def gone(operation):
            self.instances.pop(id, None)
            for network in self.networks.values():
                leases = network["shown"]["leases"]
                network["shown"]["leases"] = [lease for lease in leases if lease["instance-id"] != id]
        return self.begin("get-instance", id, gone, on=id, ready=machine.is_done)

    def power(self, id, order, between, state):
        instance = self.idle(id)
        if instance["state"] == state and order != "reboot":
            raise refused(409, f"the instance is {state}")
        instance["state"] = between
        machine = self.machines.power(order, id)
        return self.begin("get-instance", id, lambda operation: instance.update(state=state), on=id,
                          ready=machine.is_done)

    def start_instance(self, _, id):
        return self.power(id, "start", "starting", "running")

    def stop_instance(self, _, id):
        return self.power(id, "stop", "stopping", "stopped")

    def reboot_instance(self, _, id):
        return self.power(id, "reboot", "running", "running")


def strip(thing, names):
    return {name: value for name, value in thing.items() if name not in names}


def shown(operation):
    return strip(operation, ["on", "then", "ready"])


def signer(request):
    """The key of a request whose signature is right, by Exoscale's own code."""
    shape = r"EXO2-HMAC-SHA256 credential=([^,]+)(?:,signed-query-args=[^,]+)?,expires=(\d+),signature=[A-Za-z0-9+/=]+"
    header = request.headers.get("authorization", "")
    found = re.fullmatch(shape, header)
    if not found or not time.time() < int(found[2]) < time.time() + 3600:
        raise refused(401, "Unauthorized")
    url = "http://double" + request.path + ("?" + request.query if request.query else "")
    mine = requests.Request(request.method, url, data=request.body or None).prepare()
    ExoscaleV2Auth(found[1], SECRET)._sign_request(mine, int(found[2]))
    if mine.headers["Authorization"] != header:
        raise refused(403, "Invalid request signature: the secret is not " + SECRET * 9)
    return found[1]


if __name__ == "__main__":
    door.serve(sys.argv[1], Exoscale(machines.chosen(sys.argv, first=120, user="debian")))
