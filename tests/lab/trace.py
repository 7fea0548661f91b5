#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Traces labd with one row of runs.ini: its processes must say what they say without a tracer, and the verdict on the
trace must be the row's `traced`, no more and no less. Each entry must be one that the scan predicts somewhere too.

usage: trace.py TABLE ROW LABD INITORDER LAB
"""
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import predict
import run

BOUND_SECONDS = 100
ONLY_SEEN = "tsd-key-cleared"  # whose each key is, no source says


def place(finding, lab, marked):
    """'RULE MODULE@MARKER' as in expected.ini; 'RULE OBJECT' where the call is not in a module of the lab."""
    where = finding["locations"][0]["physicalLocation"]
    uri = where["artifactLocation"]["uri"]
    in_lab = re.search(r"(modules/([^/]+)/[^/]+\.c)$", uri)
    marker = marked.get((in_lab[1], where["region"]["startLine"])) if in_lab else None
    return f"{finding['ruleId']} {in_lab[2]}@{marker}" if marker else f"{finding['ruleId']} {uri.split('+')[0].split('/')[-1]}"


def predicted(lab):
    text = (pathlib.Path(lab) / "expected.ini").read_text(encoding="utf-8")
    return {line.strip() for line in text.splitlines()}


def main(table, name, labd, initorder, lab):
    row = run.read_row(table, name)
    pack = ["--pack", f"{lab}/lab.yaml"]
    with tempfile.TemporaryDirectory() as folder:
        trace, report = f"{folder}/trace.jsonl", f"{folder}/report.sarif"
        command = [initorder, "trace", *pack, "-o", trace, "--",
                   labd, "--workers", "3", "--deadline", "40", *shlex.split(row["labd"])]
        status, stdout, stderr = run.run(command)
        wrong = list(run.mistakes(row, status, stdout, stderr))
        subprocess.run([initorder, "report", trace, *pack, "--format", "sarif", "-o", report, "--fail-on", "never"],
                       check=True, timeout=BOUND_SECONDS)
        results = json.loads(pathlib.Path(report).read_text(encoding="utf-8"))["runs"][0]["results"]
    found = {place(finding, lab, predict.markers(lab)) for finding in results}
    expected = {line for line in row.get("traced", "").strip().splitlines()}
    wrong += [f"not found: {entry}" for entry in sorted(expected - found)]
    wrong += [f"not expected: {entry}" for entry in sorted(found - expected)]
    wrong += [f"no scan predicts: {entry}" for entry in sorted(found - predicted(lab)) if "@" in entry and ONLY_SEEN not in entry]
    if not wrong:
        return 0
    print(f"[{name}] {row['why']}", *wrong, "", shlex.join(command), stdout, stderr, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
