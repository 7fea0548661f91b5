#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""As inspect_run.py, of core files that gcore makes of the processes.

usage: inspect_core.py TABLE ROW LABD INITORDER LAB
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

import inspect_run
import inspect_schema
import run

NOT_IN_A_CORE = "a core holds no descriptors"


def main(table, name, labd, initorder, lab):
    row = run.read_row(table, name)
    command = [labd, "--hold", "--workers", "2", "--deadline", "40", *shlex.split(row["labd"])]
    with tempfile.TemporaryDirectory() as folder:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
            inspect_run.held(server, [])
            children = pathlib.Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            made = subprocess.run(["gcore", "-o", f"{folder}/core", str(server.pid), *children], capture_output=True, text=True,
                                  check=False)
            server.communicate(timeout=inspect_run.BOUND_SECONDS)
        cores = sorted(map(str, pathlib.Path(folder).glob("core.*")))
        looked = subprocess.run([initorder, "inspect", *cores, "--pack", f"{lab}/lab.yaml", "--format", "json"],
                                capture_output=True, text=True, timeout=inspect_run.BOUND_SECONDS, check=False)
    if len(cores) != 1 + len(children):
        print(f"{len(cores)} cores of {1 + len(children)} processes", made.stdout, made.stderr, sep="\n")
        return 1
    report = json.loads(looked.stdout)
    # The table speaks of three workers; each core costs a gdb.
    found = {entry.replace("2 workers", "3 workers") for entry in inspect_run.entries(report)}
    expected = {line.strip() for line in row.get("inspected", "").strip().splitlines()}
    wrong = [f"not found: {entry}" for entry in sorted(expected - found)]
    wrong += [f"not expected: {entry}" for entry in sorted(found - expected)]
    wrong += [f"cannot tell: {caveat['what']}" for caveat in report["caveats"] if NOT_IN_A_CORE not in caveat["what"]]
    wrong += inspect_schema.mistakes(report)
    if not wrong:
        return 0
    print(f"[{name}] {row['why']}", *wrong, "", shlex.join(command), looked.stderr, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
