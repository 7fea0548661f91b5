# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is wrong with a JSON report of inspect, by its schema."""
import functools
import json
import pathlib

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "tracer/inspect/inspect-schema-1.json"


@functools.cache
def validator():
    from jsonschema import Draft202012Validator

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def mistakes(report):
    """One text for each; none if jsonschema is not there (the schema's own test says that)."""
    try:
        return [f"schema: {error.json_path}: {error.message[:200]}" for error in validator().iter_errors(report)]
    except ImportError:
        return []
