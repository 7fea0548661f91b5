#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Scans one fixture and compares the findings with what its comments expect.

usage: run_fixture.py INITORDER FIXTURE [--keep FOLDER]

A fixture is a small server: the files of host/, and the fixture as modules/<name>/<name>.c. It may have sections:

    // module: NAME              what follows is modules/NAME/NAME.c
    // file: PATH                what follows is this file of the tree

Line numbers stay those of the fixture. Anywhere:

    // run: ARGUMENTS            of `initorder scan`
    // use: NAME                 modules/tls/tls.c is host/optional/NAME.c

At the end of a line, or alone on the line before (in a Makefile with # for //):

    // expect: RULE ["TEXT"] [if "TEXT"] [not if "TEXT"] [when SCENARIO]   a finding stands here: always; its message holds TEXT
    // expect-maybe: …                                     the same, with certainty maybe
    // expect-path: "TEXT"       a step of some finding's path stands here, and its text holds TEXT
    // expect-caveat: "TEXT"     a caveat stands here

`if` is a part of one of the finding's conditions, `not if` of none. `when a=1,b=x or a=2?` are the scenarios in which the finding holds
or (with ?, and where it is expect-maybe) cannot be told; without it, the answer is the same in every scenario. A finding that no comment expects is a failure. known-failures.txt names the
fixtures that the analyzer does not get right yet: they are skipped (status 77), and fail when they pass.
"""
import itertools
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

BOUND_SECONDS = 60
SKIPPED = 77
HERE = pathlib.Path(__file__).resolve().parent
MARK = r"(?://|#|/\*)\s*"
SECTION = re.compile(rf"^{MARK}(module|file):\s*(\S+)")
SETTING = re.compile(rf"^{MARK}(run|use):\s*(.*?)\s*(?:\*/)?$")
EXPECTATION = re.compile(r"(expect(?:-maybe|-path|-caveat)?):\s*(.*?)\s*(?=,\s*expect|\*/|$)")
DETAILS = re.compile(r'^(?:([a-z][a-z0-9-]*)\s*)?(?:"([^"]*)"\s*)?(?:if\s+"([^"]*)"\s*)?(?:not\s+if\s+"([^"]*)"\s*)?'
                     r'(?:when\s+(.*))?$')


class Expectation:
    def __init__(self, kind, details, line):
        parts = DETAILS.match(details)
        if not parts or (kind in ("expect", "expect-maybe")) != bool(parts[1]):
            raise SystemExit(f"line {line}: cannot read '{kind}: {details}'")
        self.kind, self.line, self.said = kind, line, f"{kind}: {details}"
        self.rule, self.text, self.condition, self.no_condition = parts[1], parts[2] or "", parts[3], parts[4]
        self.scenarios = sorted(one.replace(" ", "") for one in (parts[5] or "").split(" or ") if one)

    def is_finding(self, finding):
        return (finding["rule"] == self.rule and finding["site"]["line"] == self.line
                and self.text in finding["message"])

    def wrong_with(self, finding):
        """What is not as expected, of a finding that is the expected one by its rule and place."""
        certainty = "maybe" if self.kind == "expect-maybe" else "always"
        if finding["certainty"] != certainty:
            yield f"its certainty is {finding['certainty']}"
        conditions = [text for event in finding["events"] for text in event["conditions"]]
        if self.condition is not None and not any(self.condition in text for text in conditions):
            yield f"its conditions are {conditions}"
        if self.no_condition is not None and any(self.no_condition in text for text in conditions):
            yield f"{self.no_condition} is one of its conditions: {conditions}"
        if self.told(finding["scenarios"]) != told_by(finding["scenarios"]):
            yield f"its scenarios are {' or '.join(scenario_texts(finding['scenarios'])) or 'all'}"

    def told(self, table):
        """The scenarios that the comment names, each with all variables of the table, and their answers."""
        answers = {}
        for text in self.scenarios:
            values = {name: [value] for name, value in (part.split("=") for part in text.rstrip("?").split(","))}
            for scenario in every_scenario(values, table):
                answers[scenario] = "cannot-tell" if text.endswith("?") or self.kind == "expect-maybe" else "holds"
        return answers


def every_scenario(values, table):
    """Each scenario with these values, and any value of a variable that is in the table alone."""
    axes = {}
    for row in table:
        for name, known in row["values"].items():
            axes[name] = sorted({*axes.get(name, []), *known})
    axes |= values
    return [tuple(sorted(zip(axes, choice))) for choice in itertools.product(*axes.values())]


def told_by(table):
    return {scenario: row["answer"] for row in table if row["answer"] != "does-not"
            for scenario in every_scenario(row["values"], table)}


def scenario_texts(table):
    return [",".join(f"{name}={'|'.join(values)}" for name, values in row["values"].items())
            + ("?" if row["answer"] == "cannot-tell" else "") for row in table if row["answer"] != "does-not"]


class Fixture:
    """The tree that a fixture stands for, and what its comments say."""

    def __init__(self, path):
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.arguments, self.tls, self.expectations = [], None, []
        self.files = {}
        name = path.stem.replace("-", "_")
        sections = any(SECTION.match(line) for line in self.lines)
        target = None if sections else f"modules/{name}/{name}.c"
        waiting = []
        for number, line in enumerate(self.lines, 1):
            if match := SECTION.match(line):
                target = f"modules/{match[2]}/{match[2]}.c" if match[1] == "module" else match[2]
            elif match := SETTING.match(line):
                self.set(match[1], match[2])
            alone = re.match(rf"^\s*{MARK}expect", line)
            found = self.expectations_in(line, number + 1 if alone else number)
            if alone:
                waiting += found
            else:
                for expectation in waiting:
                    expectation.line = number
                self.expectations += waiting + found
                waiting = []
            if target:
                # An empty line for each line of another section keeps the numbers.
                text = self.files.setdefault(target, [""] * (number - 1))
                text.append("" if SECTION.match(line) else line)
        if waiting:
            raise SystemExit(f"line {waiting[0].line}: expected of a line that is not there")

    def set(self, name, value):
        if name == "run":
            self.arguments += shlex.split(value)
        else:
            self.tls = value

    @staticmethod
    def expectations_in(line, number):
        start = re.search(rf"{MARK}expect", line)
        if not start:
            return []
        return [Expectation(kind, details, number) for kind, details in EXPECTATION.findall(line[start.start():])]

    def write(self, root):
        shutil.copytree(HERE / "host", root, ignore=shutil.ignore_patterns("optional", "mini.yaml"))
        if self.tls:
            shutil.copy(HERE / "host/optional" / f"{self.tls}.c", root / "modules/tls/tls.c")
        for relative, lines in self.files.items():
            file = root / relative
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def describe(finding):
    site = finding["site"]
    when = " or ".join(scenario_texts(finding["scenarios"])) or "always"
    return (f"{site['file']}:{site['line']}: {finding['certainty']}, {finding['rule']}: {finding['message']}\n"
            f"    when {when}; " + " > ".join(f"{step['function']}:{step['at']['line']} {step['text']}"
                                            for step in finding["events"][0]["path"])
            + "".join(f"\n    if {text}" for text in finding["events"][0]["conditions"]))


def mistakes(fixture, report):
    findings = [finding for finding in report["findings"]]
    unexpected = list(findings)
    inside = lambda place: place["file"] in fixture.files
    for expectation in fixture.expectations:
        if expectation.rule:
            matching = [one for one in findings if inside(one["site"]) and expectation.is_finding(one)]
            if not matching:
                yield f"line {expectation.line}: not found: {expectation.said}"
            for finding in matching:
                if finding in unexpected:
                    unexpected.remove(finding)
                for wrong in expectation.wrong_with(finding):
                    yield f"line {expectation.line}: {expectation.said}: {wrong}"
            continue
        if expectation.kind == "expect-path":
            texts = [step["text"] for finding in findings for event in finding["events"] for step in event["path"]
                     if inside(step["at"]) and step["at"]["line"] == expectation.line]
        else:
            texts = [caveat["what"] for caveat in report["caveats"]
                     if inside(caveat["at"]) and caveat["at"]["line"] == expectation.line]
        if not any(expectation.text in text for text in texts):
            yield f"line {expectation.line}: not found: {expectation.said} (here: {texts})"
    for finding in unexpected:
        yield f"not expected: {describe(finding)}"


def scan(initorder, fixture, folder):
    root, output = folder / "tree", folder / "report.json"
    fixture.write(root)
    command = [initorder, "scan", str(root), "--pack", str(HERE / "host/mini.yaml"), "--host", "mini", "--format",
               "json", "-o", str(output), "-q", "--fail-on", "never", "--jobs", "1", *fixture.arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BOUND_SECONDS, check=False)
    if done.returncode != 0:
        raise SystemExit(f"exit status {done.returncode}: {shlex.join(command)}\n{done.stderr}")
    return json.loads(output.read_text(encoding="utf-8"))


def known_failures():
    lines = (HERE / "known-failures.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split(None, 1) for line in lines if line and not line.startswith("#"))


def main(initorder, path, *keep):
    path = pathlib.Path(path).resolve()
    fixture = Fixture(path)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(keep[1]) if keep else pathlib.Path(temporary)
        wrong = list(mistakes(fixture, scan(initorder, fixture, folder)))
    name = f"{path.parent.name}/{path.stem}"
    known = known_failures().get(name)
    if wrong:
        print(f"{name}:", *wrong, sep="\n")
        print("once more:", shlex.join([sys.argv[0], initorder, str(path)]))
    if known:
        print(f"known failure: {known}" if wrong else f"{name} passes now: take it out of known-failures.txt")
        return SKIPPED if wrong else 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
