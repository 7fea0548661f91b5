#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scans Debian's Kamailio source once, for all tests of the real tree.

usage: scan.py INITORDER FOLDER KAMAILIO_SOURCE_SH

Leaves FOLDER/report.sarif, and in FOLDER/run.json how it went. Status 77: there is no source to scan.
"""
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import time

JOBS = 2  # memory depends on it


def main(initorder, folder, source_script):
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)  # an old report must not pass for this one
    found = subprocess.run([source_script, "--cached"], stdout=subprocess.PIPE, text=True, check=False)
    if found.returncode != 0:
        print("skipped: no Kamailio source; ./check gets it, or set INITORDER_KAMAILIO")
        return 77
    tree = found.stdout.strip()
    folder.mkdir(parents=True)
    command = [initorder, "scan", tree, "--jobs", str(JOBS), "--format", "sarif", "-o", str(folder / "report.sarif")]
    print(shlex.join(command), flush=True)
    began = time.monotonic()
    process = subprocess.Popen(command)
    _, wait_status, usage = os.wait4(process.pid, 0)
    run = {"tree": tree, "command": shlex.join(command), "status": os.waitstatus_to_exitcode(wait_status),
           "seconds": round(time.monotonic() - began, 1), "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
           "peak_mb": usage.ru_maxrss // 1024}  # ru_maxrss is in KiB, getrusage(2)
    print(json.dumps(run, indent=1))
    (folder / "run.json").write_text(json.dumps(run), encoding="utf-8")
    return 0 if (folder / "report.sarif").exists() else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
