#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scans the lab in one scenario of expected.ini and compares the findings with the table.

usage: predict.py TABLE ROW INITORDER LAB
"""
import configparser
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

BOUND_SECONDS = 100


def read_row(table, name):
    rows = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    with open(table, encoding="utf-8") as text:
        rows.read_file(text)
    return rows[name]


def scan_command(initorder, lab, settings, output):
    fixed = [word for setting in settings.split() for word in ("--set", setting)]
    return [initorder, "scan", lab, "--pack", f"{lab}/lab.yaml", "--host", "lab", *fixed,
            "--format", "sarif", "-o", output, "--fail-on", "never"]


def markers(lab):
    """{(file, line): marker}, from the comments in the sources."""
    found = {}
    for source in sorted([*pathlib.Path(lab).glob("core/*.c"), *pathlib.Path(lab).glob("modules/*/*.c")]):
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            if match := re.search(r"lab:([a-z0-9-]+)", line):
                found[source.relative_to(lab).as_posix(), number] = match[1]
    return found


def owner(file):
    """The module, or `core`."""
    folder, name, *_ = pathlib.PurePath(file).parts
    return name if folder == "modules" else folder


def finding(result, marked):
    """'RULE MODULE@MARKER', 'RULE core@MARKER', or 'RULE FILE:LINE' where no marker stands."""
    where = result["locations"][0]["physicalLocation"]
    file, line = where["artifactLocation"]["uri"], where["region"]["startLine"]
    if (file, line) in marked:
        return f"{result['ruleId']} {owner(file)}@{marked[file, line]}"
    return f"{result['ruleId']} {file}:{line}"


def covers(entry, found):
    """MODULE@* stands for every place of the module."""
    if not entry.endswith("@*"):
        return entry == found
    rule, module = entry[:-2].split()
    return re.match(rf"{re.escape(rule)} ({re.escape(module)}@|modules/{re.escape(module)}/)", found) is not None


def entries(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def mistakes(row, found, marked):
    known = {f"{owner(file)}@{marker}" for (file, _), marker in marked.items()}
    must, may = entries(row["always"]) + entries(row["must"]), entries(row["may"]) + entries(row["also"])
    for entry in must + may:
        if not entry.endswith("@*") and entry.split()[1] not in known:
            yield f"the table names a marker that is not there: {entry}"
    for entry in must:
        if not any(covers(entry, one) for one in found):
            yield f"not found: {entry}"
    for one in found:
        if not any(covers(entry, one) for entry in must + may):
            yield f"found, not expected: {one}"


def main(table, name, initorder, lab):
    row = read_row(table, name)
    with tempfile.TemporaryDirectory() as folder:
        output = f"{folder}/out.sarif"
        command = scan_command(initorder, lab, row["set"], output)
        done = subprocess.run(command, capture_output=True, text=True, timeout=BOUND_SECONDS, check=False)
        if done.returncode != 0:
            print(f"[{name}] exit status {done.returncode}", shlex.join(command), done.stderr, sep="\n")
            return 1
        with open(output, encoding="utf-8") as text:
            results = json.load(text)["runs"][0].get("results", [])
    marked = markers(lab)
    wrong = list(mistakes(row, sorted({finding(result, marked) for result in results}), marked))
    if wrong:
        print(f"[{name}]", *wrong, shlex.join(command), sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
