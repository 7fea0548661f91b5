# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A connection that only workers keep is not reported."""
import sys

import report

SILENT = {
    # child_init opens only `if (rank > 0)`; what mod_init opens to check a table's version, or to load it, it closes.
    "src/modules/domainpolicy/domainpolicy.c",
    "src/modules/uid_domain/uid_domain_mod.c",
    # child_init returns first for PROC_INIT, PROC_MAIN and PROC_TCP_MAIN.
    "src/modules/alias_db/alias_db.c",
    "src/modules/siptrace/siptrace.c",
    "src/modules/speeddial/speeddial.c",
}

found = report.read(sys.argv[1])
missing = [f"{file} is not in the tree" for file in SILENT if not (report.pathlib.Path(found.run["tree"]) / file).exists()]
reported = [f"reported: {one}" for one in found.results if one.rule == "connection-before-fork" and one.at.file in SILENT]
sys.exit(report.finish(found, missing + reported))
