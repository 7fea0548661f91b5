# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
# Alone in its folder: the scan is listed, and said to be another package.
mkdir alone
cp "$program" alone/initorder
program=./alone/initorder
shows "  scan " --help
refuses "initorder-analyzer" scan tree
refuses "initorder-analyzer" scan --help
printf '#!/bin/sh\necho "it has $# words: $*"\nexit 3\n' >alone/initorder-scan
refuses "cannot be run: Permission denied" scan tree
# It becomes what stands beside it, whose status is its own.
chmod 755 alone/initorder-scan
exits 3 scan tree --jobs 2
shows "it has 4 words: scan tree --jobs 2" scan tree --jobs 2
# … or what is installed in libexec.
mkdir -p alone/bin alone/libexec/initorder
mv alone/initorder-scan alone/libexec/initorder/
mv alone/initorder alone/bin/
program=./alone/bin/initorder
exits 3 scan
