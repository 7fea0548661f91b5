# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The traced server answers each request, and ends as the untraced one does."""
import sys

from traced import Traced, finish

run = Traced(sys.argv[1]).run
mistakes = []
if not run["traced"]["up"] or run["traced"]["answered"] != run["requests"]:
    mistakes.append(f"answered {run['traced']['answered']} of {run['requests']}, up: {run['traced']['up']}")
if run["traced"]["status"] != run["untraced"]["status"]:
    mistakes.append(f"exit status {run['traced']['status']}, untraced {run['untraced']['status']}")
finish(mistakes)
