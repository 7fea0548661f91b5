#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scans the server with just the modules and settings of one row of runs.ini: the findings must be the row's `predicted`,
no more and no less.

usage: predict_run.py TABLE ROW INITORDER LAB
"""
import json
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

import predict
import run

DEFAULTS = {"tls_threads_mode": "0", "shared_allocator": "1", "python_early": "0", "python_fork_hooks": "1",
            "python_gil_release": "0", "clear_by_owner": "0", "atexit": "0"}


def options(labd, name):
    words = shlex.split(labd)
    return [after for word, after in zip(words, words[1:]) if word == f"--{name}"]


def settings(labd):
    """The scenario that a command line means."""
    loads = options(labd, "load")
    fixed = DEFAULTS | dict(setting.split("=") for setting in options(labd, "set"))
    fixed["tls"] = "absent" if "tls" not in loads else "first" if loads[0] == "tls" else "last"
    return " ".join(f"{name}={value}" for name, value in fixed.items())


def tree_of(lab, modules, folder):
    """The lab, as if it had these modules only."""
    tree = pathlib.Path(folder) / "lab"
    for part in ["core", *(f"modules/{module}" for module in modules)]:
        shutil.copytree(pathlib.Path(lab) / part, tree / part)
    return str(tree)


def findings(initorder, lab, labd):
    with tempfile.TemporaryDirectory() as folder:
        tree, output = tree_of(lab, options(labd, "load"), folder), f"{folder}/out.sarif"
        command = predict.scan_command(initorder, tree, settings(labd), output)
        command[command.index(f"{tree}/lab.yaml")] = f"{lab}/lab.yaml"
        subprocess.run(command, check=True, capture_output=True, timeout=predict.BOUND_SECONDS)
        results = json.loads(pathlib.Path(output).read_text(encoding="utf-8"))["runs"][0].get("results", [])
    return {predict.finding(result, predict.markers(lab)) for result in results}


def main(table, name, initorder, lab):
    row = run.read_row(table, name)
    found = findings(initorder, lab, row["labd"])
    expected = set(predict.entries(row.get("predicted", "")))
    wrong = [f"not found: {entry}" for entry in sorted(expected - found)]
    wrong += [f"found, not expected: {entry}" for entry in sorted(found - expected)]
    if wrong:
        print(f"[{name}] {row['why']}", *wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
