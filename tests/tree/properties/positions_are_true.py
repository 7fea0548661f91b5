# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every place of every finding exists, and its line holds the name that the report says is there."""
import re
import sys

import macros
import report


def words(line):
    return set(re.findall(r"[A-Za-z_]\w*", line.replace("-l", " ")))


def parameter(found, step, number):
    """The words of a parameter, the first being 1, of the function that the step stands in."""
    before = "\n".join(found.lines(step.file)[:step.line])
    *_, head = re.finditer(rf"\b{step.function}\s*\(", before)
    depth, now, there = 1, 1, ""
    for letter in before[head.end():]:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        now += letter == "," and depth == 1
        if depth == 0:
            return sorted(words(there))
        if now == number:
            there += letter
    return []


def names(found, step):
    """What the line may hold of a step: the function, or the field or parameter that it is called through."""
    if match := re.search(r"through the function passed as argument (\d+)", step.text):
        return parameter(found, step, int(match[1]))
    if match := re.search(r"calls (?:\w+\.)*(\w+)\(\)(?: through (?:\S+\.)?(\w+))?", step.text):
        return [name for name in match.groups() if name]
    if match := re.match(r"(\w+)\(\)", step.text):  # an entry, at its definition
        return [match[1]]
    return []


def is_there(found, known, step, wanted):
    line = found.line(step)
    if line is None:
        return False
    there = words(line)
    return not wanted or any(name in there or known.expanding_to(name) & there for name in wanted)


def mistakes(found, known):
    for one in found.results:
        call = one.call.removeprefix("-l").split(".")[-1]  # of db_func_t.init, or of -lNAME in a Makefile
        if not is_there(found, known, one.at, [call]):
            yield f"{one}: the line is: {found.line(one.at)}"
        for step in {str(step): step for flow in one.flows for step in flow.steps}.values():
            if not is_there(found, known, step, names(found, step)):
                yield f"{one}: step [{step}], the line is: {found.line(step)}"


found = report.read(sys.argv[1])
sys.exit(report.finish(found, mistakes(found, macros.Macros(found.run["tree"]))))
