#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs labd with one row of runs.ini and compares what its processes say with the row.

usage: run.py TABLE ROW LABD
"""
import configparser
import json
import shlex
import subprocess
import sys

# A bound, not a wait: labd ends by itself, a hung worker after its deadline.
BOUND_SECONDS = 50


def read_row(table, name):
    rows = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    rows.optionxform = str
    with open(table, encoding="utf-8") as text:
        rows.read_file(text)
    return dict(rows[name])


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=BOUND_SECONDS, check=False)
    ended_by_signal = done.returncode < 0
    return (128 - done.returncode if ended_by_signal else done.returncode), done.stdout, done.stderr


def said_by_process(stdout):
    """{process: {field: value}}: all lines of a process together."""
    said = {}
    for line in stdout.splitlines():
        fields = json.loads(line)
        said.setdefault(int(fields.pop("process")), {}).update(fields)
    return said


def holds(expected, values):
    """`same` and `different` are about the workers together, anything else about each of them."""
    if not values or None in values:
        return expected == "absent" and all(value is None for value in values)
    if expected == "same":
        return len(set(values)) == 1 and values[0] not in ("", "(nil)", "0")
    if expected == "different":
        return len(set(values)) == len(values)
    return all(value == ("" if expected == "nothing" else expected) for value in values)


def mistakes(row, status, stdout, stderr):
    if status != int(row["status"]):
        yield f"exit status {status}, expected {row['status']}"
    if row.get("says", "") not in stderr:
        yield f"stderr does not say: {row['says']}"
    said = said_by_process(stdout)
    workers = sorted(process for process in said if process > 0)
    for key, expected in row.items():
        who, dot, field = key.partition(".")
        if not dot:
            continue
        asked = {"main": [0], "first": workers[:1], "second": workers[1:2], "last": workers[-1:],
                 "workers": workers, "others": workers[1:]}[who]
        values = [said.get(process, {}).get(field) for process in asked]
        if expected == "main's":
            expected = said[0].get(field, "not reported by main")
        if not holds(expected, values):
            yield f"{key}: {values}, expected {expected}"


def main(table, name, labd):
    row = read_row(table, name)
    # On a busy machine a healthy worker may be late; a row that expects a hang sets a bound of its own.
    command = [labd, "--workers", "3", "--deadline", "40", *shlex.split(row["labd"])]
    status, stdout, stderr = run(command)
    wrong = list(mistakes(row, status, stdout, stderr))
    if not wrong:
        return 0
    print(f"[{name}] {row['why']}", *wrong, "", shlex.join(command), stdout, stderr, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
