#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Looks at labd with one row of runs.ini while it runs: what `initorder inspect` finds must be the row's `inspected`, no
more and no less, and its processes must go on as if nobody had looked.

usage: inspect_run.py TABLE ROW LABD INITORDER LAB
"""
import json
import re
import shlex
import subprocess
import sys

import inspect_schema
import run

BOUND_SECONDS = 60
NO_SERVER = ("1", "134")  # a status of labd: there is nothing to look at
SKIPPED = 77


def held(server, stderr):
    """Reads until the server says that it stays as it is. Its process id; None: it has ended."""
    for line in server.stderr:
        stderr.append(line)
        if said := re.search(r"(\d+) held$", line):
            return said[1]
    return None


def entries(report):
    """'RULE OBJECT' or 'RULE ADDRESS' of each finding, and 'stuck: LINE' of each group that waits for what cannot come."""
    found = {f"{finding['rule']} {re.sub(r'[+].*|:[0-9]+$', '', finding['site']['file'])}" for finding in report["findings"]}
    for server in report["servers"]:
        found |= {f"stuck: {group['what']} in {group['where']}, {group['because']}"
                  for group in server["stuck"] if group["because"]}
    return found


def main(table, name, labd, initorder, lab):
    row = run.read_row(table, name)
    if row["status"] in NO_SERVER:
        return SKIPPED
    command = [labd, "--hold", "--workers", "3", "--deadline", "40", *shlex.split(row["labd"])]
    stderr = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        if process := held(server, stderr):
            looked = subprocess.run([initorder, "inspect", process, "--pack", f"{lab}/lab.yaml", "--format", "json"],
                                    capture_output=True, text=True, timeout=BOUND_SECONDS, check=False)
        stdout, rest = server.communicate(timeout=BOUND_SECONDS)
    wrong = list(run.mistakes(row, server.returncode, stdout, "".join(stderr) + rest))
    expected = {line.strip() for line in row.get("inspected", "").strip().splitlines()}
    report = json.loads(looked.stdout)
    found = entries(report)
    wrong += [f"not found: {entry}" for entry in sorted(expected - found)]
    wrong += [f"not expected: {entry}" for entry in sorted(found - expected)]
    wrong += [f"cannot tell: {caveat['what']}" for caveat in report["caveats"]]
    wrong += inspect_schema.mistakes(report)
    if looked.returncode != (1 if report["findings"] else 0):
        wrong.append(f"exit status {looked.returncode}")
    if not wrong:
        return 0
    print(f"[{name}] {row['why']}", *wrong, "", shlex.join(command), "".join(stderr) + rest, looked.stderr, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
