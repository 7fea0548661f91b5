# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A scan of the whole tree stays within its budget."""
import sys

import report

BUDGET_MB = 600

found = report.read(sys.argv[1])
print(f"peak memory {found.run['peak_mb']} MB of {BUDGET_MB}, {found.run['cpu_seconds']} s of CPU time")
sys.exit(report.finish(found, [] if found.run["peak_mb"] <= BUDGET_MB else ["over the budget"]))
