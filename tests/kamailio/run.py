#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Looks at Debian's Kamailio while it serves TLS, then traces one start and stop of it, for all tests of the real server.

usage: run.py INITORDER FOLDER

Leaves FOLDER/inspect.json, FOLDER/trace.jsonl, FOLDER/report.sarif and FOLDER/run.json. Status 77: Kamailio is not installed.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import time

from server import BOUND_SECONDS, PROCESSES, Server

REQUESTS = 50
TLS_REQUESTS = 20


def wait_for(text, path):
    deadline = time.monotonic() + BOUND_SECONDS
    while text not in path.read_text(encoding="utf-8", errors="replace") and time.monotonic() < deadline:
        time.sleep(0.01)


def main(initorder, folder):
    if not shutil.which("kamailio"):
        print("skipped: no kamailio in PATH; ./check installs Debian's")
        return 77
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)  # an old trace must not pass for this one
    folder.mkdir(parents=True)
    server = Server(folder)
    server.start()
    untraced = {"answered": server.answers(), "processes": len(server.family()) if server.up(2) else 0}
    untraced["up"] = server.up(PROCESSES)
    untraced["by_tls"] = sum(server.ask_by_tls() for _ in range(TLS_REQUESTS))
    inspected = subprocess.run([initorder, "inspect", str(server.family()[-1]), "--format", "json", "-o", folder / "inspect.json"],
                               capture_output=True, text=True, check=False)
    untraced["inspect"] = {"status": inspected.returncode, "said": inspected.stderr, "family": server.family()}
    untraced["by_tls_after"] = sum(server.ask_by_tls() for _ in range(TLS_REQUESTS))
    untraced["status"] = server.stop()
    untraced["log"] = server.log()

    server.start([initorder, "trace", "-o", folder / "trace.jsonl", "--"])
    traced = {"first": server.answers(), "up": server.up(PROCESSES)}
    wait_for('"came-up"', folder / "trace.jsonl")  # all are forked, and not all have initialised
    traced["answered"] = sum(server.answers(5) for _ in range(REQUESTS))
    traced["status"] = server.stop()
    traced["log"] = server.log()
    judged = subprocess.run([initorder, "report", folder / "trace.jsonl", "--format", "sarif", "-o", folder / "report.sarif",
                             "--fail-on", "never"], capture_output=True, text=True, check=False)
    run = {"untraced": untraced, "traced": traced, "requests": REQUESTS, "report": judged.stderr}
    (folder / "run.json").write_text(json.dumps(run, indent=1), encoding="utf-8")
    print(json.dumps(run, indent=1))
    return 0 if (folder / "report.sarif").exists() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
