"""The real nuvla-api (PyPI) against a running Roadstead with a Swarm: the whole life of applications and deployments, by
its own classes for them.

usage: nuvla_apps.py URL USER IMAGE, the password on standard input; the server knows a Swarm named 'swarm' and a registry
named 'registry'. Prints one line a claim; any failure ends it."""
import sys
import time

from nuvla.api import Api
from nuvla.api.api import NuvlaError
from nuvla.api.resources.credential import CredentialDockerRegistry, CredentialDockerSwarm
from nuvla.api.resources.deployment import Deployment
from nuvla.api.resources.module import AppBuilderDocker, AppBuilderHelm, AppBuilderK8s, Module, ProjectBuilder
from nuvla.api.resources.user import User

url, name, image = sys.argv[1:]
password = sys.stdin.read().strip()


def claim(what, holds):
    if not holds:
        sys.exit(f"not so: {what}")
    print(f"ok {what}", flush=True)


def refused(status, call):
    try:
        call()
    except NuvlaError as error:
        return error.response.status_code == status
    return False


def wait(what, call, seconds=90):
    end = time.time() + seconds
    while time.time() < end:
        value = call()
        if value:
            return value
        time.sleep(0.5)
    sys.exit(f"not within {seconds} s: {what}")


def finished(job):
    return wait(f"{job} ends", lambda: (lambda j: j if j["state"] in ("SUCCESS", "FAILED", "CANCELED") else None)(api.get(job).data))


api = Api(endpoint=url, insecure=True, persist_cookie=False)
user = User(api)
user.login(name, password)
me = user.current_session()["user"]
swarm = api.search("infrastructure-service", filter="name='swarm'").resources[0].id
credential = CredentialDockerSwarm(api).find_parent(swarm)[0].id
registry = api.search("infrastructure-service", filter="name='registry'").resources[0].id
account = CredentialDockerRegistry(api, None).find_parent(registry)[0].id

# Applications.
modules = Module(api)
project = modules.create(ProjectBuilder().path("life").name("Life").description("of an application").build())
claim("a project is made", modules.get_by_id(project)["subtype"] == "project")
claim("made again it is the same", modules.create(ProjectBuilder().path("life").build(), exist_ok=True) == project)
# Before the other builders: they all write what they require into one list of the class.
chart = modules.create(AppBuilderHelm().path("life/chart").author("eva").chart_absolute_url("https://example.org/c.tgz").build())
claim("an application without a project is refused", refused(400, lambda: modules.create(
    AppBuilderDocker().path("nowhere/app").author("eva").script("services: {}").build())))
compose = f"""services:
  web:
    image: {image}
    command: sh -c 'echo "$$(cat /page.html) for ${{TITLE}}"; exec sleep 3600'
    stop_grace_period: 0s
    configs: [{{source: page, target: /page.html}}]
    ports: ['80']
    environment: [NUVLA_DEPLOYMENT_ID, NUVLA_API_KEY, NUVLA_ENDPOINT]
    deploy: {{replicas: 2, update_config: {{monitor: 1s, parallelism: 0}}}}
configs:
  page: {{file: ./page.html}}
"""
builder = AppBuilderDocker().path("/life/web").name("web").description("pages").author("eva").commit("first")
builder.logo_url("https://example.org/logo.png").script(compose).file("page.html", "<h1>hi</h1>\n")
builder.env_var("TITLE", required=True, description="whose page").env_var("UNUSED", "x")
builder.url("site", "http://${hostname}:${web.tcp.80}/?t=${token}").url("never", "http://${nothing}/")
builder.output_parm("token", "an access token").registry_and_cred(registry, account).data_content_type("text/plain")
app = modules.create(builder.build())
document = modules.get_by_id(app)
claim("the builder's application is made, with its compatibility found out",
      (document["compatibility"], document["valid"], document["parent-path"]) == ("swarm", True, "life"))
claim("its content is as it was built", document["content"]["files"] == [
    {"file-name": "page.html", "file-content": "<h1>hi</h1>\n"}] and document["content"]["author"] == "eva")
claim("an empty value is none", "value" not in document["content"]["environmental-variables"][0])
claim("it is found by its path", modules.get_by_path("life/web")["id"] == app)
claim("its URLs are a map", modules.get_urls(app)["never"] == "http://${nothing}/")
claim("it is found by find", modules.find(filter="data-accept-content-types='text/plain'").count == 1)
claim("and by words", modules.find(filter="fulltext=='page*' and subtype='application'").count == 1)
document["content"]["commit"] = "second"
updated = modules.update(document)
claim("an update with content appends a version", len(updated["versions"]) == 2 and updated["content"]["commit"] == "second")
claim("a version can be read", modules.get_by_id(app + "_0")["content"]["commit"] == "first")
# The client's `operation` takes the id of what it read, which has no version: a version is addressed by its own path.
claim("publish answers its words",
      api._cimi_post(app + "_0/publish")["message"] == "published successfully")
versions = modules.get_by_id(app)["versions"]
claim("the first version is published, the second is not",
      versions[0].get("published") and not versions[1].get("published") and modules.get_by_id(app)["published"])
api._cimi_post(app + "_0/unpublish")
claim("and taken back", modules.get_by_id(app)["published"] is False)
job = finished(api.operation(api.get(app), "validate-docker-compose").data["location"])
claim("validating is a job", job["state"] == "SUCCESS" and job["action"] == "validate-docker-compose")
broken = modules.get_by_id(app)
broken["content"]["docker-compose"] = "services:\n  web:\n    image: x\n    replica: 2\n"
claim("a text that cannot be deployed is said to be so, with its line",
      "4:5" in modules.update(broken)["validation-message"] and modules.get_by_id(app)["valid"] is False)
api.operation(api.get(app), "delete-version")
claim("a deleted version leaves a hole", modules.get_by_id(app)["versions"][2] is None)
manifest = modules.create(AppBuilderK8s().path("life/k8s").author("eva").script("kind: Pod").build())
claim("manifests and charts are kept", modules.get_by_id(chart)["subtype"] == "application_helm")
claim("a project that is not empty stays", refused(403, lambda: api.delete(project)))

# Deployments.
deployments = Deployment(api)
deployment = deployments.create(app, infra_cred_id=credential)
claim("a deployment is made and pointed at its Swarm",
      (Deployment.state(deployment), Deployment.credential_id(deployment)) == ("CREATED", credential))
claim("it is a snapshot of the application", deployment.data["module"]["content"]["commit"] == "second")
claim("its owner is the user", Deployment.owner(deployment) == me and Deployment.is_application(deployment))
claim("a required variable without a value is refused before anything is done",
      refused(400, lambda: deployments.start(deployment.id)) and deployments.get_state(deployment.id) == "CREATED")
deployment.data["module"]["content"]["environmental-variables"][0]["value"] = "eva"
api.edit(deployment.id, {"module": deployment.data["module"]})
claim("no URL as long as there are no parameters", deployments.get_url(deployments.get(deployment.id), "never") is None)
job = deployments.start(deployment.id).data["location"]
claim("the job ends well", finished(job)["state"] == "SUCCESS")
claim("then it is STARTED", deployments.get_state(deployment.id) == Deployment.STATE_STARTED)
parameters = deployments.get_parameters(deployment.id)
claim("its services are facts", parameters["web"]["web.replicas.running"] == "2" and parameters["web"]["web.mode"] == "replicated")
claim("one fact is asked for", deployments.get_parameter(deployment.id, "web", "web.tcp.80").isdigit())
claim("output parameters are there and empty", deployments.get_parameter(deployment.id, None, "token") in (None, ""))
current = deployments.get(deployment.id)
claim("a URL whose parameter is empty is empty", deployments.get_url(current, "site") == "")
deployments.set_parameter(deployment.id, None, "token", "t0k")
claim("with it the URL is whole", deployments.get_url(current, "site").endswith("/?t=t0k"))
deployments.create_parameter(deployment.id, me, "note", "words", node_id="web", param_description="mine")
claim("own parameters can be made", deployments.get_parameter(deployment.id, "web", "note") == "words")
claim("but not twice", refused(409, lambda: deployments.create_parameter(deployment.id, me, "note", "x", node_id="web")))
deployments.set_parameter_create_if_needed(deployment.id, me, "later", param_value="1")
deployments.set_parameter_create_if_needed(deployment.id, me, "later", param_value="2")
claim("set or create", deployments.get_parameter(deployment.id, None, "later") == "2")
logs = deployments.init_logs(current, "web")
lines = Deployment.logs(deployments.get_logs(logs))
claim("its logs are read", any("<h1>hi</h1> for eva" in line for service in lines.values() for line in service))
secret = current.data["api-credentials"]
container = Api(endpoint=url, insecure=True, persist_cookie=False)
container.login_apikey(secret["api-key"], secret["api-secret"])
Deployment(container).set_parameter(deployment.id, None, "token", "from inside")
claim("its containers reach the server by their key", deployments.get_parameter(deployment.id, None, "token") == "from inside")
claim("and see nothing of the user", refused(403, lambda: container.get(credential)))
claim("start of a started one is refused", refused(409, lambda: deployments.start(deployment.id)))
job = api.operation(deployments.get(deployment.id), "update").data["location"]
claim("an update without a change is done", finished(job)["state"] == "SUCCESS")
api.operation(deployments.get(deployment.id), "fetch-module", {"module-href": app + "_0"})
fetched = deployments.get(deployment.id).data["module"]["content"]
claim("another version is fetched and the values stay",
      fetched["commit"] == "first" and fetched["environmental-variables"][0]["value"] == "eva")
copy = api.operation(deployments.get(deployment.id), "clone").data["resource-id"]
claim("a clone is at the beginning", deployments.get_state(copy) == "CREATED" and "parent" not in api.get(copy).data)
deployments.set_infra_cred_id(copy, credential)
claim("and can be pointed at a Swarm", Deployment.credential_id(deployments.get(copy)) == credential)
deployments.delete(copy)
claim("delete of a started one is refused", refused(409, lambda: deployments.delete(deployment.id)))
job = deployments.stop(deployment.id).data["location"]
claim("it stops", finished(job)["state"] == "SUCCESS" and deployments.get_state(deployment.id) == Deployment.STATE_STOPPED)
claim("its key is gone", refused(404, lambda: api.get(secret["api-key"])))
deployments.set_state_error(deployment.id)
claim("an executor may write its state", deployments.get_state(deployment.id) == Deployment.STATE_ERROR)
deployments.set_state_stopped(deployment.id)
deployments.delete(deployment.id)
claim("then it is gone, its parameters with it", deployments.get_parameters(deployment.id) == {})

# Launched and terminated in two calls.
second = modules.get_by_id(app)
second["content"]["environmental-variables"][0]["value"] = "all"
modules.update(second)
launched = deployments.launch(app, infra_cred_id=credential)
wait("it is started", lambda: deployments.get_state(launched.id) == "STARTED")
claim("launch makes and starts", launched.id in [d["id"] for d in deployments.list()])
deployments.terminate(launched.id)
wait("it is gone", lambda: refused(404, lambda: api.get(launched.id)))
claim("terminate stops and deletes", api.search("deployment", filter="module/path='life/web'", last=0).count == 0)

for id in (app, manifest, chart, project):
    api.delete(id)
claim("everything is deleted", api.search("module", filter="path^='life'", last=0).count == 0)
