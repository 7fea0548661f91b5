# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
refuses "FILE is required" report
refuses "missing: cannot be read: No such file or directory" report missing
refuses "tree: cannot be read: Is a directory" report tree
refuses "tree/main.c: is no trace of initorder" report tree/main.c

# A mistake is named by its line; what was cut off is said.
sed '3s/.*/{"n":2}/' "$here/mini/early.trace" >broken.trace
refuses "broken.trace:3: is no record of a trace: 'at-ns' is missing" report broken.trace
head -c 800 "$here/mini/early.trace" >short.trace
exits 1 report short.trace
shows "cut off in the middle of its last line" report short.trace
