"""Makes clusters of simulated machines by the real command line at a real server, and prints times and memory."""
import argparse, os, socket, subprocess, tempfile, threading, time

PASSWORD = "Aa1_benchmark_only"


def memory(pid):
    """Resident and anonymous memory in MB."""
    with open(f"/proc/{pid}/status") as file:
        found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in file if line.startswith(("VmRSS", "RssAnon"))}
    return found["VmRSS"], found["RssAnon"]


class Peak(threading.Thread):
    """The largest memory that a process had while this ran."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, (0, 0), threading.Event()

    def run(self):
        while not self.ended.wait(0.2):
            self.peak = tuple(map(max, self.peak, memory(self.pid)))


def processor(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--sizes", default="1,50,500")
    parser.add_argument("--boot", default="20")
    parser.add_argument("--install", default="10")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"127.0.0.1:{free_port()}"
        environment = {**os.environ, "ROADSTEAD_ADMIN_PASSWORD": PASSWORD, "XDG_CONFIG_HOME": folder, "NO_COLOR": "1"}
        server = subprocess.Popen([options.server, url, folder + "/data", options.boot, options.install], env=environment)
        try:
            run(options, server.pid, "http://" + url, environment)
        finally:
            server.kill()
            server.wait()


def run(options, pid, url, environment):
    def roadstead(*arguments, text=None):
        done = subprocess.run([options.binary, *arguments], env=environment, input=text, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"roadstead {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))).close()
            break
        except OSError:
            time.sleep(0.1)
    roadstead("login", url, "--user", "admin", "--password-stdin", text=PASSWORD)
    print(f"each machine boots {options.boot} s and installs {options.install} s; at rest the server has "
          f"{memory(pid)[0]:.0f} MB", flush=True)
    first = None
    for size in map(int, options.sizes.split(",")):
        managers, name = 1 if size < 3 else 3, f"bench-{size}"
        row = []
        for arguments in (["create", name, "--driver", "simulated", "--managers", str(managers), "--workers", str(size - managers),
                           "--yes"], ["terminate", name, "--yes"]):
            watch, start, spent = Peak(pid), time.monotonic(), processor(pid)
            watch.start()
            roadstead("cluster", *arguments)
            watch.ended.set()
            row.append((time.monotonic() - start, processor(pid) - spent, *watch.peak))
        (made, busy, resident, anonymous), (ended, *_) = row
        first = first or made
        print(f"{size:4} machines: create {made:6.1f} s ({made / first:4.2f} of the first), {busy:5.1f} s of a processor; "
              f"resident {resident:.0f} MB at most, {anonymous:.0f} MB anonymous; terminate {ended:5.1f} s", flush=True)


main()
