# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
"$program" trace -- true >logs/out 2>logs/err || { echo "skipped: no tracing here"; cat logs/err; exit 77; }
# A full disk under the trace is said once; the command goes on, and is judged.
exits 5 trace -o /dev/full -- sh -c 'echo on; exit 5'
[ "$(cat logs/out)" = on ] || wrong "expected the command's output"
[ "$(grep -c '/dev/full: cannot be written any more' logs/err)" -eq 1 ] || wrong "expected it once"
grep -q '^trace of sh' logs/err || wrong "expected the verdict"
