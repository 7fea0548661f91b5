# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""OpenSSL's thread state, made on the main thread before the fork in shared memory, is a finding with a stack into libcrypto."""
import sys

from traced import Traced, finish, objects

traced = Traced(sys.argv[1])
mistakes = []
found = [result for result in traced.findings if result["ruleId"] == "openssl-state-before-fork"]
if not any("kamailio" in str(result["locations"]) or "tls.so" in str(result) for result in found):
    mistakes.append(f"no openssl-state-before-fork; found: {[result['ruleId'] for result in traced.findings]}")
made = [record for record in traced.calls("CRYPTO_THREAD_set_local", process_=0)
        if "openssl.thread-state.create" in record.get("effects", [])]
shared = [record for record in made
          if any(value["name"] == "value" and value.get("memory") == "shared" for value in record["arguments"])]
if not shared:
    mistakes.append("no thread state in shared memory")
for record in shared:
    if "kamailio" not in objects(record) or "libcrypto.so.3" not in objects(record):
        mistakes.append(f"an incomplete stack: {objects(record)}")
finish(mistakes)
