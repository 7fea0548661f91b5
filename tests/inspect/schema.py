#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds reports of a running server against the schema: with and without --stop. With --refuses, the schema must refuse
the report once it has lost a member, gained one, or says what it never says.

usage: schema.py HOLDS INITORDER LAB [--refuses]
"""
import copy
import json
import subprocess
import sys

HOLDS, INITORDER, LAB = sys.argv[1:4]
sys.path.insert(0, LAB)
sys.dont_write_bytecode = True
import inspect_schema  # noqa: E402 (the path comes first)

SERVER, PROCESS = ("servers", 0), ("servers", 0, "processes", 0)
LOSSES = [("servers",), SERVER + ("keys",), SERVER + ("init_order",), PROCESS + ("threads",), PROCESS + ("fork_handlers",),
          SERVER + ("keys", 0, "sharers"), SERVER + ("init_order", "steps", 0, "not_before"), PROCESS + ("threads", 0, "tid")]
LIES = [(PROCESS + ("role",), "dancer"), (PROCESS + ("pid",), -1), (("inspect_schema",), "initorder-inspect/2"),
        (SERVER + ("surprise",), 1), (SERVER + ("init_order", "steps", 0, "kind"), "dance"), (SERVER + ("processes",), [])]


def reports():
    for state, *options in (["keys"], ["keys", "--stop"], ["handlers"], ["inherited"], ["broken"]):
        with subprocess.Popen([HOLDS, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            server.stdout.readline()
            said = subprocess.run([INITORDER, "inspect", str(server.pid), "--format", "json", "--fail-on", "never", *options],
                                  capture_output=True, text=True, check=True)
            server.kill()  # one that waits for a lock does not read
        yield state, json.loads(said.stdout)


def holder(report, path):
    for step in path[:-1]:
        report = report[step]
    return report


def broken(report):
    for path in LOSSES:
        other = copy.deepcopy(report)
        del holder(other, path)[path[-1]]
        yield path, other
    for path, lie in LIES:
        other = copy.deepcopy(report)
        holder(other, path)[path[-1]] = lie
        yield path, other


def main():
    inspect_schema.validator()
    if "--refuses" in sys.argv:
        _, report = next(reports())
        wrong = [f"accepted: {path}" for path, other in broken(report) if not inspect_schema.mistakes(other)]
    else:
        wrong = [f"{state}: {text}" for state, report in reports() for text in inspect_schema.mistakes(report)]
    print(*wrong[:10], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
