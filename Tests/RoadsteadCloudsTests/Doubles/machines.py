"""What stands behind the machines of a double: nothing but an address, or hosts of Lab/."""
import itertools, os, subprocess, tempfile, threading, time


# Hosts of the lab have root and debian; others are made like debian.
USER = """useradd -m -s /bin/bash USER && cp -r /home/debian/.ssh /home/USER/ && chown -R USER: /home/USER/.ssh &&
    echo 'USER ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/USER"""


class Work:
    """Something that takes its time; `failure` in words when it did not succeed."""

    def __init__(self, address="", do=None):
        self.address, self.failure, self.due, self.thread = address, None, time.monotonic() + 0.03, None
        if do:
            self.thread = threading.Thread(target=self.run, args=[do], daemon=True)
            self.thread.start()

    def run(self, do):
        try:
            do()
        except Exception as error:
            self.failure = str(error)

    def is_done(self):
        return not self.thread.is_alive() if self.thread else time.monotonic() > self.due


class PaperMachines:
    def __init__(self):
        self.numbers = itertools.count(1)

    def make(self, id, name, keys, user_data):
        number = next(self.numbers)
        # 198.18.0.0/15 is set aside for measurements (RFC 2544): nobody real is meant.
        return Work(f"198.18.{number >> 8 & 255}.{number & 255}")

    def remove(self, id):
        return Work()

    def power(self, order, id):
        return Work()

    def attach(self, id, address):
        return Work()


class LabMachines:
    """Machine `prod-1` is the host `prod-1`; a second one of the name has a part of its id behind it.

    `folder`: Lab/, whose lab LAB_NAME and LAB_NET name; LAB_LAYER: what is installed on a host before its first boot;
    `first`: of its forty addresses; `user`: of the cloud's images.
    """

    def __init__(self, folder, first, user):
        self.user = user
        self.lab = os.path.join(folder, "lab")
        self.net = os.environ["LAB_NET"]
        self.layer = os.environ.get("LAB_LAYER")
        self.free = list(range(first, first + 40))
        self.hosts, self.latest, self.inside = {}, {}, {}

    def make(self, id, name, keys, user_data):
        host = name[:27]
        if host in [other for other, _ in self.hosts.values()]:
            host += "-" + id[-4:]
        number = self.free.pop(0)
        self.hosts[id] = (host, number)
        return self.begin(id, lambda: self.create(host, number, keys, user_data), f"{self.net}.{number}")

    def begin(self, id, do, address=""):
        """What is done to one host is done in the order in which it was asked for."""
        before = self.latest.get(id)

        def in_turn():
            if before:
                before.thread.join()
            do()
        self.latest[id] = Work(address, in_turn)
        return self.latest[id]

    def create(self, host, number, keys, user_data):
        with tempfile.TemporaryDirectory() as folder:
            arguments = ["create", host, "--ip", f"{self.net}.{number}"]
            if self.layer:
                arguments += ["--layer", self.layer]
            for index, key in enumerate(keys):
                arguments += ["--key", write(folder, f"key{index}.pub", key.encode())]
            # The lab runs scripts only; what is for cloud-init is left out.
            if user_data.startswith(b"#!"):
                arguments += ["--user-data", write(folder, "user-data", user_data)]
            self.run(*arguments)
        if self.user != "debian":
            self.run("exec", host, "sh", "-c", USER.replace("USER", self.user))

    def remove(self, id):
        host, number = self.hosts[id]

        def destroy():
            self.run("destroy", host)
            self.free.append(number)
            del self.hosts[id]
            self.inside.pop(id, None)
        return self.begin(id, destroy)

    def power(self, order, id):
        host, _ = self.hosts[id]
        orders = {"start": ["start"], "stop": ["stop"], "kill": ["kill"], "reboot": ["stop", "start"]}[order]

        def obey():
            for word in orders:
                self.run(word, host)
            if "start" in orders:
                self.give(id)
        return self.begin(id, obey)

    def attach(self, id, address):
        """Into a private network: hosts of a lab share one wire, so a second address on it is enough."""
        self.inside.setdefault(id, []).append(address)
        return self.begin(id, lambda: self.give(id))

    def give(self, id):
        for address in self.inside.get(id, []):
            self.run("exec", self.hosts[id][0], "ip", "address", "replace", address, "dev", "eth0")

    def host_key(self, id):
        """A line of known_hosts without the name; empty while the host is being made."""
        try:
            return self.run("hostkey", self.hosts[id][0]).strip().partition(" ")[2]
        except RuntimeError:
            return ""

    def run(self, *arguments):
        done = subprocess.run([self.lab, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise RuntimeError(f"lab {' '.join(arguments[:2])}: {''.join(done.stderr.strip().splitlines()[-1:])}")
        return done.stdout


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def chosen(arguments, first, user):
    """By `--lab DIR` among a double's arguments."""
    return LabMachines(arguments[arguments.index("--lab") + 1], first, user) if "--lab" in arguments else PaperMachines()
