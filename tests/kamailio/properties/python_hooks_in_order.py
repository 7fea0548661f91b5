# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Python is initialised in mod_init, then PyOS_BeforeFork in the main process, then PyOS_AfterFork_Child in each worker."""
import sys

from traced import Traced, finish

traced = Traced(sys.argv[1])
calls = [record for record in traced.records if record["kind"] == "called" and record["function"].startswith("Py")]
first = {}
for record in calls:
    first.setdefault((record["function"], record["process"]), record["n"])
mistakes = []
initialised, before = first.get(("Py_Initialize", 0)), first.get(("PyOS_BeforeFork", 0))
if initialised is None or before is None or initialised > before:
    mistakes.append(f"Py_Initialize is record {initialised}, PyOS_BeforeFork {before}")
for worker in traced.of("process-started", by_host=True):
    after = first.get(("PyOS_AfterFork_Child", worker["process"]))
    if after is None or after < before:
        mistakes.append(f"PyOS_AfterFork_Child in process {worker['process']} is record {after}")
finish(mistakes)
