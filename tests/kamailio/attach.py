#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attaches to Debian's Kamailio under load again and again, lets go of it, is killed: no process and no request is lost,
and the code is that of the files. For a thousand rounds: --rounds 1000 --kills 300 --launches 100.

usage: attach.py INITORDER FOLDER [--rounds N] [--kills N] [--launches N] [--seed N]

Status 77: Kamailio is not installed.
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import sys

from attached import Load, Orphan, run_until, wrong_with
from server import PROCESSES, Server

OFTEN = 10  # rounds, after which all code is compared


def rounds(initorder, server, family, count, how, what):
    """Rounds of attaching to any process of the server until a random number of records; `how` ends it."""
    for number in range(1, count + 1):
        records = random.randint(1, 20)
        written, ended, said = run_until([initorder, "attach", str(random.choice(family)), "--format", "json", "--fail-on", "never"],
                                         records, how, server.folder / "fifo")
        wrong = wrong_with(family, number % OFTEN == 0 or number == count)
        if written < records:
            wrong.append(f"{written} records, {records} were waited for; status {ended}: {said}")
        if server.family() != family:
            wrong.append(f"the family was {family}, is {server.family()}")
        if wrong:
            return [f"{what}, round {number}:", *wrong]
        if number % (10 * OFTEN) == 0:
            print(f"{what}: {number}", flush=True)
    return []


def launches(initorder, server, count):
    """Starts of the server whose tracer is killed somewhere on the way: each comes up, and answers."""
    for number in range(1, count + 1):
        records = random.randint(3, 400)
        (server.folder / "pid").unlink(missing_ok=True)
        written, ended, said = run_until([initorder, "trace", "--format", "json", "--", *server.command], records, signal.SIGKILL,
                                         server.folder / "fifo")
        server.process = Orphan(os.getpid())  # until it has written its file
        came_up = ended == -signal.SIGKILL and server.answers() and server.up(PROCESSES)
        family = server.family() if came_up else []
        wrong = wrong_with(family) if came_up else [f"after {written} of {records} records: status {ended}, it did not come up: {said}"]
        if not wrong:
            server.process = Orphan(family[0])
            server.stop()
            continue
        return [f"killed while it started, round {number}:", *wrong]
    return []


def main():
    options = argparse.ArgumentParser()
    options.add_argument("initorder")
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--kills", type=int, default=25)
    options.add_argument("--launches", type=int, default=5)
    options.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = options.parse_args()
    if not shutil.which("kamailio"):
        print("skipped: no kamailio in PATH; ./check installs Debian's")
        return 77
    random.seed(options.seed)
    print(f"seed {options.seed}")
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    server = Server(options.folder)
    server.start()
    wrong = [] if server.answers() and server.up(PROCESSES) else ["it did not come up"]
    family = sorted(server.family())
    with Load(server) as load:
        wrong = wrong or rounds(options.initorder, server, family, options.rounds, signal.SIGTERM, "let go")
        wrong = wrong or rounds(options.initorder, server, family, options.kills, signal.SIGKILL, "killed")
    print(dict(load.counts), f"worst {load.worst * 1000:.1f} ms")
    if load.counts["lost"] or load.counts["lost by tls"]:
        wrong.append("requests were lost")
    if server.stop() != 0:
        wrong.append("it did not end as it should")
    wrong = wrong or launches(options.initorder, server, options.launches)
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
