# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The trace says when the server is up: after the last worker's child_init."""
import sys

from traced import Traced, finish

traced = Traced(sys.argv[1])
up = traced.of("came-up")
last = max((record["n"] for record in traced.of("entry-began", entry="child_init")), default=0)
finish([] if len(up) == 1 and up[0]["n"] > last else [f"up: {[record['n'] for record in up]}, last child_init: {last}"])
