#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Validates the JSON on standard input against a schema. Exit status 0: valid."""
import json
import sys

try:
    from jsonschema.validators import validator_for
except ImportError:
    sys.exit("validate.py needs jsonschema; on Debian: apt-get install python3-jsonschema")

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
document = json.loads(sys.stdin.buffer.read().decode("utf-8"))  # strict: invalid UTF-8 is an error
errors = list(validator_for(schema)(schema).iter_errors(document))
for error in errors[:10]:
    print("/".join(str(part) for part in error.absolute_path), error.message[:300], sep=": ")
sys.exit(1 if errors else 0)
