# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
cp "$here/mini/early.trace" .
exits 1 report early.trace
shows "trace of mini -f" report early.trace
shows "early.so+0x20: warning: 'mini_rand' before fork [rand-before-fork]" report early.trace
exits 0 report early.trace --fail-on error
exits 0 report early.trace --rule wipe-before-fork-too
shows '"evidence":"observed"' report early.trace --format json
shows '"uri":"early.so+0x20"' report early.trace --format sarif

# Another host by name, and standard input.
exits 1 report early.trace --host mini
refuses "no host pack is called 'maxi'" report early.trace --host maxi
run report - <early.trace
[ "$status" -eq 1 ] || wrong "expected status 1"

# Several at once: each finding says in which it is.
sed 's/mini_rand/mini_wipe/; s/rand\.state/rand.wipe/' early.trace >other.trace
exits 1 report early.trace other.trace
shows "early.trace   holds" report early.trace other.trace
