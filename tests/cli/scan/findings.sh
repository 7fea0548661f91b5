# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
exits 1 scan tree
shows "modules/early/early.c:7:" scan tree
shows "[rand-before-fork]" scan tree
exits 0 scan tree --fail-on error
exits 0 scan tree --fail-on never
exits 1 scan tree --rule wipe-before-fork-too --fail-on note
exits 0 scan tree --rule wipe-before-fork-too
[ ! -s logs/err ] || wrong "expected nothing on standard error"
