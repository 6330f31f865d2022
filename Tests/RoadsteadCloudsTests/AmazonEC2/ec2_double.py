"""EC2 for tests: moto, behind a door that checks signatures with Amazon's own library and goes wrong on request.

    ec2_double.py PORT_FILE [--lab DIR]     serves on a free loopback port until its standard input ends

With --lab the instances are hosts that DIR/lab makes (LAB_NAME, LAB_NET), from address .160 on, with no other address.
Beside moto: spread placement groups, host keys on consoles, client tokens and users without rights, which it does not
have, and the refusal to delete a security group in use, which it leaves out. Any access key is known; one that begins with
AKIDREADER may change nothing. Faults are given by POST /faults; see door.py. GET /leaks?cluster=ID tells, past the API, how
many things of each kind are that cluster's.
"""
import base64, collections, json, os, re, sys, tempfile, urllib.parse

SECRET = "right"
IMAGES = [
    ("ami-0deb12a", "136693071363", "debian-12-amd64-20260101-1", "2026-01-01", "/dev/xvda"),
    ("ami-0deb12b", "136693071363", "debian-12-amd64-20260701-1", "2026-07-01", "/dev/xvda"),
    ("ami-0deb13a", "136693071363", "debian-13-amd64-20260701-1", "2026-07-01", "/dev/xvda"),
    ("ami-0ubu22a", "099720109477", "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-amd64-server-20260701", "2026-07-01", "/dev/sda1"),
    ("ami-0ubu24a", "099720109477", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260701", "2026-07-01", "/dev/sda1"),
]
with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
    json.dump([{
        "ami_id": id, "state": "available", "public": True, "owner_id": owner, "image_location": "x", "sriov": "simple",
        "root_device_type": "ebs", "root_device_name": device, "description": name, "image_type": "machine",
        "platform": None, "architecture": "x86_64", "name": name, "virtualization_type": "hvm", "hypervisor": "xen",
        "creation_date": date + "T00:00:00.000Z",
    } for id, owner, name, date, device in IMAGES], file)
os.environ.update(MOTO_AMIS_PATH=file.name, MOTO_ENABLE_AMI_VALIDATION="true", MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION="true")

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
import moto.ec2.models  # reads the images
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.test import Client

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Doubles"))
import door
import machines

os.unlink(file.name)
ec2 = Client(DomainDispatcherApplication(create_backend_app))
groups, tokens = {}, {}
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g"
CONSOLE = "[    1.0] Linux\r\n-----BEGIN SSH HOST KEY KEYS-----\r\n%s root@host\r\n-----END SSH HOST KEY KEYS-----\r\n"


def refused(status, code, message, **headers):
    text = f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors><RequestID>r</RequestID></Response>"
    return status, text.encode(), headers


def answer(action, inside):
    return 200, f"<{action}Response><requestId>r</requestId>{inside}</{action}Response>".encode(), {}


def signature_is_right(headers, body):
    found = re.fullmatch(r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d+/([^/]+)/ec2/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)",
                         headers.get("authorization", ""))
    if not found:
        return False
    key, region, names, signature = found.groups()
    signer = SigV4Auth(Credentials(key, SECRET), "ec2", region)
    request = AWSRequest(method="POST", url=f"http://{headers['host']}/", data=body,
                         headers={name: headers[name] for name in names.split(";") if name != "host"})
    request.context["timestamp"] = headers["x-amz-date"]
    text = signer.string_to_sign(request, signer.canonical_request(request))
    return signer.signature(text, request) == signature


def filters(form):
    return {form[f"Filter.{n}.Name"]: [form[k] for k in form if k.startswith(f"Filter.{n}.Value.")]
            for n in range(1, 10) if f"Filter.{n}.Name" in form}


def tags(form):
    return {form[k]: form[k[:-3] + "Value"] for k in form if re.fullmatch(r"TagSpecification\.1\.Tag\.\d+\.Key", k)}


def item(name, labels):
    listed = "".join(f"<item><key>{k}</key><value>{v}</value></item>" for k, v in labels.items())
    return f"<item><groupName>{name}</groupName><state>available</state><strategy>spread</strategy><tagSet>{listed}</tagSet></item>"


def ask_moto(headers, body):
    reply = ec2.post("/", data=body, headers={k: v for k, v in headers.items() if k != "host"}, base_url="http://127.0.0.1/")
    return reply.status_code, reply.get_data(), {}


def backends():
    return [regions[name] for _, regions in moto.ec2.models.ec2_backends.items() for name in list(regions)]


def state(id):
    """Of an instance, with its number; None for what moto does not know."""
    for backend in backends():
        found = backend.get_instance_by_id(id)
        if found:
            return found._state.code, found._state.name


def leaks(cluster):
    """What would be billed or would be in the way."""
    counts = collections.Counter(dict.fromkeys(("machine", "network", "firewall", "key", "placement"), 0))
    counts["placement"] += sum(cluster in found.values() for found in groups.values())
    for backend in backends():
        there = {
            "machine": [i.id for r in backend.all_reservations() for i in r.instances if i._state.code != 48],
            "network": [*backend.vpcs, *backend.internet_gateways, *(id for zone in backend.subnets.values() for id in zone)],
            "firewall": [id for vpc in backend.groups.values() for id in vpc],
            "key": [key.id for key in backend.key_pairs.values()],
        }
        for kind, ids in there.items():
            counts[kind] += sum(cluster in backend.tags.get(id, {}).values() for id in ids)
    return counts


def run_instances(headers, form, body):
    """A client token that was used before gives its instance as it is by now, terminated perhaps."""
    mine = (headers["authorization"].split("/")[0], form.get("ClientToken"))
    known = tokens.get(mine)
    if known and known[0] != form:
        return refused(400, "IdempotentParameterMismatch", "the client token was used with other parameters")
    if not known:
        status, answer, _ = ask_moto(headers, body)
        if status != 200:
            return status, answer, {}
        known = tokens[mine] = form, answer
    number, name = state(re.search(r"<instanceId>(i-\w+)", known[1].decode())[1])
    told = f"<instanceState><code>{number}</code><name>{name}</name></instanceState>"
    return 200, re.sub(r"<instanceState>.*?</instanceState>", told, known[1].decode(), flags=re.DOTALL).encode(), {}


def call(headers, form, body):
    action = form["Action"]
    if action == "RunInstances":
        return run_instances(headers, form, body)
    if action == "CreatePlacementGroup":
        if form["GroupName"] in groups:
            return refused(400, "InvalidPlacementGroup.Duplicate", "the group exists")
        groups[form["GroupName"]] = tags(form)
        return answer(action, "<return>true</return>")
    if action == "DeletePlacementGroup":
        if groups.pop(form["GroupName"], None) is None:
            return refused(400, "InvalidPlacementGroup.Unknown", "there is no such group")
        return answer(action, "<return>true</return>")
    if action == "DescribePlacementGroups":
        named = form.get("GroupName.1")
        if named and named not in groups:
            return refused(400, "InvalidPlacementGroup.Unknown", "there is no such group")
        chosen = {n: t for n, t in groups.items() if named in (None, n)
                  and all(t.get(f.removeprefix("tag:")) in values for f, values in filters(form).items())}
        return answer(action, f"<placementGroupSet>{''.join(item(n, t) for n, t in chosen.items())}</placementGroupSet>")
    if action == "GetConsoleOutput":
        return answer(action, f"<output>{base64.b64encode((CONSOLE % HOST_KEY).encode()).decode()}</output>")
    if action == "DeleteSecurityGroup":
        question = urllib.parse.urlencode({"Action": "DescribeInstances", "Version": "2016-11-15",
                                           "Filter.1.Name": "instance-state-name", "Filter.1.Value.1": "running", "Filter.1.Value.2": "stopped"})
        if f"<groupId>{form['GroupId']}</groupId>".encode() in ask_moto(headers, question.encode())[1]:
            return refused(400, "DependencyViolation", f"resource {form['GroupId']} has a dependent object")
    return ask_moto(headers, body)


class EC2:
    @staticmethod
    def who(request):
        if request.path == "/leaks":
            cluster = urllib.parse.parse_qs(request.query)["cluster"][0]
            raise door.Refused(200, json.dumps(leaks(cluster)).encode(), {})
        if not signature_is_right(request.headers, request.body):
            raise door.Refused(*refused(403, "SignatureDoesNotMatch", "the signature is " + SECRET * 9))
        form = dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True))
        key = request.headers["authorization"].split("Credential=")[1].split("/")[0]
        if key.startswith("AKIDREADER") and not form["Action"].startswith(("Describe", "Get")):
            raise door.Refused(*refused(403, "UnauthorizedOperation", "You are not authorized to perform this operation."))
        return key, form["Action"]

    @staticmethod
    def perform(request, action, key, fault):
        headers, body = request.headers, request.body
        form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
        match fault:
            case "limited": return refused(503, "RequestLimitExceeded", "Request limit exceeded.", **{"Retry-After": "7"})
            case "fails": return refused(500, "InternalError", "An internal error has occurred")
            case "quota": return refused(400, "VcpuLimitExceeded", "You have requested more vCPU capacity than your limit")
            case "capacity": return refused(500, "InsufficientInstanceCapacity", "There is no capacity in this zone")
            case "unsettled": return refused(400, "InvalidGroup.NotFound", "The security group '%s' does not exist" % form.get("GroupId"))
        result = call(headers, form, body)
        if fault == "twice":
            ask_moto(headers, body)
        if fault == "boot":
            end = {"Action": "TerminateInstances", "Version": "2016-11-15",
                   "InstanceId.1": re.search(r"<instanceId>(i-\w+)", result[1].decode())[1]}
            ask_moto(headers, urllib.parse.urlencode(end).encode())
        return result


class LabEC2(EC2):
    """moto keeps the books, and the instances are hosts."""

    def __init__(self, hosts):
        self.hosts, self.keys, self.addresses = hosts, {}, {}

    def perform(self, request, action, key, fault):
        form = dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True))
        if action == "GetConsoleOutput":
            text = CONSOLE % self.hosts.host_key(form["InstanceId"])
            return answer(action, f"<output>{base64.b64encode(text.encode()).decode()}</output>")
        status, body, headers = super().perform(request, action, key, fault)
        if status == 200 and fault != "boot":
            self.follow(action, form, re.findall(r"<instanceId>(i-\w+)", body.decode()))
        return status, self.told(body.decode()).encode(), headers

    def follow(self, action, form, ids):
        match action:
            case "ImportKeyPair":
                self.keys[form["KeyName"]] = base64.b64decode(form["PublicKeyMaterial"]).decode()
            case "RunInstances":
                for id in ids:
                    if id not in self.addresses and state(id)[1] in ("pending", "running"):
                        keys = [self.keys[form["KeyName"]]] if "KeyName" in form else []
                        data = base64.b64decode(form.get("UserData", ""))
                        self.addresses[id] = self.hosts.make(id, tags(form)["Name"], keys, data).address
            case "TerminateInstances":
                for id in ids:
                    if self.addresses.pop(id, None):
                        self.hosts.remove(id)
            case "StartInstances" | "StopInstances" | "RebootInstances":
                order = "kill" if form.get("Force") == "true" else action.removesuffix("Instances").lower()
                for id in ids or [form["InstanceId.1"]]:
                    self.hosts.power(order, id)

    def told(self, body):
        """An answer with the hosts' addresses: each follows its instance's id."""
        first, *rest = body.split("<instanceId>")
        for index, part in enumerate(rest):
            address = self.addresses.get(part.split("<")[0])
            if address:
                rest[index] = re.sub(r"(<(?:privateIp|ip)Address>)[^<]*", rf"\g<1>{address}", part)
        return "<instanceId>".join([first, *rest])


hosts = machines.chosen(sys.argv, first=160, user="admin")
door.serve(sys.argv[1], LabEC2(hosts) if isinstance(hosts, machines.LabMachines) else EC2())
