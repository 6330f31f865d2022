"""Makes an image of a static busybox and pushes it, without an engine. Started by `registry push`; see there.

usage: image.py BUSYBOX NAME:TAG ADDRESS CA_FILE USER PASSWORD_FILE

The same input makes the same image, so pushing it again changes nothing. The protocol and the manifest are those of the
registry API, version 2 (image manifest version 2, schema 2).
"""
import base64
import gzip
import hashlib
import http.client
import io
import json
import platform
import ssl
import subprocess
import sys
import tarfile

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
LEFT_OUT = {"wget"}  # the static one crashes in name lookup, silently through `docker exec`


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def root_files(busybox, version):
    """A tar of the image's root, with nothing in it that changes from one run to the next."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:

        def add(name, kind, mode, data=b"", target=""):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(data), target
            tar.addfile(entry, io.BytesIO(data))

        for folder in ("bin", "etc", "root", "www", "proc", "sys", "dev"):
            add(folder, tarfile.DIRTYPE, 0o755)
        add("tmp", tarfile.DIRTYPE, 0o1777)
        with open(busybox, "rb") as program:
            add("bin/busybox", tarfile.REGTYPE, 0o755, program.read())
        applets = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
        for applet in sorted(set(applets) - LEFT_OUT - {"busybox"}):
            add(f"bin/{applet}", tarfile.SYMTYPE, 0o777, target="busybox")
        add("etc/passwd", tarfile.REGTYPE, 0o644, b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n")
        add("etc/group", tarfile.REGTYPE, 0o644, b"root:x:0:\nnogroup:x:65534:\n")
        add("etc/image-version", tarfile.REGTYPE, 0o644, version.encode() + b"\n")
    return buffer.getvalue()


def configuration(layer_digest):
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    return json.dumps(
        {
            "architecture": machine,
            "os": "linux",
            "created": "1970-01-01T00:00:00Z",
            "config": {"Env": ["PATH=/bin"], "Cmd": ["/bin/sh"], "WorkingDir": "/"},
            "rootfs": {"type": "layers", "diff_ids": [layer_digest]},
            "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "lab"}],
        }
    ).encode()


class Registry:
    def __init__(self, address, ca_file, user, password):
        context = ssl.create_default_context(cafile=ca_file)
        self.connection = http.client.HTTPSConnection(address, timeout=60, context=context)
        self.login = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}

    def ask(self, method, path, body=None, kind="application/octet-stream", expect=(200,)):
        self.connection.request(method, path, body, {**self.login, "Content-Type": kind})
        response = self.connection.getresponse()
        answer = response.read()
        if response.status not in expect:
            sys.exit(f"registry: {method} {path}: {response.status} {answer[:300].decode(errors='replace')}")
        return response

    def push_blob(self, name, data):
        if self.ask("HEAD", f"/v2/{name}/blobs/{digest(data)}", expect=(200, 404)).status == 200:
            return
        place = self.ask("POST", f"/v2/{name}/blobs/uploads/", expect=(202,)).headers["Location"]
        place = place if place.startswith("/") else "/" + place.split("/", 3)[3]
        self.ask("PUT", f"{place}{'&' if '?' in place else '?'}digest={digest(data)}", data, expect=(201,))


def main():
    busybox, image, address, ca_file, user, password_file = sys.argv[1:]
    name, tag = image.rsplit(":", 1)
    with open(password_file) as file:
        registry = Registry(address, ca_file, user, file.read().strip())
    files = root_files(busybox, tag)
    layer = gzip.compress(files, mtime=0)
    config = configuration(digest(files))
    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "size": len(config), "digest": digest(config)},
            "layers": [{"mediaType": LAYER, "size": len(layer), "digest": digest(layer)}],
        }
    ).encode()
    registry.push_blob(name, layer)
    registry.push_blob(name, config)
    registry.ask("PUT", f"/v2/{name}/manifests/{tag}", manifest, MANIFEST, expect=(201,))
    print(f"{address}/{image}@{digest(manifest)}")


if __name__ == "__main__":
    main()
