#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Validates each line of a trace on standard input against the trace schema. Exit status 0: all are valid.

usage: validate_lines.py SCHEMA [--refuses]

With --refuses the schema must refuse each line, once it has lost a member, gained one, or has another kind.
"""
import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    sys.exit("validate_lines.py needs jsonschema; on Debian: apt-get install python3-jsonschema")


def broken(record):
    """Records that are wrong in one way each."""
    for name in ("n", "at-ns", "process", "thread", "kind"):
        yield {key: value for key, value in record.items() if key != name}
    yield {**record, "surprise": 1}
    yield {**record, "kind": "dance"}
    yield {**record, "process": -1}


with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
wrong = 0
records = [json.loads(line) for line in sys.stdin.buffer.read().decode("utf-8").splitlines()]
for number, record in enumerate(records, 1):
    if "--refuses" in sys.argv:
        bad = [other for other in broken(record) if validator.is_valid(other)]
    else:
        bad = [error.message[:300] for error in validator.iter_errors(record)]
    for what in bad[:3]:
        print(f"line {number}: {what}")
    wrong += len(bad)
print(f"{len(records)} lines, {wrong} wrong")
sys.exit(1 if wrong or not records else 0)
