# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every finding has a path, and every path begins in the core or at an entry point of the phase's module."""
import re
import sys

import report


def is_entry(flow):
    first = flow.steps[0]
    in_core = re.match(r"src/(main\.c$|core/)", first.file)
    in_module = first.file.startswith(f"src/modules/{flow.module}/") and " is module_exports." in first.text
    return bool(in_core or in_module)


def mistakes(found):
    for one in found.results:
        if not any(not flow.related for flow in one.flows):
            yield f"{one} has no path"
        for flow in one.flows:
            if not is_entry(flow):
                yield f"{one}: a path of {flow.phase} of {flow.module} begins at {flow.steps[0]}"


found = report.read(sys.argv[1])
sys.exit(report.finish(found, mistakes(found)))
