# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""child_init(rank) of tls and app_python3 in the main process, three times, and once in each worker."""
import sys

from traced import Traced, finish

traced = Traced(sys.argv[1])
workers = {record["process"] for record in traced.of("process-started", by_host=True)}
mistakes = []
for module in ["tls", "app_python3"]:
    entries = traced.of("entry-began", of=module, entry="child_init")
    in_main = [record["arguments"] for record in entries if record["process"] == 0]
    if in_main[:2] != [[-127], [0]]:
        mistakes.append(f"{module}: ranks in the main process {in_main}")
    by_worker = {record["process"]: record["arguments"] for record in entries if record["process"] != 0}
    if set(by_worker) != workers:
        mistakes.append(f"{module}: child_init() in workers {sorted(by_worker)}, forked were {sorted(workers)}")
finish(mistakes)
