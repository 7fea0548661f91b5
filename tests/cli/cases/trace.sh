# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
"$program" trace -- true >logs/out 2>logs/err || { echo "skipped: no tracing here"; cat logs/err; exit 77; }

# The exit status and the output are the command's.
exits 7 trace -- sh -c 'echo out; echo err >&2; exit 7'
[ "$(cat logs/out)" = out ] || wrong "expected the command's output"
grep -qx err logs/err || wrong "expected the command's errors"
grep -q '^trace of sh -c' logs/err || wrong "expected the verdict"
exits 143 trace -- sh -c 'kill -TERM $$'
exits 0 trace --fail-on note -- true
exits 3 trace --fail-on note -- sh -c 'exit 3'

# The command's own options need the --, and only the first one counts.
shows "-x -- -y" trace -- echo -x -- -y
exits 0 trace true

# The trace can be reported again.
exits 0 trace -o t -- true
exits 0 report t
shows "trace of true" report t
shows "all processes ended" report t

# In other words, if asked to.
run trace --format json -- true
grep -q '"evidence":"observed"' logs/err || wrong "expected JSON"
