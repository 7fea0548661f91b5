# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Debian's Kamailio with tls and app_python3, in a folder of its own: made, started, asked, stopped."""
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import time

BOUND_SECONDS = 60

# One TCP worker: with two, the hazard that we are here for ends the server within seconds of TLS load ("qm_free(): BUG:
# freeing already freed pointer", called from tls).
CONFIG = """#!KAMAILIO
debug=1
log_stderror=yes
children=5
enable_tls=yes
tcp_children=1
listen=udp:127.0.0.1:{port}
listen=tls:127.0.0.1:{tls_port}
loadmodule "tls.so"
loadmodule "app_python3.so"
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "siputils.so"
modparam("tls", "tls_method", "TLSv1.2+")
modparam("tls", "private_key", "{folder}/key.pem")
modparam("tls", "certificate", "{folder}/cert.pem")
modparam("app_python3", "load", "{folder}/script.py")
request_route {{
  sl_send_reply("200", "OK");
}}
"""
MODULES = ["tls", "app_python3", "pv", "tm", "sl", "siputils"]  # in CONFIG's order
PROCESSES = 11  # main, 5 for UDP, 3 timers, 1 for TCP, TCP main
SCRIPT = """class Route:
    def child_init(self, rank):
        return 0
def mod_init():
    return Route()
"""
OPTIONS = ("OPTIONS sip:x@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{own};branch=z9hG4bK{n}\r\n"
           "From: <sip:a@b>;tag=1\r\nTo: <sip:x@y>\r\nCall-ID: {n}@b\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n")


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, folder, program="kamailio"):
        self.folder = pathlib.Path(folder)
        self.port = free_port(socket.SOCK_DGRAM)
        self.tls_port = free_port(socket.SOCK_STREAM)
        self.process = None
        self.asked = 0
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, stderr=subprocess.DEVNULL)
        (self.folder / "script.py").write_text(SCRIPT)
        (self.folder / "kamailio.cfg").write_text(
            CONFIG.format(port=self.port, tls_port=self.tls_port, folder=folder))
        self.command = [program, "-f", f"{folder}/kamailio.cfg", "-DD", "-E", "-P", f"{folder}/pid", "-Y", str(folder)]

    def start(self, before=()):
        """Runs the server's command behind the words of `before`."""
        (self.folder / "pid").unlink(missing_ok=True)
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([*map(str, before), *self.command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def answers(self, seconds=BOUND_SECONDS):
        """Asks OPTIONS until one is answered; the kernel says at once when nobody listens."""
        deadline = time.monotonic() + seconds
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", self.port))
            client.settimeout(0.002)
            number = 0
            while time.monotonic() < deadline and self.process.poll() is None:
                number += 1
                try:
                    client.send(OPTIONS.format(port=self.port, own=client.getsockname()[1], n=number).encode())
                    if client.recv(4096).startswith(b"SIP/2.0 200"):
                        return True
                except ConnectionRefusedError:
                    time.sleep(0.0005)
                except TimeoutError:
                    pass
        return False

    def ask(self, client, protocol="UDP"):
        """Seconds until one OPTIONS is answered; `client` is a connected socket with a timeout."""
        self.asked += 1
        began = time.monotonic()
        text = OPTIONS.format(port=self.port, own=client.getsockname()[1], n=self.asked)
        client.send(text.replace("SIP/2.0/UDP", f"SIP/2.0/{protocol}").encode())
        while not (got := client.recv(4096)).startswith(b"SIP/2.0 200"):
            if not got:
                raise ConnectionError("closed by the server")
        return time.monotonic() - began

    def connect_by_tls(self):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.tls_port), BOUND_SECONDS))

    def ask_by_tls(self):
        """One TLS connection, one answer."""
        self.asked += 1
        try:
            with self.connect_by_tls() as client:
                text = OPTIONS.format(port=self.tls_port, own=client.getsockname()[1], n=self.asked)
                client.sendall(text.replace("SIP/2.0/UDP", "SIP/2.0/TLS").encode())
                return client.recv(4096).startswith(b"SIP/2.0 200")
        except OSError:
            return False  # the caller counts

    def up(self, processes, seconds=BOUND_SECONDS):
        """Until it has forked so many: before that its main process takes no signal."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            if (self.folder / "pid").exists() and len(self.family()) >= processes:
                return True
            time.sleep(0.005)
        return False

    def family(self):
        """Pids of the main process and its children."""
        main = int((self.folder / "pid").read_text() or 0)
        try:
            children = pathlib.Path(f"/proc/{main}/task/{main}/children").read_text().split()
        except OSError:
            return []
        return [main, *map(int, children)]

    def stop(self):
        """Exit status of what start() started."""
        for _ in range(BOUND_SECONDS):
            # Asked again: its main process looks at a flag, then sleeps in pause(), and a signal between is lost.
            try:
                os.kill(int((self.folder / "pid").read_text()), signal.SIGTERM)
            except (OSError, ValueError):
                pass  # it has ended, and taken its file away; a tracer may still be writing
            try:
                return self.process.wait(1)
            except subprocess.TimeoutExpired:
                pass
        for pid in self.family():
            os.kill(pid, signal.SIGKILL)
        self.process.kill()
        return self.process.wait()

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")
