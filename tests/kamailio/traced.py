# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What run.py left, for the tests beside it."""
import json
import pathlib
import sys


class Traced:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        self.records = [json.loads(line) for line in (folder / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
        sarif = json.loads((folder / "report.sarif").read_text(encoding="utf-8"))
        self.findings = sarif["runs"][0]["results"]

    def of(self, kind, **fields):
        """Records of a kind whose members have these values; process_ for a member `process`, and so on."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in fields.items()}
        return [record for record in self.records
                if record["kind"] == kind and all(record.get(name) == value for name, value in wanted.items())]

    def calls(self, function, **fields):
        return self.of("called", function=function, **fields)


def objects(record):
    """The files on a call's stack, innermost first, by their base names."""
    return [pathlib.Path(frame.get("object", "")).name for frame in record["stack"]]


def finish(mistakes):
    for mistake in mistakes:
        print(mistake)
    sys.exit(1 if mistakes else 0)
