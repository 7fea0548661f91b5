# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report is valid SARIF 2.1.0."""
import json
import sys

import report

try:
    from jsonschema.validators import validator_for
except ImportError:
    sys.exit("sarif_is_valid.py needs jsonschema; on Debian: apt-get install python3-jsonschema")

found = report.read(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as text:
    schema = json.load(text)
document = json.loads(found.sarif.read_bytes().decode("utf-8"))
sys.exit(report.finish(found, (f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
                               for error in validator_for(schema)(schema).iter_errors(document))))
