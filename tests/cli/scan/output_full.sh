# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
. "$2/expect.sh"
# A device is written to as it is; what cannot be written to its end is not finished.
exits 1 scan tree -o /dev/null
[ -c /dev/null ] || wrong "/dev/null was replaced"
exits 3 scan tree -o /dev/full
[ -c /dev/full ] || wrong "/dev/full was replaced"
