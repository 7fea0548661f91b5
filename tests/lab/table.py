#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of README.md: each setting of runs.ini, and what is predicted, real, traced and inspected of it. The columns are
what the tests of the row ask for; here they must agree with each other.

usage: table.py --check | --write
"""
import configparser
import pathlib
import re
import shlex
import sys

LAB = pathlib.Path(__file__).resolve().parent
BEGIN, END = "<!-- table -->\n", "<!-- end of table -->\n"
STATUS = {"0": "up", "1": "no start", "3": "a worker died", "4": "workers hang", "134": "aborted"}


def read_rows():
    rows = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    rows.optionxform = str
    rows.read(LAB / "runs.ini", encoding="utf-8")
    return rows


def entries(row, key):
    return [line.strip() for line in row.get(key, "").splitlines() if line.strip()]


def rules(found):
    """Each rule once, in order."""
    return list(dict.fromkeys(entry.split()[0] for entry in found))


def setting(labd):
    """The command line without its questions: 'tls, rand; tls_threads_mode=1'."""
    words = shlex.split(labd)
    pairs = list(zip(words, words[1:]))
    loads = [value for name, value in pairs if name == "--load"]
    sets = [value for name, value in pairs if name in ("--set", "--param")] + [word[2:] for word in words if word == "--daemonize"]
    return "; ".join(part for part in (", ".join(loads), " ".join(sets)) if part)


def real(row):
    seen = [f"{key} {value}" for key, value in row.items() if re.match(r"\w+\.", key)]
    return "; ".join([STATUS[row["status"]], *seen])


def predicted(row):
    quiet = set(entries(row, "quiet"))
    shown = rules(entry for entry in entries(row, "predicted") if entry not in quiet)
    others = [rule for rule in rules(entries(row, "predicted")) if rule not in shown]
    return ", ".join([*shown, *(f"({rule})" for rule in others)])


def disagreements(rows):
    """A row shows harm exactly where something is predicted that is not quiet."""
    for name in rows.sections():
        row = rows[name]
        loud = [entry for entry in entries(row, "predicted") if entry not in entries(row, "quiet")]
        if loud and row.get("harmless") == "yes":
            yield f"[{name}] is harmless, and predicted is {loud}"
        if not loud and row.get("harmless") != "yes":
            yield f"[{name}] shows harm, and nothing is predicted"


def cells(name, row):
    inspected = rules(entry for entry in entries(row, "inspected") if not entry.startswith("stuck"))
    stuck = [entry for entry in entries(row, "inspected") if entry.startswith("stuck")]
    return [f"`{name}`", setting(row["labd"]), predicted(row), real(row), ", ".join(rules(entries(row, "traced"))),
            ", ".join([*inspected, *("stuck" for _ in stuck)])]


def table(rows):
    lines = ["| test | setting | predicted | real | traced | inspected |", "|---|---|---|---|---|---|"]
    lines += [f"| {' | '.join(cell or '-' for cell in cells(name, rows[name]))} |" for name in rows.sections()]
    return "\n".join(lines) + "\n"


def main(mode):
    rows, readme = read_rows(), LAB / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    wanted = before + BEGIN + table(rows) + END + rest.split(END)[1]
    if mode == "--write":
        readme.write_text(wanted, encoding="utf-8")
        text = wanted
    wrong = list(disagreements(rows))
    if text != wanted:
        wrong.append("README.md is stale: tests/lab/table.py --write")
    if wrong:
        print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["--check"], ["--write"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
