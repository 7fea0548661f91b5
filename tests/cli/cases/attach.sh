# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
sleep 1000 &
server=$!
trap 'kill $server; rm -rf "$folder"' EXIT
"$program" attach --for 1 $server >logs/out 2>logs/err || { echo "skipped: no tracing here"; cat logs/err; exit 77; }

# What it holds, then what it did; the process goes on.
exits 0 attach -o t --for 1 $server
grep -q "^trace of sleep 1000" logs/out || wrong "expected the verdict"
grep -q "0 findings since the attach" logs/out || wrong "expected to be told since when"
grep -q "cannot tell what the server did before" logs/out || wrong "expected to be told what is not known"
grep -q '"how":"attached"' t || wrong "expected how it began in the trace"
grep -q "^TracerPid:.0$" /proc/$server/status || wrong "expected that it is let go"

# The trace can be reported again.
exits 0 report t
shows "0 findings since the attach" report t

run attach --for 1 --format json $server
grep -q '"evidence":"observed"' logs/out || wrong "expected JSON"
grep -q '"servers"' logs/out || wrong "expected what was found before the trace"
