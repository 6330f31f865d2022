"""The real nuvla-api (PyPI) against a running Roadstead: its classes for resources, searches with all that they take,
patches, bulk requests, group switch, compressed bodies.

usage: nuvla_resources.py URL USER, the password on standard input. Prints one line a claim; any failure ends it."""
import base64
import json
import sys
import tempfile

from nuvla.api import Api
from nuvla.api.api import NuvlaError
from nuvla.api.resources.base import ResourceCreateError
from nuvla.api.resources.credential import CredentialDockerRegistry, CredentialDockerSwarm, CredentialK8s, CredentialS3
from nuvla.api.resources.data import DataRecord
from nuvla.api.resources.infra_service import (
    InfraServiceDocker, InfraServiceGroup, InfraServiceK8s, InfraServiceRegistry, InfraServiceS3)
from nuvla.api.resources.user import User
from nuvla.api.util.filter import filter_and, filter_or

url, name = sys.argv[1:]
password = sys.stdin.read().strip()


def claim(what, holds):
    if not holds:
        sys.exit(f"not so: {what}")
    print(f"ok {what}")


def refused(status, call):
    try:
        call()
    except (NuvlaError, ResourceCreateError) as error:
        return error.response.status_code == status
    return False


api = Api(endpoint=url, insecure=True, persist_cookie=False, compress=True)
user = User(api)
user.login(name, password)
me = user.current_session()["user"]
claim("the user class logs in and finds its session", me.startswith("user/") and user.can_switch_groups())

# Services and their credentials.
group = InfraServiceGroup(api).create("edge lab", "services of the lab")
swarm = InfraServiceDocker(api).create("https://198.51.100.7:2376", group, "swarm one")
store = InfraServiceS3(api).create("https://198.51.100.8:9000", group, "store one")
registry = InfraServiceRegistry(api).create("https://198.51.100.9:5000", group)
document = InfraServiceDocker(api).get(swarm)
claim("the class makes a Swarm service in its group",
      (document["subtype"], document["name"], document["parent"]) == ("swarm", "swarm one", group))
claim("the group lists its services",
      {s["href"] for s in api.get(group).data["infrastructure-services"]} == {swarm, store, registry})
claim("a group with services stays", refused(409, lambda: api.delete(group)))
pem = "-----BEGIN CERTIFICATE-----\n" + "MIIB" * 200 + "\n-----END CERTIFICATE-----\n"
tls = CredentialDockerSwarm(api).create(pem, pem, "key text", swarm, "swarm tls")
keys = CredentialS3(api).create("AKEXAMPLE", "s3cr3t words", store, "store keys")
account = CredentialDockerRegistry(api).create("robot", "pass words", registry, "registry account")
claim("credentials are found by their service", [c.id for c in CredentialS3(api, None).find_parent(store)] == [keys])
claim("and by name and subtype", CredentialDockerRegistry(api).id_by_name("registry account") == [account])
claim("the owner reads its secret", api.get(keys).data["secret-key"] == "s3cr3t words")
claim("a listing does not hold it",
      all("secret-key" not in c.data for c in api.search("credential").resources))
claim("an edit's answer does not hold it", "secret-key" not in api.edit(keys, {"description": "x"}).data)
answer = api.operation(api.get(tls), "check").data
claim("a check is a job, named in the body", answer["status"] == 202 and answer["location"].startswith("job/"))
job = api.get(answer["location"]).data
claim("the job is about the credential",
      (job["action"], job["target-resource"]["href"], job["version"]) == ("credential_check", tls, 2))
cluster = InfraServiceK8s(api).create("https://198.51.100.10:6443", group, "cluster one")
encoded = {part: base64.b64encode(f"{part} text".encode()).decode() for part in ("ca", "cert", "key")}
with tempfile.NamedTemporaryFile("w", suffix=".yaml") as config:
    json.dump({"contexts": [{"name": "lab", "context": {"cluster": "c", "user": "u"}}], "clusters": [
        {"name": "c", "cluster": {"certificate-authority-data": encoded["ca"], "server": "https://198.51.100.10:6443"}}],
        "users": [{"name": "u", "user": {"client-certificate-data": encoded["cert"], "client-key-data": encoded["key"]}}],
    }, config)
    config.flush()
    kube = CredentialK8s(api).create_from_file(config.name, cluster, "lab", "cluster key")
held = api.get(kube).data
claim("a kubeconfig becomes a Kubernetes service's credential",
      (held["subtype"], held["parent"], held["ca"], held["key"])
      == ("infrastructure-service-kubernetes", cluster, "ca text", "key text"))
api.delete(kube)
api.delete(cluster)
pair = api.add("credential", {"name": "ssh", "template": {"href": "credential-template/generate-ssh-key"}}).data
claim("an SSH key is made and its private half shown once",
      "RSA PRIVATE KEY" in pair["private-key"] and "private-key" not in api.get(pair["resource-id"]).data)

# Searches.
records = DataRecord(api)
made = [records.create({"name": f"frame {i}", "bytes": 100 * i, "content-type": "image/png" if i % 2 else "text/plain",
                        "tags": ["odd" if i % 2 else "even"], "location": [6.0 + i, 46.0],
                        "timestamp": f"2026-11-2{i}T10:00:00.000Z"}, swarm) for i in range(1, 7)]
claim("data records are made through the class", len(set(made)) == 6)


def names(**kwargs):
    return [r.data.get("name") for r in api.search("data-record", **kwargs).resources]


claim("orderby and paging", names(orderby="bytes:desc", first=2, last=3) == ["frame 5", "frame 4"])
claim("filters joined by its own helpers",
      sorted(names(filter=filter_and(["bytes>200", filter_or(["tags='odd'", "bytes=600"])])))
      == ["frame 3", "frame 5", "frame 6"])
claim("filters in several parameters", names(filter=["bytes>=300", "bytes<=400"], orderby="bytes") == ["frame 3", "frame 4"])
claim("dates and prefixes", sorted(names(filter="timestamp>'2026-11-24' and content-type^='image'")) == ["frame 5"])
claim("a place within a polygon",
      names(filter="location within 'POLYGON((6.5 45, 7.5 45, 7.5 47, 6.5 47, 6.5 45))'") == ["frame 1"])
found = api.search("data-record", last=0, aggregation="terms:content-type,sum:bytes,value_count:id")
figures = found.data["aggregations"]
claim("aggregations over all that matches",
      found.count == 6 and found.data["resources"] == [] and figures["sum:bytes"]["value"] == 2100
      and figures["value_count:id"]["value"] == 6
      and {b["key"]: b["doc_count"] for b in figures["terms:content-type"]["buckets"]}
      == {"image/png": 3, "text/plain": 3})
claim("select gives what was asked for and the id",
      set(api.search("data-record", select="name,bytes", last=1).data["resources"][0]) == {"id", "name", "bytes"})
claim("a wrong filter is a 400", refused(400, lambda: api.search("data-record", filter="bytes=")))
claim("an unregistered prefix is a 406", refused(406, lambda: records.create({"cloud:x": 1}, swarm)))
data_set = api.add("data-set", {"name": "frames", "data-record-filter": "tags='odd'"}).data["resource-id"]
claim("a data set keeps its filter", api.get(data_set).data["data-record-filter"] == "tags='odd'")

# Edits.
first = made[0]
patched = api.edit_patch(first, [{"op": "add", "path": "/tags/-", "value": "new"},
                                 {"op": "replace", "path": "/bytes", "value": 101}]).data
claim("a JSON Patch is applied", patched["tags"] == ["odd", "new"] and patched["bytes"] == 101)
claim("a patch that does not apply is a 400",
      refused(400, lambda: api.edit_patch(first, [{"op": "test", "path": "/bytes", "value": 7}])))
claim("an edit with select removes", "tags" not in api.edit(first, {"name": "frame one"}, select="tags").data)

# Groups.
api.add("group", {"name": "Crew", "template": {"href": "group-template/generic", "group-identifier": "crew"}})
shared = api.add("data-set", {"name": "crew's", "acl": {"owners": ["group/crew"]}}).data["resource-id"]
claim("what belongs to the group is not the user's", refused(403, lambda: api.get(shared)))
session = api.search("session").resources[0]
forest = api.operation(session, "get-groups").data
claim("get-groups names the group", any(g["id"] == "group/crew" for g in forest))
crew = user.switch_group("group/crew")
claim("after the switch it is", crew.get(shared).data["name"] == "crew's")
mine = crew.add("data-set", {"name": "by crew"}).data["resource-id"]
claim("what is made now is the group's", crew.get(mine).data["acl"]["owners"] == ["group/crew"])
claim("a group that one is not in is refused", refused(403, lambda: user.switch_group("group/nuvla-nosuch")))
for id in (shared, mine):
    crew.delete(id)
user.switch_group(me)
claim("and back", user.current_session()["user"] == me and api.get(tls).id == tls)

# Accounts and keys.
administrators = user.switch_group("group/nuvla-admin")
eve = User(administrators).create({"template": {
    "href": "user-template/username-password", "username": "eve", "password": password}})
claim("the user class makes an account", administrators.get(eve).data["state"] == "ACTIVE")
user.switch_group(me)
other = User(Api(endpoint=url, insecure=True, persist_cookie=False))
other.login("eve", password)
key = other.nuvla.add("credential", {"template": {"href": "credential-template/generate-api-key"}}).data
other.logout()
program = User(Api(endpoint=url, insecure=True, persist_cookie=False))
acting = program.login_apikey(key["resource-id"], key["secret-key"])
claim("its key logs in by the class", program.current_session()["user"] == eve and not program.can_switch_groups())
claim("and acts as the account", [c.id for c in acting.search("credential").resources if c.id == key["resource-id"]] != [])
claim("a wrong secret is a 403",
      refused(403, lambda: User(Api(endpoint=url, insecure=True, persist_cookie=False))
              .login_apikey(key["resource-id"], "wrong")))
user.switch_group("group/nuvla-admin")
api.delete(eve)
user.switch_group(me)
claim("with the account its key is gone", not acting.is_authenticated())

# Bulk.
claim("a bulk action sets tags",
      api.operation_bulk("data-record", "bytes>300", "set-tags", {"doc": {"tags": ["big"]}}).data["updated"] == 3)
claim("and they are there", len(names(filter="tags='big'")) == 3)
claim("a bulk delete tells how many", api.delete_bulk("data-record", "tags='big'").data["deleted"] == 3)
claim("and the rest stays", api.search("data-record", last=0).count == 3)
claim("a bulk delete by a wrong filter is a 400", refused(400, lambda: api.delete_bulk("data-record", "bytes=")))
api.delete_bulk("data-record", "id!=null")

event = api.add("event", {"category": "user", "severity": "low", "content": {"resource": {"href": tls}}}).data["resource-id"]
claim("events are found by their resource",
      event in [e.id for e in api.search("event", filter=f"content/resource/href='{tls}'").resources])
for id in (tls, keys, account, pair["resource-id"], swarm, store, registry, group, data_set):
    api.delete(id)
claim("everything is gone", api.search("infrastructure-service", last=0).count == 0)
api.delete("group/crew")
user.logout()
claim("after logout there is no session", not api.is_authenticated())
claim("and nothing is to be seen", refused(403, lambda: api.search("credential")))
