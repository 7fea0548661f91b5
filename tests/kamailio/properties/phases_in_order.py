# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The phases of the start, as main() has them."""
import sys

from traced import Traced, finish

EXPECTED = ["load", "modparam", "tls-pre-init", "mod-init", "tls-init", "fix-routes", "child-init-main", "fork",
            "child-init-proc-main", "fork-tcp", "post-fork"]
phases = [record["opens"] for record in Traced(sys.argv[1]).of("phase-began", process_=0)]
order = [phase for phase in dict.fromkeys(phases) if phase in EXPECTED]
finish([] if order == EXPECTED else [f"{order}, expected {EXPECTED}"])
