# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""CPython's thread-specific value is in private memory: the same address in each worker is no hazard, and no finding."""
import sys

from traced import Traced, finish

traced = Traced(sys.argv[1])
sets = [record for record in traced.calls("pthread_setspecific")
        if any("libpython" in frame.get("object", "") for frame in record["stack"][1:2])]
mistakes = [] if sets else ["CPython sets no value"]
for record in sets:
    memory = [value.get("memory") for value in record["arguments"] if value["name"] == "value"]
    if memory not in (["heap"], ["data"], ["none"]):
        mistakes.append(f"record {record['n']}: {memory}")
mistakes += [f"{result['ruleId']}: {result['message']['text']}" for result in traced.findings
             if result["ruleId"] == "tsd-key-cleared"]
finish(mistakes)
