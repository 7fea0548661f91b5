# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Findings mean exit status 1."""
import sys

import report

found = report.read(sys.argv[1])
sys.exit(report.finish(found, [] if found.run["status"] == 1 and found.results
                       else [f"status {found.run['status']} with {len(found.results)} findings"]))
