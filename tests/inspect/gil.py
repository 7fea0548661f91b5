#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Who has CPython's GIL, in a running interpreter. kept: one thread has it for good, and inspect says who. busy: three
threads take turns, which is no deadlock, however often it is looked at.

usage: gil.py INITORDER kept|busy
"""
import json
import subprocess
import sys
import time

PYTHON = "/usr/bin/python3.11"  # the layout that rules/libraries/cpython.yaml knows
SKIPPED = 77
BOUND_SECONDS = 20
LOOKS = 10

KEPT = """
import ctypes, sys, threading
c = ctypes.PyDLL(None)  # calls C without releasing the GIL
def keep():
    line = f"{threading.get_native_id()}\\n".encode()
    c.write(1, line, len(line))
    c.pause()
threading.Thread(target=keep, daemon=True).start()
sys.stdin.read()
"""
BUSY = """
import sys, threading
def spin():
    while True:
        pass
for _ in range(3):
    threading.Thread(target=spin, daemon=True).start()
print("0", flush=True)
sys.stdin.read()
"""


def look(initorder, pid):
    said = subprocess.run([initorder, "inspect", str(pid), "--format", "json", "--fail-on", "never"], capture_output=True,
                          text=True, check=True, timeout=BOUND_SECONDS)
    return json.loads(said.stdout)


def holders(report):
    """The thread that has the GIL, as each that waits for it is told; 0: cannot tell."""
    threads = [thread for server in report["servers"] for process in server["processes"] for thread in process["threads"]]
    return [thread["wait"]["owner"] if thread["wait"]["owner_is"] == "here" else 0
            for thread in threads if thread.get("wait", {}).get("lock") == "GIL"]


def is_told(initorder, pid, keeper):
    """Nobody says when the main thread has come to wait."""
    deadline = time.monotonic() + BOUND_SECONDS
    while time.monotonic() < deadline:
        if keeper in holders(look(initorder, pid)):
            return True
    return False


def main(initorder, what):
    try:
        server = subprocess.Popen([PYTHON, "-c", KEPT if what == "kept" else BUSY], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        return SKIPPED
    with server:
        keeper = int(server.stdout.readline())
        if what == "kept":
            wrong = [] if is_told(initorder, server.pid, keeper) else [f"thread {keeper} has it, and nobody is told so"]
        else:
            wrong = [finding["message"] for _ in range(LOOKS) for finding in look(initorder, server.pid)["findings"]]
        server.kill()
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
