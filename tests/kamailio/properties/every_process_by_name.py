# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each worker is in the trace, with the name that the server itself gives it, and its end."""
import re
import sys

from traced import Traced, finish

traced = Traced(sys.argv[1])
started = traced.of("process-started", by_host=True)
names = {record["process"]: record["name"] for record in traced.of("process-named")}
ended = {record["process"] for record in traced.of("process-ended")}
mistakes = [f"process {record['process']} has no name" for record in started if record["process"] not in names]
mistakes += [f"process {record['process']} has no end" for record in started if record["process"] not in ended]
for pattern, count in {"udp receiver child=": 5, "tcp receiver": 1, "tcp main": 1, ".*timer": 3}.items():
    found = [name for name in names.values() if re.match(pattern, name)]
    if len(found) < count:
        mistakes.append(f"{len(found)} processes are called {pattern}…, expected {count}: {sorted(names.values())}")
finish(mistakes)
