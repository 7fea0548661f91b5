# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
# The file is there when the report is complete, and is the same report.
exits 1 scan tree --format sarif -o report.sarif
[ ! -s logs/out ] || wrong "expected nothing on standard output"
grep -q '"version":"2.1.0"' report.sarif || wrong "expected SARIF in report.sarif"
[ "$(ls -A)" = "$(printf 'logs\nreport.sarif\ntree')" ] || wrong "something was left behind: $(ls -A)"

# Nothing is said when nothing is to be said.
exits 1 scan tree --quiet -o report.txt
[ ! -s logs/err ] || wrong "expected nothing on standard error"
