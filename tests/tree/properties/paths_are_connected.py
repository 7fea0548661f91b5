# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A step that calls a function is followed by one that stands in it; the last one makes the finding's call."""
import re
import sys

import report


def called(step):
    """The function that a step goes into; none for an entry or a call out of the tree."""
    match = re.search(r"calls (?:\w+\.)?(\w+)\(\)", step.text)
    return match[1] if match else None


def mistakes(found):
    for one in found.results:
        for flow in one.flows:
            # The core's call that opens a phase does not name the module's function.
            for step, following in zip(flow.steps, flow.steps[1:]):
                if step.text.startswith("phase "):
                    continue
                if called(step) and called(step) != following.function:
                    yield f"{one}: after [{step}] stands [{following}]"
            last = flow.steps[-1]
            if not flow.related and (last.file, last.line) != (one.at.file, one.at.line):
                yield f"{one}: a path ends at {last}"


found = report.read(sys.argv[1])
sys.exit(report.finish(found, mistakes(found)))
