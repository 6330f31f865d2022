"""Schemathesis against a live server: python schemathesis_run.py URL USER, the password on standard input.

Logs in as USER for group/nuvla-admin, checks openapi.json with openapi-spec-validator, and lets Schemathesis send what it
makes of it. Prints Schemathesis' report and, as the last line, `requests N`. Exit status 0: nothing found.
"""

import json
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from openapi_spec_validator import validate

COOKIE = "com.com.sixsq.nuvla.cookie"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance," \
    "response_headers_conformance,response_schema_conformance"


def call(url, cookie=None, body=None):
    request = urllib.request.Request(url, method="POST" if body is not None else "GET")
    if cookie:
        request.add_header("Cookie", f"{COOKIE}={cookie}")
    if body is not None:
        request.add_header("Content-Type", "application/json")
        request.data = json.dumps(body).encode()
    with urllib.request.urlopen(request, timeout=30) as answer:
        found = re.search(COOKIE + "=([^;]+)", answer.headers.get("Set-Cookie", ""))
        return json.loads(answer.read()), found and found.group(1)


def main(url, user):
    password = sys.stdin.readline().strip()
    template = {"href": "session-template/password", "username": user, "password": password}
    session, cookie = call(url + "/api/session", body={"template": template})
    switch = f"{url}/api/{session['resource-id']}/switch-group"
    _, cookie = call(switch, cookie, {"claim": "group/nuvla-admin"})
    document, _ = call(url + "/api/openapi.json")
    validate(document)
    with tempfile.TemporaryDirectory() as folder:
        # The cookie stands in a file and not among the arguments.
        config = Path(folder, "schemathesis.toml")
        config.write_text(f'[headers]\nCookie = "{COOKIE}={cookie}"\nbulk = "yes"\n')
        config.chmod(0o600)
        result = subprocess.run(
            [str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run",
             url + "/api/openapi.json", "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", "8",
             "--seed", "20261122", "--no-shrink", "--continue-on-failure", "--max-failures", "40",
             "--suppress-health-check", "all", "--warnings", "off", "--no-color", "--request-timeout", "30"],
            capture_output=True, text=True, timeout=900, cwd=folder)
    print(result.stdout[-20000:], result.stderr[-2000:])
    count = re.search(r"([\d,]+) generated", result.stdout)
    print("requests", count.group(1).replace(",", "") if count else 0)
    return result.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
