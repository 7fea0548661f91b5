# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Stripped modules: each mod_init() is there by name, in loadmodule order, and returned 0."""
import sys

from server import MODULES
from traced import Traced, finish

traced = Traced(sys.argv[1])
began = [record["of"] for record in traced.of("entry-began", entry="mod_init")]
results = {record["of"]: record.get("result") for record in traced.of("entry-ended", entry="mod_init")}
mistakes = [] if began == MODULES else [f"mod_init order {began}, expected {MODULES}"]
mistakes += [f"mod_init of {module} returned {results.get(module)}" for module in MODULES if results.get(module) != 0]
finish(mistakes)
