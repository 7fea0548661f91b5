# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "missing/report: cannot be written" scan tree -o missing/report
refuses "tree: is a folder" scan tree -o tree
[ "$(ls -A)" = "$(printf 'logs\ntree')" ] || wrong "something was left behind: $(ls -A)"

# What was there stays when the scan fails.
mkdir empty
echo precious >report
refuses "empty" scan empty -o report
[ "$(cat report)" = precious ] || wrong "the old report is gone"
[ "$(ls -A)" = "$(printf 'empty\nlogs\nreport\ntree')" ] || wrong "something was left behind: $(ls -A)"
