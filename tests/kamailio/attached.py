# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A server that is attached to and let go of: whether it still is what it was, while it is asked all the time."""
import collections
import os
import pathlib
import select
import socket
import subprocess
import threading
import time

import server as kamailio

PATIENCE_SECONDS = 20


def status(pid):
    """Fields of /proc/PID/status; empty: there is no such process."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


FILES = {}


def bytes_of(path):
    if path not in FILES:
        FILES[path] = pathlib.Path(path).read_bytes()
    return FILES[path]


def changed_code(pid):
    """Where executable memory is not what its file says: 'PATH+OFFSET was WAS'."""
    out = []
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, rights, offset, _, _, *path = line.split()
            if "x" not in rights or not path or not path[0].startswith("/"):
                continue
            begin, end = (int(word, 16) for word in place.split("-"))
            file = bytes_of(path[0])[int(offset, 16):int(offset, 16) + end - begin]
            memory.seek(begin)
            there = memory.read(len(file))
            if there != file:
                out += [f"{pid}: {path[0]}+{int(offset, 16) + at:#x} is {there[at]:#x}, was {file[at]:#x}"
                        for at in range(len(file)) if there[at] != file[at]][:4]
    return out


def wrong_with(family, look_at_code=True):
    """What is wrong with processes that nobody traces any more."""
    out = []
    for pid in family:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (now := status(pid)).get("TracerPid", "0") != "0" and time.monotonic() < deadline:
            time.sleep(0.0005)
        if not now or now["State"][0] in "ZX":
            out.append(f"{pid} has ended")
        elif now["TracerPid"] != "0" or now["State"][0] in "Tt":
            out.append(f"{pid}: {now['State']}, traced by {now['TracerPid']}")
        elif look_at_code:
            out += changed_code(pid)
    return out


def run_until(command, records, signal, fifo):
    """Runs `initorder trace|attach -o FIFO ...`; after so many records sends it this signal. Returns how many it wrote in
    all, its exit status, and what it said."""
    if not os.path.exists(fifo):
        os.mkfifo(fifo)
    end = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    with open(f"{fifo}.said", "w+b") as said, subprocess.Popen([command[0], command[1], "-o", fifo, *command[2:]], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=said) as tracer:
        count = 0
        while select.select([end], [], [], 0.05)[0] or tracer.poll() is None:
            try:
                got = os.read(end, 1 << 16)
            except BlockingIOError:
                continue
            if not got and tracer.poll() is not None:
                break
            if count < records <= count + got.count(b"\n"):
                tracer.send_signal(signal)
            count += got.count(b"\n")
        os.close(end)
        ended = tracer.wait()
        said.seek(0)
        return count, ended, said.read().decode(errors="replace")


class Orphan:
    """A server whose tracer was killed: whatever was its parent, it is not ours."""

    def __init__(self, pid):
        self.pid = pid

    def poll(self):
        return None if status(self.pid).get("State", "Z")[0] != "Z" else 0

    def wait(self, seconds=PATIENCE_SECONDS):
        deadline = time.monotonic() + seconds
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("server", seconds)
            time.sleep(0.001)
        return 0

    kill = wait


class Load:
    """Asks the server all the time. A lost answer is counted, after the time that a SIP client waits."""

    PAUSE_SECONDS = 0.002  # the processor is the server's too

    def __init__(self, server, clients=2):
        self.counts = collections.Counter()
        self.worst = 0.0
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.by_udp, args=(server,)) for _ in range(clients)]
        self.threads.append(threading.Thread(target=self.by_tls, args=(server,)))

    def by_udp(self, server):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.connect(("127.0.0.1", server.port))
            client.settimeout(4)
            number = 0
            while not self.ending.is_set():
                number += 1
                began = time.monotonic()
                text = kamailio.OPTIONS.format(port=server.port, own=client.getsockname()[1], n=number)
                try:
                    client.send(text.encode())
                    while f"Call-ID: {number}@b".encode() not in client.recv(4096):
                        pass
                    self.counts["answered"] += 1
                    self.worst = max(self.worst, time.monotonic() - began)
                except OSError:
                    self.counts["lost"] += 1
                self.ending.wait(self.PAUSE_SECONDS)

    def by_tls(self, server):
        while not self.ending.is_set():
            self.counts["answered by tls" if server.ask_by_tls() else "lost by tls"] += 1
            self.ending.wait(10 * self.PAUSE_SECONDS)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()
