# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What scan.py left, read once and decoded from SARIF into plain values."""
import dataclasses
import functools
import json
import pathlib
import re
import sys
import urllib.parse


@dataclasses.dataclass
class Step:
    file: str
    line: int
    function: str  # the one that the line stands in; empty outside of functions
    text: str

    def __str__(self):
        return f"{self.file}:{self.line} in {self.function}: {self.text}"


@dataclasses.dataclass
class Flow:
    phase: str
    module: str
    related: bool  # of an event that goes with the finding, not of the finding's own
    steps: list


@dataclasses.dataclass
class Result:
    rule: str
    call: str
    at: Step
    flows: list

    def __str__(self):
        return f"{self.at.file}:{self.at.line}: {self.call} [{self.rule}]"


@dataclasses.dataclass
class Report:
    run: dict
    results: list
    sarif: pathlib.Path

    @functools.cache
    def lines(self, file):
        path = pathlib.Path(self.run["tree"], file)
        return path.read_text(encoding="utf-8", errors="replace").split("\n")

    def line(self, step):
        """The source line of a step; none if there is no such line."""
        try:
            lines = self.lines(step.file)
        except OSError:
            return None
        return lines[step.line - 1] if 0 < step.line <= len(lines) else None

    __hash__ = object.__hash__


def step(location):
    place = location["physicalLocation"]
    functions = [one["name"] for one in location.get("logicalLocations", [])]
    return Step(urllib.parse.unquote(place["artifactLocation"]["uri"]), place["region"]["startLine"],
                functions[0] if functions else "", location.get("message", {}).get("text", ""))


def flow(code_flow):
    text = code_flow["message"]["text"]
    place = re.match(r"(?:related: )?(\S+) of (?:the )?([^,]+)", text)
    steps = [step(one["location"]) for one in code_flow["threadFlows"][0]["locations"]]
    return Flow(place[1] if place else "", place[2] if place else "", text.startswith("related: "), steps)


def result(one):
    return Result(one["ruleId"], one["properties"]["call"], step(one["locations"][0]),
                  [flow(each) for each in one.get("codeFlows", [])])


def read(folder):
    folder = pathlib.Path(folder)
    if not (folder / "run.json").exists():
        print("skipped: there was no scan; see tree.scan")
        sys.exit(77)
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    sarif = folder / "report.sarif"
    results = json.loads(sarif.read_text(encoding="utf-8"))["runs"][0]["results"]
    return Report(run, [result(one) for one in results], sarif)


def finish(report, mistakes):
    """Prints what is wrong, with the command that repeats it; the exit status."""
    mistakes = list(mistakes)
    if mistakes:
        print(report.run["command"])
        print(*mistakes[:30], sep="\n")
        print(f"{len(mistakes)} mistakes")
    return 1 if mistakes else 0
