"""The real nuvla-api (PyPI) against a running Roadstead: what its users do, with its own words.

usage: nuvla_session.py URL USER, the password on standard input. Prints one line a claim; any failure ends it."""
import sys

from nuvla.api import Api
from nuvla.api.api import NuvlaError

url, user = sys.argv[1:]
password = sys.stdin.read().strip()
api = Api(endpoint=url, insecure=True, persist_cookie=False)


def claim(what, holds):
    if not holds:
        sys.exit(f"not so: {what}")
    print(f"ok {what}")


try:
    api.login_password(user, "not the password")
    refused = False
except Exception:
    refused = True
claim("a wrong password is refused", refused or not api.is_authenticated())
r = api.login_password(user, password)
claim("login by password answers 201", r.status_code == 201)
claim("there is a session", api.is_authenticated() and api.current_session().startswith("session/"))

service = api.add("infrastructure-service", {"name": "nuvla made", "template": {
    "href": "infrastructure-service-template/generic", "subtype": "swarm", "endpoint": "https://198.51.100.7:2376"}})
sid = service.data["resource-id"]
claim("add answers 201 with an id", service.data["status"] == 201 and sid.startswith("infrastructure-service/"))
claim("get gives it back", api.get(sid).data["endpoint"] == "https://198.51.100.7:2376")
claim("edit merges", api.edit(sid, {"description": "words"}).data["description"] == "words")
claim("edit with select removes", "description" not in api.edit(sid, {"name": "other"}, select="description").data)
found = api.search("infrastructure-service", filter="name='other' and subtype='swarm'", orderby="created:desc", last=5)
claim("search finds it", found.count == 1 and found.data["resources"][0]["id"] == sid)
claim("search with last=0 counts only", api.search("infrastructure-service", last=0).data["resources"] == [])

project = api.add("module", {"subtype": "project", "path": "nuvla-test", "name": "nuvla-test"}).data["resource-id"]
module = api.add("module", {
    "subtype": "application", "path": "nuvla-test/app", "name": "app", "compatibility": "swarm",
    "content": {"author": "eva", "commit": "first", "docker-compose": "services:\n  web:\n    image: busybox\n"}})
mid = module.data["resource-id"]
claim("a module has version 0", len(api.get(mid).data["versions"]) == 1)
api.edit(mid, {"content": {"author": "eva", "commit": "second", "docker-compose": "services:\n  web:\n    image: busybox:2\n"}})
claim("an edit with content appends a version", len(api.get(mid).data["versions"]) == 2)
claim("an old version can be addressed", "busybox\n" in api.get(mid + "_0").data["content"]["docker-compose"])

deployment = api.add("deployment", {"module": {"href": mid}}).data["resource-id"]
document = api.get(deployment).data
claim("a deployment is CREATED with a snapshot of its module",
      document["state"] == "CREATED" and "busybox:2" in document["module"]["content"]["docker-compose"])
claim("its operations offer start", any(o["rel"] == "start" for o in document["operations"]))
try:
    api.operation(api.get(deployment), "stop")
    claim("stop of a created deployment is refused", False)
except NuvlaError as error:
    claim("stop of a created deployment is refused with 409", error.response.status_code == 409)

key = api.add("credential", {"name": "robot", "template": {"href": "credential-template/generate-api-key"}}).data
claim("an API key's secret is shown once", len(key["secret-key"]) > 20)
robot = Api(endpoint=url, insecure=True, persist_cookie=False)
claim("login by API key answers 201", robot.login_apikey(key["resource-id"], key["secret-key"]).status_code == 201)
claim("the key acts for its owner", robot.get(sid).data["id"] == sid)

for id in (deployment, mid, project, key["resource-id"], sid):
    claim(f"{id.split('/')[0]} is deleted", api.delete(id).data["status"] == 200)
try:
    api.get(sid)
    claim("what was deleted is gone", False)
except NuvlaError as error:
    claim("what was deleted is gone", error.response.status_code == 404)
api.logout()
claim("logout ends the session", not api.is_authenticated())
