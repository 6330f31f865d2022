"""What the doubles of clouds share: a door on a free loopback port, and faults that it is told of.

    serve(PORT_FILE, double)     serves until standard input ends

A double has `who(request)`, which gives the account's key and the name of the call or raises `Refused`, and
`perform(request, call, key, fault)`, which gives (status, body, headers). POST /faults?key=KEY&action=CALL&fault=NAME
[&seconds=N] makes the next such call of that key go wrong: `cut` and `slow` are the door's, the others the double's.
"""
import collections, http.server, os, sys, threading, time, urllib.parse

Request = collections.namedtuple("Request", "method path query headers body")
lock = threading.RLock()
faults = []


class Refused(Exception):
    """The whole answer in the place of the right one: (status, body, headers)."""


def take(key, call):
    """The fault that is next for such a call, and spent with it."""
    found = next((f for f in faults if f["key"] == key and f["action"] == call), None)
    if found:
        faults.remove(found)
    return found or {}


class Door(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double = None

    def log_message(self, *_):
        pass

    def do_any(self):
        address = urllib.parse.urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if address.path == "/faults":
            faults.append(dict(urllib.parse.parse_qsl(address.query)))
            return self.reply(200, b"", {})
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, address.path, address.query, headers, body)
        fault = {}
        with lock:
            try:
                key, call = self.double.who(request)
                fault = take(key, call)
                answer = self.double.perform(request, call, key, fault.get("fault"))
            except Refused as refusal:
                answer = refusal.args
        if fault.get("fault") == "slow":
            time.sleep(float(fault["seconds"]))
        if fault.get("fault") == "cut":
            self.close_connection = True
            return
        self.reply(*answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_any

    def reply(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def serve(port_file, double):
    Door.double = double
    server = Server(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with open(port_file + ".new", "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(port_file + ".new", port_file)
    sys.stdin.read()
    os._exit(0)
