# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The running server, found by the pid of a worker: OpenSSL's values in shared memory, each with all processes, CPython's
key left alone, within a tenth of a second; and it serves TLS as before."""
import json
import pathlib
import sys

from server import PROCESSES
from traced import finish

folder = pathlib.Path(sys.argv[1])
run = json.loads((folder / "run.json").read_text(encoding="utf-8"))["untraced"]
report = json.loads((folder / "inspect.json").read_text(encoding="utf-8"))
server = report["servers"][0]
keys = {key["key"]: key for key in server["keys"]}
named = {key["name"]: key for key in server["keys"]}
mistakes = []
if sorted(process["pid"] for process in server["processes"]) != sorted(run["inspect"]["family"]):
    mistakes.append("another family than the server's")
for name in ("error queue (ERR_STATE)", "list of what the thread frees at its end"):
    if name not in named or len(named[name]["sharers"]) != PROCESSES or named[name]["owner"] != "libcrypto.so.3":
        mistakes.append(f"{name}: {named.get(name)}")
if sorted(number for number, key in keys.items() if key["sharers"]) != [0, 3]:
    mistakes.append(f"shared: {[number for number, key in keys.items() if key['sharers']]}, not 0 and 3")
if "thread state" not in named or named["thread state"]["without"] or not named["thread state"]["owner"].startswith("libpython"):
    mistakes.append(f"CPython's key: {named.get('thread state')}")
if {finding["rule"] for finding in report["findings"]} != {"openssl-state-before-fork"} or run["inspect"]["status"] != 1:
    mistakes.append(f"findings: {[finding['message'] for finding in report['findings']]}, status {run['inspect']['status']}")
if report["caveats"]:
    mistakes.append(f"cannot tell: {report['caveats']}")
if server["took_ms"] >= 100:
    mistakes.append(f"took {server['took_ms']} ms")
if run["by_tls"] != run["by_tls_after"] or run["by_tls"] == 0:
    mistakes.append(f"answered {run['by_tls']} before, {run['by_tls_after']} after")
finish(mistakes)
