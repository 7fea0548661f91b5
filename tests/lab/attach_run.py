#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attaches to labd with one row of runs.ini while it is held, and follows it to its end: its processes must say what they say
without a tracer, and what `initorder attach` found before must be the row's `inspected`.

usage: attach_run.py TABLE ROW LABD INITORDER LAB
"""
import json
import os
import shlex
import subprocess
import sys
import tempfile

import inspect_run
import run

BOUND_SECONDS = 60


def follow(server, initorder, lab, folder):
    """From when everything is attached to the server goes on. What attach says in the end, and its records."""
    fifo = f"{folder}/fifo"
    os.mkfifo(fifo)
    command = [initorder, "attach", str(server.pid), "--pack", f"{lab}/lab.yaml", "--format", "json", "-o", fifo]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tracer:
        records = []
        with open(fifo, encoding="utf-8") as lines:
            for line in lines:
                records.append(json.loads(line))
                if records[-1]["kind"] == "remarked" and not server.stdin.closed:
                    server.stdin.close()
        stdout, stderr = tracer.communicate(timeout=BOUND_SECONDS)
    assert stdout, stderr
    return json.loads(stdout), records


def main(table, name, labd, initorder, lab):
    row = run.read_row(table, name)
    command = [labd, "--hold", "--workers", "3", "--deadline", "40", *shlex.split(row["labd"])]
    stderr = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert inspect_run.held(server, stderr), stderr
        with tempfile.TemporaryDirectory() as folder:
            report, records = follow(server, initorder, lab, folder)
        stdout, rest = server.stdout.read(), server.stderr.read()
    wrong = list(run.mistakes(row, server.returncode, stdout, "".join(stderr) + rest))
    expected = {line.strip() for line in row.get("inspected", "").strip().splitlines()}
    found = inspect_run.entries(report)
    wrong += [f"not found: {entry}" for entry in sorted(expected - found)]
    wrong += [f"not expected: {entry}" for entry in sorted(found - expected)]
    attached = [record for record in records if record.get("how") == "attached"]
    if [record.get("parent") for record in attached] != [None, 0, 0, 0]:
        wrong.append(f"attached: {attached}")
    if records[-1]["kind"] != "finished" or records[-1]["why"] != "all-ended":
        wrong.append(f"the last record is {records[-1]}")
    if not wrong:
        return 0
    print(f"[{name}] {row['why']}", *wrong, "", shlex.join(command), "".join(stderr) + rest, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
